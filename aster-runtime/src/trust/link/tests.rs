use proptest::prelude::*;

use super::super::fixtures::{NOW, audience, chain, peer, root, root_peer, terms, trusted};
use super::*;
use crate::limits::{MAX_CAPABILITY_BYTES, MAX_CHAIN_LINKS};
use crate::trust::RootKey;
use crate::trust::expiry::MAX_EXPIRES_AT;

fn claims(terms: Terms) -> Claims {
    Claims { salt: [7; 16], parent: [0; 32], issuer: root_peer(), terms }
}

fn sign(terms: Terms) -> Result<Link, InvalidTerms> {
    Link::sign(claims(terms), |bytes| root().sign(bytes))
}

fn roles(names: &[String]) -> Capabilities {
    Capabilities::from_role(&names.join(","))
}

#[test]
fn a_link_is_read_as_it_was_written() {
    let terms = Terms { audience: audience(&["Fleet@2.getStatus", "Billing"]), ..terms(1) };
    let link = sign(terms.clone()).unwrap();
    let read = Link::from_bytes(&link.to_bytes()).unwrap();
    assert_eq!(read, link);
    assert!(read.is_signed());
    assert_eq!((read.issuer(), read.parent(), read.terms()), (root_peer(), None, &terms));
    assert_eq!(read.id(), CredentialId::of(&link.claims.signed_bytes()));
    let chain = chain(2);
    assert_eq!(chain.last().parent(), chain.links().next().map(Link::id));
}

#[test]
fn the_bytes_are_as_documented() {
    let terms = Terms {
        not_before: 1,
        not_after: 0x0203,
        capabilities: Capabilities::from_role("b,a1"),
        audience: audience(&["S"]),
        delegations: 5,
        ..terms(1)
    };
    let mut claims = claims(terms);
    claims.parent = [9; 32];
    let mut expected = b"\xffaster chain link v1\0\x01".to_vec();
    expected.extend([7; 16]);
    expected.extend([9; 32]);
    expected.extend(root_peer().as_bytes());
    expected.extend(peer(1).as_bytes());
    expected.extend(b"\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x02\x03\x05");
    expected.extend(b"\x02\x02a1\x01b");
    expected.extend(b"\x01\0\x01S\0\0");
    assert_eq!(claims.encode(), expected[21..]);
    expected.push(0xff);
    assert_eq!(claims.signed_bytes(), expected);
    let link = Link::sign(claims, |bytes| root().sign(bytes)).unwrap();
    let bytes = link.to_bytes();
    let (fields, signature) = bytes.split_at(expected.len() - 22);
    assert_eq!(fields, &expected[21..expected.len() - 1]);
    assert!(trusted().has_signed(&expected, signature.try_into().unwrap()));
    assert_eq!(link.parent(), Some(CredentialId::from_bytes([9; 32])));
}

#[test]
fn a2_every_cut_and_every_tail_is_refused() {
    let bytes = chain(2).last().to_bytes();
    for end in 1..bytes.len() {
        assert_eq!(Link::from_bytes(&bytes[..end]), Err(InvalidLink::Short), "{end}");
    }
    assert_eq!(Link::from_bytes(b""), Err(InvalidLink::Short));
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(Link::from_bytes(&longer), Err(InvalidLink::Trailing));
    assert_eq!(Link::from_bytes(&[0; MAX_LINK_BYTES]), Err(InvalidLink::Version(0)));
    assert_eq!(Link::from_bytes(&[0; MAX_LINK_BYTES + 1]), Err(InvalidTerms::Size.into()));
}

#[test]
fn a7_another_version_is_named() {
    let mut bytes = chain(1).last().to_bytes();
    bytes[0] = 2;
    assert_eq!(Link::from_bytes(&bytes), Err(InvalidLink::Version(2)));
}

#[test]
fn terms_that_no_link_can_have_are_refused_when_signing_and_when_reading() {
    let text = |n: usize, length: usize| format!("{n:0length$}");
    let many: Vec<_> = (0..=MAX_CAPABILITIES).map(|n| text(n, 3)).collect();
    let long = "c".repeat(MAX_CAPABILITY_BYTES + 1);
    let with = |change: fn(&mut Terms)| {
        let mut terms = terms(1);
        change(&mut terms);
        terms
    };
    for (terms, error) in [
        (with(|t| t.not_after = t.not_before), InvalidTerms::Window),
        (with(|t| t.not_after = t.not_before - 1), InvalidTerms::Window),
        (with(|t| t.not_after = MAX_EXPIRES_AT + 1), InvalidTerms::Time),
        (with(|t| t.not_after = NOW * 1000), InvalidTerms::Time),
        (with(|t| t.not_after = u64::MAX), InvalidTerms::Time),
        (with(|t| t.delegations = MAX_CHAIN_LINKS as u8), InvalidTerms::Delegations),
        (with(|t| t.delegations = 255), InvalidTerms::Delegations),
        (Terms { capabilities: roles(&many), ..terms(1) }, InvalidTerms::CapabilityCount),
        (
            Terms { capabilities: Capabilities::from_role(&long), ..terms(1) },
            InvalidTerms::Capability(long.clone()),
        ),
        (
            Terms { capabilities: Capabilities::from_role("a\u{1}b"), ..terms(1) },
            InvalidTerms::Capability("a\u{1}b".into()),
        ),
    ] {
        assert_eq!(sign(terms.clone()), Err(error.clone()));
        let mut bytes = claims(terms).encode();
        bytes.extend([0; 64]);
        assert_eq!(Link::from_bytes(&bytes), Err(error.into()));
    }
    for terms in [
        with(|t| t.not_after = t.not_before + 1),
        with(|t| t.not_after = MAX_EXPIRES_AT),
        with(|t| t.not_before = 0),
        with(|t| t.delegations = MAX_CHAIN_LINKS as u8 - 1),
        with(|t| t.delegations = 0),
        with(|t| t.capabilities = Capabilities::default()),
        Terms { capabilities: roles(&many[1..]), ..terms(1) },
        Terms { capabilities: Capabilities::from_role(&long[1..]), ..terms(1) },
        Terms { capabilities: Capabilities::from_role("two words,\u{e9}"), ..terms(1) },
    ] {
        let link = sign(terms).unwrap();
        assert_eq!(Link::from_bytes(&link.to_bytes()), Ok(link));
    }
}

