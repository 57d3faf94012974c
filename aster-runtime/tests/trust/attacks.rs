//! Attacks on the texts and bytes of credentials, beyond what the reference
//! gets wrong.

use aster_runtime::trust::{
    Audience, Capabilities, Chain, ConsumerCredential, Credential, IdentityFile, Nonce, NonceStore,
    ProducerCredential, Refusal, RevocationList, RootPublicKey, Terms,
};
use aster_runtime::{AsterClient, AsterServer, ClientCredential, Identity, Metadata};

use super::common::{
    END, NOW, attributes, node, one_time, policy, presentation, producer, roles, root,
};

fn chain() -> Chain {
    let terms = Terms {
        subject: node(0x11),
        not_before: NOW,
        not_after: END,
        capabilities: Capabilities::from_role("ops.status"),
        audience: Audience::any(),
        delegations: 1,
    };
    Chain::issue(&root(), terms).unwrap()
}

/// Other texts of the same JSON value, and texts that lax parsers take for it.
#[test]
fn a3_the_order_of_fields_is_free_and_nothing_else() {
    let json = policy().to_wire_json();
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
    // Sorted, and the other way round.
    let sorted = serde_json::to_string(&fields).unwrap();
    assert_ne!(sorted, json);
    let reversed: Vec<_> =
        fields.iter().rev().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    let reversed = format!("{{{}}}", reversed.join(","));
    for same in [sorted, reversed, json.replace(':', " :\t").replace(",\"", "\r\n,\"")] {
        let read = ConsumerCredential::from_wire_json(&same).unwrap();
        assert_eq!(read, policy());
        assert!(read.verify(&presentation(&root().public_key())).is_ok());
    }
    let name = "\"signature\"";
    for (what, text) in [
        ("a BOM", format!("\u{feff}{json}")),
        ("a BOM inside", json.replacen('{', "{\u{feff}", 1)),
        ("a BOM in a name", json.replace(name, "\"\u{feff}signature\"")),
        ("no-break spaces", json.replace(',', ",\u{a0}")),
        ("a zero byte at the end", format!("{json}\0")),
        ("a zero byte in a name", json.replace(name, "\"signature\\u0000\"")),
        ("a look-alike", json.replace(name, "\"s\u{456}gnature\"")),
        ("wide letters", json.replace(name, "\"\u{ff53}ignature\"")),
        ("a combining mark", json.replace(name, "\"signature\u{301}\"")),
        ("an invisible letter", json.replace(name, "\"sig\u{200b}nature\"")),
        ("upper case", json.replace(name, "\"SIGNATURE\"")),
        ("a name twice, once escaped", json.replacen('{', "{\"s\\u0069gnature\":\"\",", 1)),
        ("attributes twice", json.replacen('{', "{\"attributes\":{},", 1)),
        ("half a surrogate pair", json.replace("ops.status", "ops\\ud83d")),
        ("the other half", json.replace("ops.status", "\\ude00ops")),
        ("a raw control character", json.replace("ops.status", "ops\nstatus")),
        ("an unknown escape", json.replace("ops.status", "ops\\xstatus")),
        ("single quotes", json.replace('"', "'")),
        ("a comma at the end", json.replace('}', ",}")),
        ("a comment", json.replacen('{', "{/**/", 1)),
        (
            "10 000 lists",
            json.replace("{\"aster.role\"", &format!("{}{{\"aster.role\"", "[".repeat(10_000))),
        ),
        ("hex with spaces", json.replacen("\"signature\":\"", "\"signature\":\" ", 1)),
        ("10 000 digits", json.replace(&END.to_string(), &"1".repeat(10_000))),
        ("an exponent", json.replace(&END.to_string(), "18000864e2")),
        ("a huge exponent", json.replace(&END.to_string(), "1e999999999")),
        ("a leading zero", json.replace(&END.to_string(), &format!("0{END}"))),
        ("wide digits", json.replace(&END.to_string(), "\u{ff11}800086400")),
    ] {
        assert_ne!(text, json, "{what}");
        assert!(ConsumerCredential::from_wire_json(&text).is_err(), "{what}");
        // A chain has one text; not even the order is free.
        let chain = chain().to_text();
        assert!(Chain::from_text(&format!("{chain}\0")).is_err());
    }
}

