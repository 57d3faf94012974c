//! The text of a chain: one for each, and no byte of it can be changed.

use proptest::prelude::*;

use super::*;
use crate::trust::link::InvalidLink;

/// All changes of one bit, or of all bits of one byte, that leave it a text.
fn flips(text: &str) -> impl Iterator<Item = String> {
    let changes = (0..8).map(|bit| 1 << bit).chain([0xff]);
    (0..text.len()).flat_map(move |at| {
        changes.clone().filter_map(move |change: u8| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= change;
            String::from_utf8(bytes).ok()
        })
    })
}

#[test]
fn a1_no_byte_of_a_text_can_be_changed() {
    for links in 1..=3 {
        let chain = chain(links);
        let mut read = 0_usize;
        for changed in flips(&chain.to_text()) {
            if let Ok(changed) = Chain::from_text(&changed) {
                read += 1;
                assert!(verify(&changed, links).is_err());
            }
        }
        assert!(read > 500, "signatures and keys can be changed without a trace in the form");
    }
}

#[test]
fn a1_no_bit_of_a_link_can_be_changed() {
    for links in 1..=3u8 {
        let chain = chain(links);
        for number in 0..usize::from(links) {
            let bytes = chain.links().nth(number).unwrap().to_bytes();
            for bit in 0..bytes.len() * 8 {
                let mut bytes = bytes.clone();
                bytes[bit / 8] ^= 1 << (bit % 8);
                let Ok(link) = Link::from_bytes(&bytes) else { continue };
                let mut changed = chain.clone();
                match number.checked_sub(1) {
                    None => changed.first = link,
                    Some(at) => changed.delegated[at] = link,
                }
                assert!(verify(&changed, links).is_err(), "link {number}, bit {bit}");
            }
        }
    }
}

/// Made by a program in another language with other libraries, from the
/// description of the format.
const VECTOR: &str = include_str!("../../../../vectors/trust/chain.json");

#[test]
fn the_vector_verifies_and_is_written_again() {
    let chain = Chain::from_text(VECTOR).unwrap();
    assert_eq!(format!("{}\n", chain.to_text()), VECTOR);
    let grant = verify(&chain, 2).unwrap();
    assert_eq!(grant.capabilities().to_string(), "ops.status");
    assert_eq!(grant.audience().to_string(), "Fleet@2.getStatus, acme.Billing.*");
    assert_eq!(grant.not_after(), NOW + 500);
    let id = "234a2bda18e0dce4188b26ce87baaf0c5e7958101a791755310c927f82b244cd";
    assert_eq!(chain.last().id().to_string(), id);
    let text = format!("{chain:?}");
    assert_eq!(text, "Chain(2012cb90ca to 8139770ea8, links: 2)");
}

#[test]
fn a3_only_the_one_text_is_read() {
    let text = chain(2).to_text();
    assert!(Chain::recognizes(&text) && Chain::recognizes(r#"{"credential_type":"chain","v":9"#));
    assert!(!Chain::recognizes(r#"{"credential_type":"policy""#) && !Chain::recognizes(""));
    assert!(Chain::from_text(&format!("{text}\n")).is_ok());
    for (changed, error) in [
        (String::new(), InvalidChain::Content),
        ("null".into(), InvalidChain::Content),
        (format!("{text}\n\n"), InvalidChain::Content),
        (format!(" {text}"), InvalidChain::Content),
        (format!("\u{feff}{text}"), InvalidChain::Content),
        (text.replace(":[", ": ["), InvalidChain::Content),
        (text.replace(",\"v\":1", ""), InvalidChain::Content),
        (text.replace(",\"links\"", ",\"v\":1,\"links\""), InvalidChain::Content),
        (text.replace("chain", "policy"), InvalidChain::Content),
        (text.replace("]}", "],\"x\":1}"), InvalidChain::Content),
        (text.replace("\"v\":1", "\"v\":2"), InvalidChain::Version),
        (text.replace("\"v\":1", "\"v\":01"), InvalidChain::Version),
        (text.replace("\"v\":1", "\"v\":\"1\""), InvalidChain::Version),
        (text.replace("\",\"", "\", \""), InvalidChain::Content),
        (
            text.replace("\"]}", "\",\"\"]}"),
            InvalidChain::Link { link: 3, error: InvalidLink::Short },
        ),
        (text.replace("\"]}", "=\"]}"), InvalidChain::Base64 { link: 2 }),
        (text.replace("[\"", "[\"!"), InvalidChain::Base64 { link: 1 }),
        (text[..30].into(), InvalidChain::Content),
    ] {
        assert_eq!(Chain::from_text(&changed), Err(error), "{changed}");
    }
    let empty = r#"{"credential_type":"chain","v":1,"links":[]}"#;
    assert_eq!(Chain::from_text(empty), Err(InvalidChain::Content));
}

#[test]
fn a22_long_texts_are_refused_before_their_links_are_read() {
    let with = |part: &str, count: usize| {
        let parts = vec![part; count].join("\",\"");
        Chain::from_text(&format!(r#"{{"credential_type":"chain","v":1,"links":["{parts}"]}}"#))
    };
    let link = BASE64.encode(&chain(1).first.to_bytes());
    assert_eq!(with(&link, 8).unwrap().links().count(), 8);
    assert_eq!(with(&link, 9), Err(InvalidChain::Length));
    assert_eq!(with("", 10_000), Err(InvalidChain::Link { link: 1, error: InvalidLink::Short }));
    let largest = BASE64.encode(&[1; MAX_LINK_BYTES]);
    let size = InvalidChain::Link { link: 1, error: InvalidTerms::Size.into() };
    assert_ne!(with(&largest, 1), Err(size.clone()));
    assert_eq!(with(&format!("{largest}A"), 1), Err(size));
    // Eight of the largest links fit, also in an admission request.
    let text = format!("{TEXT_HEAD}{TEXT_VERSION},{TEXT_LINKS}{TEXT_TAIL}");
    let most = text.len() + 8 * (largest.len() + TEXT_BETWEEN.len());
    assert!(most <= MAX_CHAIN_BYTES && MAX_CHAIN_BYTES < crate::limits::MAX_HELLO_BYTES);
    assert_eq!(Chain::from_text(&" ".repeat(MAX_CHAIN_BYTES)), Err(InvalidChain::Content));
    assert_eq!(Chain::from_text(&" ".repeat(MAX_CHAIN_BYTES + 1)), Err(InvalidChain::Size));
}

#[test]
fn files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("agent.chain");
    let chain = chain(2);
    chain.save_new(&path).unwrap();
    assert_eq!(Chain::load(&path).unwrap(), chain);
    assert!(matches!(chain.save_new(&path), Err(FileError::Exists { .. })));
    std::fs::write(&path, chain.to_text().replace("[\"", "[\"!")).unwrap();
    let error = Chain::load(&path).unwrap_err().to_string();
    assert!(error.ends_with("agent.chain: link 1 is not base64"), "{error}");
    assert!(Chain::load(directory.path().join("none")).unwrap_err().is_missing());
}

proptest! {
    #[test]
    fn random_texts_never_panic(text in any::<String>(), links in any::<String>()) {
        prop_assert!(Chain::from_text(&text).is_err());
        let text = format!(r#"{{"credential_type":"chain","v":1,"links":["{links}"]}}"#);
        prop_assert!(Chain::from_text(&text).is_err());
    }
}