#[test]
fn the_size_is_bounded_as_a_whole() {
    // 31 entries of 127 bytes, and one more that fills the rest.
    let fixed = sign(Terms { capabilities: Capabilities::default(), ..terms(1) }).unwrap();
    let mut names: Vec<_> = (0..30).map(|n| format!("{n:0127}")).collect();
    let room = MAX_LINK_BYTES - fixed.to_bytes().len() - 30 * 128 - 1;
    names.push("z".repeat(room));
    let most = sign(Terms { capabilities: roles(&names), ..terms(1) }).unwrap();
    assert_eq!(most.to_bytes().len(), MAX_LINK_BYTES);
    assert_eq!(Link::from_bytes(&most.to_bytes()), Ok(most));
    names.push("y".to_owned());
    let over = Terms { capabilities: roles(&names), ..terms(1) };
    assert_eq!(sign(over), Err(InvalidTerms::Size));
    names.pop();
    names[30].push('z');
    let over = Terms { capabilities: roles(&names), ..terms(1) };
    assert_eq!(sign(over), Err(InvalidTerms::Size));
}

#[test]
fn only_the_one_encoding_of_capabilities_is_read() {
    let read = |list: &[u8]| {
        let empty = claims(Terms { capabilities: Capabilities::default(), ..terms(1) });
        let mut bytes = empty.encode();
        // The two counts, of capabilities and audience entries, are the end.
        bytes.truncate(bytes.len() - 2);
        bytes.extend(list);
        bytes.push(0);
        bytes.extend([0; 64]);
        Link::from_bytes(&bytes).map(|link| link.terms().capabilities.to_string())
    };
    assert_eq!(read(b"\x02\x01a\x01b"), Ok("a,b".into()));
    assert_eq!(read(b"\x02\x01b\x01a"), Err(InvalidLink::Order));
    assert_eq!(read(b"\x02\x01a\x01a"), Err(InvalidLink::Order));
    assert_eq!(read(b"\x01\x01\xff"), Err(InvalidLink::Text));
    assert_eq!(read(b"\xff"), Err(InvalidTerms::CapabilityCount.into()));
    for bad in ["", "a,b", ",", " a", "a ", "\u{a0}a", "a\n", "a\u{7f}", "\u{85}a"] {
        let list = [&[1, bad.len() as u8], bad.as_bytes()].concat();
        assert_eq!(read(&list), Err(InvalidTerms::Capability(bad.into()).into()), "{bad:?}");
    }
}

#[test]
fn b17_a6_what_is_signed_here_is_nothing_else() {
    for link in chain(3).links() {
        let bytes = link.claims.signed_bytes();
        // A consumer credential begins with 0 or 1, a gossip message with 1
        // to 4, a producer credential with a text, TLS with spaces. A proof
        // for `aster.admission` begins as a peer likes, and ends in that.
        assert!(bytes.starts_with(b"\xffaster chain link v1\0"));
        assert!(bytes.ends_with(b"\xff"));
    }
}

#[test]
fn a_signature_belongs_to_its_issuer_and_its_bytes() {
    let link = sign(terms(1)).unwrap();
    assert!(link.is_signed());
    let stranger = RootKey::from_seed(&[1; 32]);
    let other = Link::sign(claims(terms(1)), |bytes| stranger.sign(bytes)).unwrap();
    assert_eq!(other.id(), link.id());
    assert!(!other.is_signed());
    // Signed without the prefix, as a form of another kind might be.
    let bare = root().sign(&claims(terms(1)).encode());
    assert!(!Link::sign(claims(terms(1)), |_| bare).unwrap().is_signed());
    let open = |bytes: &[u8]| root().sign(&bytes[..bytes.len() - 1]);
    assert!(!Link::sign(claims(terms(1)), open).unwrap().is_signed());
    // The identity point as a key: signatures for it need no secret.
    let mut weak = claims(terms(1));
    let mut identity = [0; 32];
    identity[0] = 1;
    weak.issuer = PeerId::from_bytes(identity);
    let mut signature = [0; 64];
    signature[0] = 1;
    assert!(!Link::sign(weak, |_| signature).unwrap().is_signed());
}

#[test]
fn debug_names_keys_briefly() {
    let text = format!("{:?}", sign(terms(1)).unwrap());
    assert!(text.starts_with("Link { id: CredentialId("), "{text}");
    assert!(!text.contains("signature"), "{text}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Link::from_bytes(&bytes).is_err());
    }

    #[test]
    fn damaged_links_never_panic_and_what_is_read_is_what_was_there(
        changes in proptest::collection::vec((0..300usize, any::<u8>()), 1..4),
        cut in 0..300usize,
    ) {
        let terms = Terms { audience: audience(&["Fleet@2.getStatus", "Billing"]), ..terms(1) };
        let mut bytes = sign(terms).unwrap().to_bytes();
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if cut < bytes.len() / 2 {
            bytes.truncate(bytes.len() - cut);
        }
        if let Ok(link) = Link::from_bytes(&bytes) {
            prop_assert_eq!(link.to_bytes(), bytes);
        }
    }
}
