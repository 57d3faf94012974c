//! One test for each weakness of the reference that concerns credentials.

use aster_runtime::Identity;
use aster_runtime::trust::{
    ConsumerCredential, Credential, CredentialKind, InvalidCredential, Nonce, NonceStore,
    Presentation, ProducerCredential, Refusal, RootKey, RootPublicKey,
};

use super::common::{
    END, NOW, attributes, identity, node, one_time, other_root, policy, presentation, producer,
    roles, root,
};

#[test]
fn b4_a9_a_stolen_credential_is_of_no_use_whatever_its_kind() {
    let root = root().public_key();
    let thief = Presentation { peer: node(0x22), ..presentation(&root) };
    let bound_to_other = Refusal::OtherNode { bound_to: node(0x11), presented_by: node(0x22) };
    assert_eq!(policy().verify(&thief).unwrap_err(), bound_to_other);
    assert_eq!(one_time().verify(&thief).unwrap_err(), bound_to_other);
    assert_eq!(producer().verify(&thief).unwrap_err(), bound_to_other);
    assert_eq!(Credential::from(producer()).verify(&thief).unwrap_err(), bound_to_other);
    assert_eq!(Credential::from(policy()).verify(&thief).unwrap_err(), bound_to_other);
    // Not even where unbound credentials are taken.
    let lax = Presentation { allow_unbound: true, ..thief };
    assert_eq!(policy().verify(&lax).unwrap_err(), bound_to_other);
    assert_eq!(producer().verify(&lax).unwrap_err(), bound_to_other);
}

#[test]
fn b4_a_consumer_is_no_producer_and_the_other_way_round() {
    let key = root();
    let root = key.public_key();
    let with_role = |role: &str| {
        let attributes = attributes(&[("aster.role", role)]);
        let credential = ProducerCredential::sign(&key, node(0x11), END, attributes);
        credential.verify(&presentation(&root)).map(|verified| verified.is_one_time())
    };
    assert_eq!(with_role("consumer"), Err(Refusal::NotProducer));
    assert_eq!(with_role("ops.logs, consumer"), Err(Refusal::NotProducer));
    for role in ["producer", "", "ops.logs", "producer,consumer", "consumers"] {
        assert_eq!(with_role(role), Ok(false), "{role}");
    }
    // The fields of one kind are not those of the other.
    let error = ConsumerCredential::from_wire_json(&producer().to_wire_json());
    assert_eq!(error, Err(InvalidCredential::Kind));
    let error = ProducerCredential::from_wire_json(&policy().to_wire_json());
    assert_eq!(error, Err(InvalidCredential::Kind));
    let as_consumer = producer().to_wire_json().replace('{', "{\"credential_type\":\"producer\",");
    assert!(ConsumerCredential::from_wire_json(&as_consumer).is_err());
}

#[test]
fn b9_a46_a_server_does_not_load_a_private_root_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    let public = root().save_new(&path).unwrap();
    let error = RootPublicKey::load(&path).unwrap_err().to_string();
    assert!(error.contains("private") && error.contains("root.pub"), "{error}");
    assert_eq!(RootPublicKey::load(public).unwrap(), root().public_key());
}

#[test]
fn b10_an_admission_ends_with_its_credential() {
    let root = root().public_key();
    let admission = policy().verify(&presentation(&root)).unwrap();
    let admission = admission.admit(&NonceStore::in_memory()).unwrap();
    assert_eq!(admission.expires_at(), END);
    assert!(!admission.is_over(END - 1));
    assert!(admission.is_over(END));
    assert!(admission.is_over(END + 1));
}

#[test]
fn b10_a15_the_second_of_the_end_is_too_late() {
    let root = root().public_key();
    let at = |now| Presentation { now, ..presentation(&root) };
    assert!(policy().verify(&at(END - 1)).is_ok());
    for now in [END, END + 1, u64::MAX] {
        let expired = Refusal::Expired { expires_at: END, now };
        assert_eq!(policy().verify(&at(now)).unwrap_err(), expired);
        assert_eq!(one_time().verify(&at(now)).unwrap_err(), expired);
        assert_eq!(producer().verify(&at(now)).unwrap_err(), expired);
    }
    let hours = policy().verify(&at(END + 10_800)).unwrap_err().to_string();
    assert!(hours.starts_with("expired 3 h ago"), "{hours}");
}

