use std::fs;

use proptest::prelude::*;

use super::super::fixtures::{NOW, chain, peer, root, trusted};
use super::*;

fn id(byte: u8) -> CredentialId {
    CredentialId::from_bytes([byte; 32])
}

fn list() -> RevocationList {
    RevocationList::first(&root(), NOW, [id(9), id(3)], [peer(2)]).unwrap()
}

/// The content, signed again by the root key, as a text that differs from the
/// one of a list.
fn signed(serial: u64, issued_at: u64) -> RevocationList {
    let claims = Claims { serial, issued_at, ..list().claims };
    let signature = root().sign(&claims.signed_bytes());
    RevocationList { claims, signature }
}

#[test]
fn a_list_is_read_as_it_was_written() {
    let list = list();
    assert_eq!((list.root(), list.serial(), list.issued_at()), (trusted(), 1, NOW));
    assert_eq!(list.ids().iter().copied().collect::<Vec<_>>(), [id(3), id(9)]);
    assert_eq!(list.keys().iter().copied().collect::<Vec<_>>(), [peer(2)]);
    assert_eq!(RevocationList::from_text(&list.to_text()), Ok(list.clone()));
    let empty = RevocationList::first(&root(), 0, [], []).unwrap();
    assert!(empty.to_text().contains("\"ids\": [],\n  \"keys\": [],\n"));
    assert_eq!(RevocationList::from_text(&empty.to_text()), Ok(empty));
    assert_eq!(
        format!("{list:?}"),
        "RevocationList { root: RootPublicKey(2012cb90ca), serial: 1, ids: 2, keys: 1, .. }"
    );
}

/// Made by a program in another language with other libraries, from the
/// description of the format.
const VECTOR: &str = include_str!("../../../vectors/trust/revocations.json");

#[test]
fn the_vector_is_read_and_written_again() {
    let list = RevocationList::from_text(VECTOR).unwrap();
    assert_eq!(list.to_text(), VECTOR);
    assert_eq!((list.root(), list.serial(), list.issued_at()), (trusted(), 1, NOW));
    assert!(list.ids().contains(&id(3)) && list.ids().len() == 2);
    assert_eq!(list.keys().iter().copied().collect::<Vec<_>>(), [peer(2)]);
}

#[test]
fn the_signed_bytes_are_as_documented() {
    let mut expected = b"\xffaster revocation list v1\0".to_vec();
    expected.extend(trusted().as_bytes());
    expected.extend(1u64.to_be_bytes());
    expected.extend(NOW.to_be_bytes());
    expected.extend([0, 0, 0, 2]);
    expected.extend([3; 32]);
    expected.extend([9; 32]);
    expected.extend([0, 0, 0, 1]);
    expected.extend(peer(2).as_bytes());
    expected.push(0xff);
    assert_eq!(list().claims.signed_bytes(), expected);
    assert_eq!(list().id(), CredentialId::of(&expected));
}

#[test]
fn the_next_list_adds_and_counts() {
    let next = list().next(&root(), NOW + 1, [id(3), id(4)], [peer(3)]).unwrap();
    assert_eq!((next.serial(), next.issued_at()), (2, NOW + 1));
    assert!(next.ids().iter().copied().eq([id(3), id(4), id(9)]));
    assert!(next.keys().len() == 2 && next.keys().contains(&peer(2)));
    assert_eq!(RevocationList::from_text(&next.to_text()), Ok(next.clone()));
    let other = RootKey::from_seed(&[1; 32]);
    assert_eq!(next.next(&other, NOW, [], []), Err(InvalidRevocationList::OtherRoot));
    let last = signed(u64::MAX, NOW);
    assert_eq!(last.next(&root(), NOW, [], []), Err(InvalidRevocationList::Serial));
    assert!(signed(u64::MAX - 1, NOW).next(&root(), NOW, [], []).is_ok());
}

#[test]
fn a1_no_byte_of_a_list_can_be_changed() {
    let text = list().to_text();
    let mut unsigned = 0;
    for at in 0..text.len() {
        for change in 1..=255u8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= change;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let error = RevocationList::from_text(&changed).unwrap_err();
            unsigned += u32::from(error == InvalidRevocationList::Signature);
        }
    }
    assert!(unsigned > 1000, "most hex digits can be changed without a trace in the form");
}

#[test]
fn a2_every_cut_and_every_tail_is_refused() {
    let text = list().to_text();
    for end in 0..text.len() {
        assert_eq!(RevocationList::from_text(&text[..end]), Err(InvalidRevocationList::Content));
    }
    for tail in ["\n", " ", "{}", "x"] {
        assert!(RevocationList::from_text(&format!("{text}{tail}")).is_err());
    }
}

