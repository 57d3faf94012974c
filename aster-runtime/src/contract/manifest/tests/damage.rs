//! Damaged manifests are read or refused, and nothing else happens.

use proptest::prelude::*;

use super::super::{read, write};
use super::everything;

/// A manifest of this program, and those of the reference.
fn texts() -> Vec<String> {
    let vectors: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../../vectors/manifests.json")).unwrap();
    let published = vectors.iter().map(|vector| vector["manifest"].to_string());
    published.chain([write(&[everything()])]).collect()
}

/// What a damaged manifest is read as can be written and read again.
fn survives(text: &str) {
    if let Ok(contracts) = read(text) {
        assert_eq!(read(&write(&contracts)).unwrap(), contracts);
    }
}

proptest! {
    #[test]
    fn pieces_go_missing_or_stand_elsewhere(
        text in proptest::sample::select(texts()),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..4_u8), 1..4),
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, length, how) in cuts {
            let at = at.index(chars.len().max(1)).min(chars.len());
            let end = (at + length).min(chars.len());
            match how {
                0 => drop(chars.drain(at..end)),
                1 => {
                    let piece: Vec<_> = chars[at..end].to_vec();
                    chars.splice(at..at, piece);
                }
                2 => chars.truncate(end),
                _ => chars[at..end].reverse(),
            }
        }
        survives(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn values_become_other_values(
        text in proptest::sample::select(texts()),
        places in proptest::collection::vec((any::<prop::sample::Index>(), 0..9_usize), 1..4),
    ) {
        let others = ["null", "true", "-1", "1e300", "\"\"", "\"list<t/Req>\"", "[]", "{}", "[{}]"];
        let mut text = text;
        for (place, other) in places {
            // A value stands after a colon.
            let colons: Vec<_> = text.match_indices(':').map(|(at, _)| at + 1).collect();
            if colons.is_empty() {
                break;
            }
            let start = colons[place.index(colons.len())];
            let end = text[start..].find([',', '}', ']', '\n']).map_or(text.len(), |at| start + at);
            text.replace_range(start..end, others[other]);
        }
        survives(&text);
    }
}