#[test]
fn b10_a16_a19_an_end_is_whole_seconds_of_a_year_with_four_digits() {
    let json = policy().to_wire_json();
    let with = |end: &str| {
        ConsumerCredential::from_wire_json(&json.replace(&END.to_string(), end)).map(|_| ())
    };
    assert_eq!(with("253402300799"), Ok(()));
    assert_eq!(with("0"), Ok(()));
    for end in ["253402300800", "1800000000000", "9223372036854775808", "18446744073709551615"] {
        assert_eq!(with(end), Err(InvalidCredential::ExpiresAt), "{end}");
    }
    for end in [
        "-1",
        "-0",
        "1.0",
        "1e9",
        "18e8",
        "01800086400",
        "+1",
        "0x10",
        "NaN",
        "Infinity",
        "null",
        "true",
        "\"1800086400\"",
        "[1800086400]",
        "18446744073709551616",
        "",
    ] {
        assert!(matches!(with(end), Err(InvalidCredential::Json(_))), "{end}");
    }
}

#[test]
fn b12_one_use_and_a_nonce_go_together() {
    let key = root();
    let nonce = Nonce::from_bytes([5; 32]);
    let credential = one_time();
    assert_eq!(credential.kind(), CredentialKind::OneTime);
    assert_eq!(credential.nonce(), Some(nonce));
    assert_eq!(policy().kind(), CredentialKind::Policy);
    assert_eq!(policy().nonce(), None);
    assert_eq!(Credential::from(producer()).nonce(), None);
    let verified = credential.verify(&presentation(&key.public_key())).unwrap();
    assert!(verified.is_one_time());
    assert_eq!((verified.expires_at(), verified.attributes()), (END, &roles()));
    assert!(!policy().verify(&presentation(&key.public_key())).unwrap().is_one_time());

    let hex = format!("\"{}\"", "05".repeat(32));
    let without = credential.to_wire_json().replace(&hex, "null");
    let error = ConsumerCredential::from_wire_json(&without);
    assert_eq!(error, Err(InvalidCredential::NonceMissing));
    for bad in ["\"\"", "\"05\"", "5", "[]"] {
        let changed = credential.to_wire_json().replace(&hex, bad);
        assert!(ConsumerCredential::from_wire_json(&changed).is_err(), "{bad}");
    }
    let policy_with =
        policy().to_wire_json().replace("\"nonce\":null", &format!("\"nonce\":{hex}"));
    let error = ConsumerCredential::from_wire_json(&policy_with);
    assert_eq!(error, Err(InvalidCredential::NonceUnexpected));
    let file = Credential::from(producer()).to_file_json();
    let file = file.replace("\"signature\"", &format!("\"nonce\": {hex}, \"signature\""));
    assert_eq!(Credential::from_file_json(&file), Err(InvalidCredential::NonceUnexpected));
}

#[test]
fn b14_a8_nobody_signs_under_the_name_of_another_root() {
    let credential = ConsumerCredential::sign_policy(&other_root(), None, END, roles());
    assert_eq!(credential.root(), other_root().public_key());
    let refused =
        Refusal::OtherRoot { named: other_root().public_key(), trusted: root().public_key() };
    let root = root().public_key();
    assert_eq!(credential.verify(&presentation(&root)).unwrap_err(), refused);
    // Naming the trusted root does not help: the signature is not its own.
    let (other, named) = (other_root().public_key().to_string(), root.to_string());
    let forged = credential.to_wire_json().replace(&other, &named);
    let forged = ConsumerCredential::from_wire_json(&forged).unwrap();
    assert!(!forged.has_valid_signature());
    assert_eq!(forged.verify(&presentation(&root)).unwrap_err(), Refusal::Signature { root });
    let forged = Credential::from(producer()).to_file_json().replace(&named, &other);
    let forged = Credential::from_file_json(&forged).unwrap();
    assert!(!forged.has_valid_signature());
    let refusal = forged.verify(&presentation(&other_root().public_key())).unwrap_err();
    assert_eq!(refusal, Refusal::Signature { root: other_root().public_key() });
}

