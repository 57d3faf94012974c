//! What a person may have meant.

use strsim::damerau_levenshtein;

/// Most names that are listed when none is near.
const MAX_LISTED: usize = 12;

/// Longest word that is compared, in characters: the cost grows with the
/// square.
const MAX_COMPARED_CHARS: usize = 64;

/// The name that `word` is probably meant to be.
pub(crate) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let short: String = word.chars().take(MAX_COMPARED_CHARS).collect::<String>().to_lowercase();
    let distance = |name: &str| {
        let name: String = name.chars().take(MAX_COMPARED_CHARS).collect();
        damerau_levenshtein(&short, &name.to_lowercase())
    };
    let (distance, name) =
        names.into_iter().map(|name| (distance(name), name)).min_by_key(|(far, _)| *far)?;
    (distance <= 1 + short.chars().count() / 3).then_some(name)
}

/// A hint that names the nearest, or else what there is.
pub(crate) fn one_of<'a>(
    what: &str,
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> String {
    let names: Vec<_> = names.into_iter().collect();
    if let Some(name) = nearest(word, names.iter().copied()) {
        return format!("did you mean {name}?");
    }
    match names.len() {
        0 => format!("there is no {what} at all"),
        many => {
            let listed = names.iter().take(MAX_LISTED).copied().collect::<Vec<_>>().join(", ");
            let more = if many > MAX_LISTED { ", ..." } else { "" };
            format!("there is {listed}{more}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["getStatus", "tailLogs", "ingestMetrics"];
        assert_eq!(nearest("getstatus", names), Some("getStatus"));
        assert_eq!(nearest("tialLogs", names), Some("tailLogs"));
        assert_eq!(nearest("reboot", names), None);
        assert_eq!(nearest("x", []), None);
        assert_eq!(one_of("method", "getStats", names), "did you mean getStatus?");
        assert_eq!(
            one_of("method", "reboot", names),
            "there is getStatus, tailLogs, ingestMetrics"
        );
        assert_eq!(one_of("method", "reboot", []), "there is no method at all");
        let long = "x".repeat(1 << 20);
        assert_eq!(nearest(&long, names), None);
    }
}