/// A role in another normal form is another role, for the signature and for
/// the capabilities.
#[test]
fn a3_a20_composed_and_decomposed_names_are_two() {
    let (composed, decomposed) = ("ops.\u{e9}tat", "ops.e\u{301}tat");
    let signed = |role: &str| {
        let attributes = attributes(&[("aster.role", role)]);
        ConsumerCredential::sign_policy(&root(), Some(node(0x11)), END, attributes)
    };
    let held = signed(composed).attributes().capabilities();
    assert!(held.contains(composed) && !held.contains(decomposed));
    assert_ne!(signed(composed).signed_bytes(), signed(decomposed).signed_bytes());
    let json = signed(composed).to_wire_json();
    let moved = json.replace("\\u00e9", "e\\u0301");
    assert_ne!(moved, json);
    assert!(!ConsumerCredential::from_wire_json(&moved).unwrap().has_valid_signature());
}

/// The second spelling of a signature: S plus the order of the group.
#[test]
fn a5_a_signature_has_one_spelling() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let root = root().public_key();
    for json in [policy().to_wire_json(), one_time().to_wire_json()] {
        let fields: serde_json::Value = serde_json::from_str(&json).unwrap();
        let signature = fields["signature"].as_str().unwrap();
        let bytes = data_encoding::HEXLOWER.decode(signature.as_bytes()).unwrap();
        let (r, s) = bytes.split_at(32);
        let mut carry = 0_u16;
        let second: Vec<_> = std::iter::zip(s, ORDER)
            .map(|(s, order)| {
                carry += u16::from(*s) + u16::from(order);
                let byte = carry as u8;
                carry >>= 8;
                byte
            })
            .collect();
        assert_eq!(carry, 0, "it fits into 32 bytes");
        let zeros = [0; 32];
        let identity = [&[1][..], &[0; 31]].concat();
        for (what, r, s) in [
            ("S + L", r, &second[..]),
            ("S of zero", r, &zeros),
            ("S of ones", r, &[0xff; 32]),
            ("R of zero", &zeros, s),
            ("R the identity", &identity, s),
            ("both", &identity, &zeros),
            ("nothing", &zeros, &zeros),
        ] {
            let forged = json.replace(signature, &hex(&[r, s].concat()));
            let forged = ConsumerCredential::from_wire_json(&forged).unwrap();
            assert!(!forged.has_valid_signature(), "{what}");
            let refusal = forged.verify(&presentation(&root)).unwrap_err();
            assert_eq!(refusal, Refusal::Signature { root }, "{what}");
        }
    }
}

/// Seconds are not milliseconds, in any place where a time is signed or read.
#[test]
fn a19_milliseconds_are_no_time_of_a_credential() {
    let json = policy().to_wire_json().replace(&END.to_string(), &(END * 1000).to_string());
    let error = ConsumerCredential::from_wire_json(&json).unwrap_err();
    assert!(error.to_string().contains("seconds, not milliseconds"), "{error}");
    let milliseconds = Terms { not_after: END * 1000, ..chain().last().terms().clone() };
    assert!(Chain::issue(&root(), milliseconds).is_err());
    let starts = Terms { not_before: NOW * 1000, ..chain().last().terms().clone() };
    assert!(Chain::issue(&root(), starts).is_err());
    let text = (END * 1000).to_string();
    assert!(aster_runtime::trust::expiry::parse(&text, NOW).is_err(), "a number has no unit");
    // A clock in milliseconds finds everything expired.
    let root = root().public_key();
    let late = aster_runtime::trust::Presentation { now: NOW * 1000, ..presentation(&root) };
    assert!(matches!(policy().verify(&late), Err(Refusal::Expired { .. })));
}

#[test]
fn a16_a_credential_without_an_end_is_none() {
    let json = policy().to_wire_json();
    let end = format!("\"expires_at\":{END},");
    assert!(ConsumerCredential::from_wire_json(&json.replace(&end, "")).is_err());
    // Zero is long ago, and not "never".
    let root = root().public_key();
    let zero =
        ConsumerCredential::sign_policy(&super::common::root(), Some(node(0x11)), 0, roles());
    assert!(matches!(zero.verify(&presentation(&root)), Err(Refusal::Expired { .. })));
    let terms = Terms { not_after: 0, not_before: 0, ..chain().last().terms().clone() };
    let ended = Chain::issue(&super::common::root(), terms)
        .is_ok_and(|chain| chain.verify(&root, node(0x11), NOW, &none(root)).is_ok());
    assert!(!ended);
}