#[test]
fn b14_a5_weak_keys_verify_nothing() {
    // Points of small order, for which anybody can make signatures.
    for bytes in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0000000000000000000000000000000000000000000000000000000000000080",
    ] {
        let parsed: Result<RootPublicKey, _> = bytes.parse();
        let error = parsed.unwrap_err().to_string();
        assert!(error.contains("weak"), "{bytes}: {error}");
    }
    // The same points spelled otherwise: beyond the prime, or with a sign that
    // zero does not have.
    for bytes in [
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] {
        let parsed: Result<RootPublicKey, _> = bytes.parse();
        assert!(parsed.is_err(), "{bytes}");
    }
    // With R the identity and S zero, this passes a check that is not strict.
    let weak = "01".to_owned() + &"00".repeat(31);
    let signature = weak.clone() + &"00".repeat(32);
    let json = policy().to_wire_json();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let json = json
        .replace(value["root_pubkey"].as_str().unwrap(), &weak)
        .replace(value["signature"].as_str().unwrap(), &signature);
    assert!(!ConsumerCredential::from_wire_json(&json).unwrap().has_valid_signature());
    // No point of the curve at all.
    let none: Result<RootPublicKey, _> = ("02".to_owned() + &"00".repeat(31)).parse();
    assert!(none.unwrap_err().to_string().contains("not an ed25519"));
}

/// A signature for one kind is none for another, whatever its content.
#[test]
fn b17_a6_a_signature_is_for_one_kind_alone() {
    let (policy, one_time, producer) = (policy(), one_time(), producer());
    assert_eq!(policy.signed_bytes()[0], 0);
    assert_eq!(one_time.signed_bytes()[0], 1);
    assert!(producer.signed_bytes()[0].is_ascii_hexdigit());
    let field = |json: &str, name: &str| {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        value[name].as_str().unwrap().to_owned()
    };
    let documents =
        [policy.to_wire_json(), one_time.to_wire_json(), Credential::from(producer).to_file_json()];
    for (at, document) in documents.iter().enumerate() {
        for (from, other) in documents.iter().enumerate() {
            let moved = document.replace(&field(document, "signature"), &field(other, "signature"));
            let credential = Credential::from_file_json(&moved).unwrap();
            assert_eq!(credential.has_valid_signature(), at == from, "{at} {from}");
        }
    }
}

#[test]
fn b18_a_cloud_identity_that_nobody_verifies_is_refused() {
    let key = root();
    let root = key.public_key();
    for attribute in ["aster.iid_provider", "aster.iid_account", "aster.iid_x"] {
        let attributes = attributes(&[(attribute, "aws"), ("aster.role", "ops.status")]);
        let refused = Refusal::CloudIdentity { attribute: attribute.into() };
        let nonce = Nonce::from_bytes([9; 32]);
        let id = Some(node(0x11));
        let consumer = ConsumerCredential::sign_one_time(&key, id, END, attributes.clone(), nonce);
        assert_eq!(consumer.verify(&presentation(&root)).unwrap_err(), refused);
        let producer = ProducerCredential::sign(&key, node(0x11), END, attributes);
        assert_eq!(producer.verify(&presentation(&root)).unwrap_err(), refused);
    }
}

#[test]
fn b25_a_refusal_shortens_every_key() {
    let root = root().public_key();
    let thief = Presentation { peer: node(0x22), ..presentation(&root) };
    let other = other_root().public_key();
    for text in [
        policy().verify(&thief).unwrap_err().to_string(),
        policy().verify(&presentation(&other)).unwrap_err().to_string(),
        format!("{:?}", policy().verify(&thief).unwrap_err()),
    ] {
        for key in [node(0x11).to_string(), node(0x22).to_string(), root.to_string()] {
            assert!(!text.contains(&key), "{text}");
        }
    }
}