#[test]
fn only_the_one_text_is_read() {
    let text = list().to_text();
    let (three, nine) = (id(3).to_string(), id(9).to_string());
    let upper = trusted().to_string().to_uppercase();
    for (from, to) in [
        ("  \"v\"", "\"v\""),
        ("\n", "\r\n"),
        ("\"v\": 1", "\"v\": 1.0"),
        ("\"v\": 1", "\"v\": \"1\""),
        ("\"serial\": 1", "\"serial\": 1e0"),
        ("\"serial\": 1", "\"serial\": \"1\""),
        ("\"serial\": 1", "\"serial\": -1"),
        ("\"serial\": 1", "\"serial\": true"),
        ("\"serial\": 1,", "\"serial\": 1,\n  \"serial\": 1,"),
        ("\"serial\": 1,", "\"serial\": 1,\n  \"more\": 1,"),
        ("\"serial\": 1,\n", ""),
        ("\"revocations\"", "\"policy\""),
        ("\"revocations\"", "null"),
        (trusted().to_string().as_str(), upper.as_str()),
        (three.as_str(), nine.as_str()),
        (three.as_str(), &three[2..]),
        (three.as_str(), "\\u0030"),
        (peer(2).to_string().as_str(), "0"),
        ("\"signature\": \"", "\"signature\": \"00"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        let error = RevocationList::from_text(&changed).unwrap_err();
        assert_eq!(error, InvalidRevocationList::Content, "{from} {to}");
    }
    let swapped = text.replace(&three, "x").replace(&nine, &three).replace('x', &nine);
    assert_eq!(RevocationList::from_text(&swapped), Err(InvalidRevocationList::Content));
    let newer = text.replace("\"v\": 1", "\"v\": 2");
    assert_eq!(RevocationList::from_text(&newer), Err(InvalidRevocationList::Version(2)));
}

#[test]
fn what_the_root_key_did_not_sign_is_refused() {
    let other = RootKey::from_seed(&[1; 32]).public_key().to_string();
    for (from, to) in [
        ("\"serial\": 1,", "\"serial\": 2,"),
        ("\"issued_at\": 1800000000", "\"issued_at\": 1800000001"),
        (trusted().to_string().as_str(), other.as_str()),
        (id(3).to_string().as_str(), id(4).to_string().as_str()),
        (peer(2).to_string().as_str(), peer(3).to_string().as_str()),
    ] {
        let changed = list().to_text().replace(from, to);
        let error = RevocationList::from_text(&changed).unwrap_err();
        assert_eq!(error, InvalidRevocationList::Signature, "{from}");
    }
    // An entry moved from the credentials to the keys keeps all bytes but the
    // two counts.
    let entry = id(9).to_string();
    let moved = list()
        .to_text()
        .replace(&format!(",\n    \"{entry}\"\n  ],"), "\n  ],")
        .replace("\"keys\": [\n", &format!("\"keys\": [\n    \"{entry}\",\n"));
    assert_eq!(RevocationList::from_text(&moved), Err(InvalidRevocationList::Signature));
    // A weak key, for which anybody can sign.
    let weak = list().to_text().replace(&trusted().to_string(), &format!("01{}", "00".repeat(31)));
    assert_eq!(RevocationList::from_text(&weak), Err(InvalidRevocationList::Content));
}

#[test]
fn b17_a6_a_signature_for_something_else_is_none_for_a_list() {
    let list = list();
    let first = chain(1);
    let link = first.last();
    let link_signature: [u8; 64] =
        link.to_bytes()[link.to_bytes().len() - 64..].try_into().unwrap();
    let borrowed = RevocationList { signature: link_signature, ..list.clone() };
    let refused = RevocationList::from_text(&borrowed.to_text());
    assert_eq!(refused, Err(InvalidRevocationList::Signature));
    // Without the prefix, as a form of another kind might be.
    let bare = root().sign(&list.claims.signed_bytes()[26..]);
    let bare = RevocationList { signature: bare, ..list.clone() };
    let refused = RevocationList::from_text(&bare.to_text());
    assert_eq!(refused, Err(InvalidRevocationList::Signature));
    // No text, no consumer credential and no gossip message begins like this,
    // and no proof that a peer begins ends like this.
    let bytes = list.claims.signed_bytes();
    assert!(bytes.starts_with(b"\xffaster revocation list v1\0") && bytes.ends_with(b"\xff"));
}

#[test]
fn lists_are_bounded() {
    let ids = |count: usize| {
        (0..count).map(|n| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
            CredentialId::from_bytes(bytes)
        })
    };
    let most = RevocationList::first(&root(), NOW, ids(MAX_REVOCATIONS - 1), [peer(1)]).unwrap();
    let text = most.to_text();
    assert!(text.len() <= MAX_REVOCATION_LIST_BYTES);
    assert_eq!(RevocationList::from_text(&text), Ok(most.clone()));
    let over = Err(InvalidRevocationList::Count);
    assert_eq!(RevocationList::first(&root(), NOW, ids(MAX_REVOCATIONS), [peer(1)]), over);
    assert_eq!(most.next(&root(), NOW, [], [peer(2)]), over);
    assert!(most.next(&root(), NOW, [], [peer(1)]).is_ok());
    let mut claims = most.claims.clone();
    claims.keys.insert(peer(2));
    let signature = root().sign(&claims.signed_bytes());
    assert_eq!(RevocationList::from_text(&RevocationList { claims, signature }.to_text()), over);

    let spaces = " ".repeat(MAX_REVOCATION_LIST_BYTES);
    assert_eq!(RevocationList::from_text(&spaces), Err(InvalidRevocationList::Content));
    let spaces = " ".repeat(MAX_REVOCATION_LIST_BYTES + 1);
    assert_eq!(RevocationList::from_text(&spaces), Err(InvalidRevocationList::Size));

    for (list, error) in [
        (signed(0, NOW), InvalidRevocationList::Serial),
        (signed(1, MAX_EXPIRES_AT + 1), InvalidRevocationList::Time),
        (signed(1, NOW * 1000), InvalidRevocationList::Time),
    ] {
        assert_eq!(RevocationList::from_text(&list.to_text()), Err(error));
    }
    let late = RevocationList::first(&root(), MAX_EXPIRES_AT + 1, [], []);
    assert_eq!(late, Err(InvalidRevocationList::Time));
    assert!(RevocationList::first(&root(), MAX_EXPIRES_AT, [], []).is_ok());
    let longest = signed(u64::MAX, NOW);
    assert_eq!(RevocationList::from_text(&longest.to_text()), Ok(longest));
}