fn none(root: RootPublicKey) -> aster_runtime::trust::Revocations {
    aster_runtime::trust::Revocations::none(root)
}

/// Whatever is printed for debugging can be pasted into a bug report.
#[test]
fn b26_a42_no_public_type_shows_a_secret() {
    let identity = Identity::from_secret([0x5a; 32]);
    let nonce = Nonce::from_bytes([0x6b; 32]);
    let peer = Some(identity.peer());
    let one_time = ConsumerCredential::sign_one_time(&root(), peer, END, roles(), nonce);
    let signature = |json: &str| {
        let fields: serde_json::Value = serde_json::from_str(json).unwrap();
        fields["signature"].as_str().unwrap()[..24].to_owned()
    };
    let signature = signature(&one_time.to_wire_json());
    let mut file = IdentityFile::new(identity.clone());
    file.add("edge", one_time.clone()).unwrap();
    let store = NonceStore::in_memory();
    store.consume(&nonce, END, NOW).unwrap();
    let mut metadata = Metadata::new();
    metadata.insert("authorization", "Bearer hunter2");
    let client = ClientCredential::from(one_time.clone());
    let verified = one_time
        .verify(&aster_runtime::trust::Presentation {
            peer: identity.peer(),
            ..presentation(&root().public_key())
        })
        .unwrap();
    let admission = verified.admit(&NonceStore::in_memory()).unwrap();
    let list = RevocationList::first(&root(), NOW, [], [node(0x11)]).unwrap();
    let chain = chain();
    let link = chain.to_text();
    let link = link.split('"').find(|part| part.len() > 100).unwrap();
    let texts = [
        format!("{identity:?}"),
        format!("{file:?}"),
        format!("{one_time:?}"),
        format!("{client:?} {client}"),
        format!("{:?}", Credential::from(one_time.clone())),
        format!("{store:?}"),
        format!("{nonce:?}"),
        format!("{metadata:?}"),
        format!("{admission:?}"),
        format!("{list:?}"),
        format!("{chain:?} {:?}", ClientCredential::from(chain.clone())),
        format!("{:?}", root()),
        format!("{:?}", AsterServer::builder().identity(identity.clone())),
        format!("{:?}", AsterClient::builder().identity(identity.clone()).credential(one_time)),
    ];
    for text in &texts {
        for secret in [
            "5a5a5a",
            "90, 90",
            "WlpaWlpa",
            "6b6b6b",
            "107, 107",
            "hunter2",
            &*root().to_hex(),
            &link[link.len() - 40..],
            &signature,
        ] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert!(texts[7].contains("authorization"), "{}", texts[7]);
}

/// A producer's credential, a consumer's and a chain have nothing in common
/// that could be moved from one to the other.
#[test]
fn a6_a7_no_kind_is_read_as_another() {
    let (policy, producer, chain) =
        (policy().to_wire_json(), producer().to_wire_json(), chain().to_text());
    let list = RevocationList::first(&root(), NOW, [], [node(0x11)]).unwrap().to_text();
    for text in [&producer, &chain, &list] {
        assert!(ConsumerCredential::from_wire_json(text).is_err(), "{text}");
    }
    for text in [&policy, &chain, &list] {
        assert!(ProducerCredential::from_wire_json(text).is_err(), "{text}");
    }
    for text in [&policy, &producer, &list] {
        assert!(Chain::from_text(text).is_err(), "{text}");
    }
    for text in [&policy, &producer, &chain] {
        assert!(RevocationList::from_text(text).is_err(), "{text}");
    }
    for kind in ["rcan", "root", "chain", "producer", "ott ", "OTT", "policy\\u0000", ""] {
        let other = policy.replace("\"policy\"", &format!("\"{kind}\""));
        assert!(ConsumerCredential::from_wire_json(&other).is_err(), "{kind}");
    }
    for version in ["0", "2", "1.0", "\"1\"", "null", "-1", "18446744073709551617"] {
        let other = chain.replace("\"v\":1", &format!("\"v\":{version}"));
        assert_ne!(other, chain);
        assert!(Chain::from_text(&other).is_err(), "{version}");
    }
}