#[test]
fn b26_a42_no_secret_is_in_any_debug_text() {
    let seed = "000102030405060708090a0b0c0d0e0f";
    let nonce = "0505050505";
    let one_time = one_time();
    let json: serde_json::Value = serde_json::from_str(&one_time.to_wire_json()).unwrap();
    let signature = &json["signature"].as_str().unwrap()[..16];
    let verified = one_time.verify(&presentation(&root().public_key())).unwrap();
    let texts = [
        format!("{:?}", root()),
        format!("{:?}", root().public_key()),
        format!("{:?}", identity(0x11)),
        format!("{one_time:?}"),
        format!("{:?}", Credential::from(one_time.clone())),
        format!("{:?}", producer()),
        format!("{verified:?}"),
        format!("{:?}", one_time.nonce()),
    ];
    assert_eq!(texts[0], "RootKey(03a107bff3)");
    assert_eq!(texts[1], "RootPublicKey(03a107bff3)");
    for text in &texts {
        for secret in [seed, nonce, "[5, 5", signature, "ERERER", "[0, 1, 2, 3"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(texts[3].contains("OneTime") && texts[3].contains("ops.ingest"), "{}", texts[3]);
    assert!(texts[5].contains("producer"), "{}", texts[5]);
    // Errors of parsers keep quiet too.
    let broken = root().to_hex().to_string();
    for text in [
        format!("{{\"private_key\": \"{broken}00\"}}"),
        format!("{{\"private_key\": \"{broken}\", \"more\": 1}}"),
        format!("{{\"{broken}\": 1}}"),
        broken.clone(),
    ] {
        let error = RootKey::from_file_text(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(seed), "{error}");
    }
}

#[test]
fn b29_a_comma_in_an_attribute_is_part_of_it() {
    let capabilities = roles().capabilities();
    assert!(capabilities.contains("ops.status") && capabilities.contains("ops.ingest"));
    let credential = ConsumerCredential::from_wire_json(&policy().to_wire_json()).unwrap();
    assert_eq!(credential.attributes().get("aster.role"), Some("ops.status,ops.ingest"));
}

#[test]
fn b30_what_names_no_node_is_refused_unless_asked_for() {
    let key = root();
    let root = key.public_key();
    let nonce = Nonce::generate();
    let unbound = [
        ConsumerCredential::sign_policy(&key, None, END, roles()),
        ConsumerCredential::sign_one_time(&key, None, END, roles(), nonce),
    ];
    for credential in unbound {
        assert_eq!(credential.node(), None);
        let strict = presentation(&root);
        assert_eq!(credential.verify(&strict).unwrap_err(), Refusal::Unbound);
        let lax = Presentation { allow_unbound: true, ..strict };
        assert!(credential.verify(&lax).is_ok());
        // Everything else is still looked at.
        let late = Presentation { now: END, ..lax };
        assert!(matches!(credential.verify(&late).unwrap_err(), Refusal::Expired { .. }));
    }
}

/// Of several things that are wrong, the first in the order is told; that
/// none of them admits shows in the other tests.
#[test]
fn the_order_of_checks() {
    let key = root();
    let root = key.public_key();
    let other = other_root().public_key();
    let cloud = attributes(&[("aster.iid_provider", "aws")]);
    let all_wrong = ConsumerCredential::sign_policy(&key, Some(node(0x22)), NOW, cloud.clone());
    let json = all_wrong.to_wire_json();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let signature = value["signature"].as_str().unwrap();
    let flipped = json.replace(&signature[..8], "00000000");
    let flipped = ConsumerCredential::from_wire_json(&flipped).unwrap();
    let refusal = flipped.verify(&presentation(&other)).unwrap_err();
    assert!(matches!(refusal, Refusal::OtherRoot { .. }), "{refusal}");
    let refusal = flipped.verify(&presentation(&root)).unwrap_err();
    assert!(matches!(refusal, Refusal::Signature { .. }), "{refusal}");
    let refusal = all_wrong.verify(&presentation(&root)).unwrap_err();
    assert!(matches!(refusal, Refusal::Expired { .. }), "{refusal}");
    let unexpired = ConsumerCredential::sign_policy(&key, Some(node(0x22)), END, cloud.clone());
    let refusal = unexpired.verify(&presentation(&root)).unwrap_err();
    assert!(matches!(refusal, Refusal::OtherNode { .. }), "{refusal}");
    let bound = ConsumerCredential::sign_policy(&key, Some(node(0x11)), END, cloud);
    let refusal = bound.verify(&presentation(&root)).unwrap_err();
    assert!(matches!(refusal, Refusal::CloudIdentity { .. }), "{refusal}");
}

#[test]
fn a3_a4_the_json_of_a_credential_has_one_form() {
    let json = policy().to_wire_json();
    let read = |text: &str| ConsumerCredential::from_wire_json(text);
    // What may differ.
    assert_eq!(read(&format!(" {json}\n")), Ok(policy()));
    let absent = json.replace("\"nonce\":null,", "");
    assert_eq!(read(&absent), Ok(policy()), "the signature says that there is none");
    // What may not.
    let upper = node(0x11).to_string().to_uppercase();
    for bad in [
        format!("\u{feff}{json}"),
        format!("{json}{json}"),
        format!("{json}x"),
        format!("[{json}]"),
        json.replace("{\"cred", "{\"type\":\"policy\",\"cred"),
        json.replace("{\"cred", "{\"type\":null,\"cred"),
        json.replace("{\"cred", "{\"credential_type\":\"policy\",\"cred"),
        json.replace("\"nonce\":null", "\"nonce\":null,\"nonce\":null"),
        json.replace("\"nonce\":null", "\"nonce\":null,\"nonc\u{435}\":null"),
        json.replace("\"nonce\":null", "\"nonce\":\"\""),
        json.replace("\"policy\"", "null"),
        json.replace("\"policy\"", "\"POLICY\""),
        json.replace("\"policy\"", "\"policy \""),
        json.replace("\"policy\"", "\"rcan\""),
        json.replace("\"policy\"", "\"\""),
        json.replace("\"policy\"", "0"),
        json.replace(&node(0x11).to_string(), &upper),
        json.replace(&node(0x11).to_string(), &node(0x11).to_string()[1..]),
        json.replace(&node(0x11).to_string(), &format!("{}0", node(0x11))),
        json.replace(&node(0x11).to_string(), ""),
        json.replace("{\"aster.role\"", "{\"aster.role\":\"ops.admin\",\"aster.role\""),
        json.replace("\"ops.status,ops.ingest\"", "[\"ops.status\",\"ops.ingest\"]"),
        json.replace("{\"aster.role\":\"ops.status,ops.ingest\"}", "null"),
        json.replace("\"attributes\":{\"aster.role\":\"ops.status,ops.ingest\"},", ""),
        json.replace(",\"signature\"", ",\"Signature\""),
        json.replace("\"signature\":\"", "\"signature\":\"00"),
        json.replace("\"root_pubkey\":\"", "\"root_pubkey\":\"0x"),
    ] {
        assert_ne!(bad, json);
        let outcome = read(&bad);
        assert!(outcome.is_err(), "{bad}");
    }
    // A name in another Unicode form is another name.
    let signed = |name: &str| {
        let attributes = attributes(&[("n", name)]);
        ConsumerCredential::sign_policy(&root(), Some(node(0x11)), END, attributes)
    };
    let composed = signed("\u{e9}").to_wire_json();
    assert!(composed.is_ascii(), "{composed}");
    assert_eq!(read(&composed), Ok(signed("\u{e9}")));
    let decomposed = read(&composed.replace("\\u00e9", "e\\u0301")).unwrap();
    assert!(!decomposed.has_valid_signature());
}

#[test]
fn what_files_say_of_the_kind() {
    for credential in [Credential::from(policy()), one_time().into(), producer().into()] {
        let text = credential.to_file_json();
        assert!(text.starts_with(&format!("{{\n  \"type\": \"{}\",\n", credential.kind())));
        assert!(text.ends_with("\"\n}\n"));
        assert_eq!(Credential::from_file_json(&text).as_ref(), Ok(&credential));
        let as_on_the_wire = text.replace("\"type\"", "\"credential_type\"");
        assert_eq!(Credential::from_file_json(&as_on_the_wire).as_ref(), Ok(&credential));
        let both = text.replace("{\n  \"type\"", "{\"credential_type\": \"policy\", \"type\"");
        assert_eq!(Credential::from_file_json(&both), Err(InvalidCredential::Kind));
        let neither = text.replace(&format!("  \"type\": \"{}\",\n", credential.kind()), "");
        assert_eq!(Credential::from_file_json(&neither), Err(InvalidCredential::Kind));
        assert_eq!(credential.root(), root().public_key());
        assert_eq!(credential.expires_at(), END);
        assert_eq!(credential.node(), Some(node(0x11)));
        assert!(credential.attributes().get("aster.role").is_some());
        assert!(credential.verify(&presentation(&root().public_key())).is_ok());
    }
    let unbound = Credential::from(producer()).to_file_json();
    let unbound = unbound.replace(&format!("  \"endpoint_id\": \"{}\",\n", node(0x11)), "");
    assert_eq!(Credential::from_file_json(&unbound), Err(InvalidCredential::NodeMissing));
    assert_eq!(Credential::from(policy()).kind(), CredentialKind::Policy);
    assert_eq!(Credential::from(producer()).kind(), CredentialKind::Producer);
}

/// Keys are wiped when they are dropped: a property of the types inside.
#[test]
fn a46_keys_are_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<ed25519_dalek::SigningKey>();
    assert!(std::mem::needs_drop::<RootKey>() && std::mem::needs_drop::<Identity>());
    assert!(!std::mem::needs_drop::<RootPublicKey>());
}