#[test]
fn a47_a_file_only_ever_moves_forward() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revoked.json");
    let first = list();
    let second = first.next(&root(), NOW, [id(5)], []).unwrap();
    first.save(&path).unwrap();
    assert_eq!(RevocationList::load(&path).unwrap(), first);
    first.save(&path).unwrap();
    second.save(&path).unwrap();
    assert_eq!(RevocationList::load(&path).unwrap(), second);
    second.save(&path).unwrap();

    let other = RevocationList::first(&RootKey::from_seed(&[1; 32]), NOW, [], []).unwrap();
    let forgets_id = RevocationList::first(&root(), NOW, [id(9), id(3)], [peer(2)])
        .and_then(|list| list.next(&root(), NOW, [], []))
        .and_then(|list| list.next(&root(), NOW, [], []))
        .unwrap();
    let forgets_key = RevocationList::first(&root(), NOW, [id(9), id(3), id(5)], [])
        .and_then(|list| list.next(&root(), NOW, [], []))
        .and_then(|list| list.next(&root(), NOW, [], []))
        .unwrap();
    let conflicting = first.next(&root(), NOW, [id(5), id(6)], []).unwrap();
    for refused in [&first, &other, &forgets_id, &forgets_key, &conflicting] {
        let error = refused.save(&path).unwrap_err().to_string();
        assert!(error.contains("does not follow"), "{error}");
        assert_eq!(RevocationList::load(&path).unwrap(), second);
    }
    // Another root key's newer list does not replace it either.
    let newer = RevocationList {
        claims: Claims { serial: 9, root: other.root(), ..second.claims.clone() },
        ..second.clone()
    };
    assert!(newer.save(&path).is_err());

    fs::write(&path, "{}").unwrap();
    let error = second.save(&path).unwrap_err().to_string();
    assert!(error.contains("not a revocation list"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "{}");
    assert!(RevocationList::load(directory.path().join("none")).unwrap_err().is_missing());
}

#[cfg(unix)]
#[test]
fn servers_of_other_users_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revoked.json");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    list().save(&path).unwrap();
    let created = mode();
    assert_eq!(created & 0o444, created & !0o200);
    list().next(&root(), NOW, [], []).unwrap().save(&path).unwrap();
    assert_eq!(mode(), created);
}

proptest! {
    #[test]
    fn random_texts_never_panic(text in any::<String>()) {
        prop_assert!(RevocationList::from_text(&text).is_err());
    }

    #[test]
    fn changed_texts_never_panic(at in any::<prop::sample::Index>(), insert in ".{0,3}", cut in 0..4usize) {
        let text = list().to_text();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        let changed = format!("{}{insert}{}", &text[..at], &text[end..]);
        prop_assert!(changed == text || RevocationList::from_text(&changed).is_err());
    }
}
