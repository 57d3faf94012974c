//! What the reference signs, we sign; what it refuses, we refuse; what it
//! accepts, we accept or refuse for a listed reason.

use aster_runtime::Requirement;
use aster_runtime::trust::{
    Attributes, Capabilities, Chain, ConsumerCredential, Credential, IdentityFile,
    InvalidCredential, NodeRole, NonceError, NonceStore, Presentation, ProducerCredential, Refusal,
    RevocationList, RootKey, RootPublicKey,
};
use serde_json::Value;

use super::common::{END, node, one_time, policy, presentation, producer, root, vectors};

#[test]
fn keys() {
    for (name, [seed, public]) in vectors().keys {
        let key = RootKey::from_hex(&seed).unwrap();
        assert_eq!(key.public_key().to_string(), public, "{name}");
        assert_eq!(*key.to_hex(), seed);
    }
}

#[test]
fn canonical_json() {
    let vectors = vectors();
    for vector in vectors.canonical {
        let json = vector.attributes.canonical_json();
        assert_eq!(data_encoding::HEXLOWER.encode(json.as_bytes()), vector.hex, "{json}");
    }
    for attributes in vectors.not_canonical {
        assert!(serde_json::from_value::<Attributes>(attributes).is_err());
    }
}

#[test]
fn signed_bytes_and_signatures() {
    let vectors = vectors();
    assert_eq!(vectors.signed.len(), 8);
    for vector in vectors.signed {
        let name = vector.name;
        let mut fields = vector.credential.clone();
        let producer = fields.remove("kind").is_some();
        let json = serde_json::to_string(&fields).unwrap();
        let key = RootKey::from_hex(&vector.seed).unwrap();
        let (bytes, again): (_, Credential) = if producer {
            let read = ProducerCredential::from_wire_json(&json).unwrap();
            let attributes = read.attributes().clone();
            let again = ProducerCredential::sign(&key, read.node(), END, attributes);
            assert_eq!(ProducerCredential::from_wire_json(&read.to_wire_json()).unwrap(), read);
            assert_eq!(again, read, "{name}");
            (read.signed_bytes(), again.into())
        } else {
            let read = ConsumerCredential::from_wire_json(&json).unwrap();
            let (node, attributes) = (read.node(), read.attributes().clone());
            let again = match read.nonce() {
                None => ConsumerCredential::sign_policy(&key, node, END, attributes),
                Some(nonce) => {
                    ConsumerCredential::sign_one_time(&key, node, END, attributes, nonce)
                }
            };
            assert_eq!(ConsumerCredential::from_wire_json(&read.to_wire_json()).unwrap(), read);
            assert_eq!(again, read, "{name}");
            (read.signed_bytes(), again.into())
        };
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes), vector.bytes, "{name}");
        assert!(again.has_valid_signature(), "{name}");
        let back = Credential::from_file_json(&again.to_file_json()).unwrap();
        assert_eq!(back, again, "{name}");
    }
}

/// What we answer where more than yes or no is to be said.
#[derive(Debug, PartialEq)]
enum Answer {
    Admitted,
    Refused(&'static str),
    Used,
    Malformed(&'static str),
}

fn answer(json: &str, presentation: &Presentation<'_>, nonces: &NonceStore) -> Answer {
    let credential = match ConsumerCredential::from_wire_json(json) {
        Ok(credential) => credential,
        Err(error) => {
            return Answer::Malformed(match error {
                InvalidCredential::Json(_) => "json",
                InvalidCredential::Hex { field, .. } => field,
                InvalidCredential::Kind => "kind",
                InvalidCredential::NonceMissing => "nonce missing",
                InvalidCredential::NonceUnexpected => "nonce unexpected",
                other => panic!("{other}"),
            });
        }
    };
    let verified = match credential.verify(presentation) {
        Ok(verified) => verified,
        Err(refusal) => {
            return Answer::Refused(match refusal {
                Refusal::OtherRoot { .. } => "root",
                Refusal::Signature { .. } => "signature",
                Refusal::Expired { .. } => "expired",
                Refusal::OtherNode { .. } => "node",
                Refusal::Unbound => "unbound",
                Refusal::CloudIdentity { .. } => "cloud",
                other => panic!("{other}"),
            });
        }
    };
    match verified.admit(nonces) {
        Ok(admission) => {
            assert_eq!(admission.peer(), presentation.peer);
            assert_eq!(admission.attributes(), credential.attributes());
            assert_eq!(admission.expires_at(), credential.expires_at());
            Answer::Admitted
        }
        Err(NonceError::Used) => Answer::Used,
        Err(other) => panic!("{other}"),
    }
}

/// Every case, in the order in which the reference was asked; where it admits
/// and we do not, the reason is strictness.
const CONSUMER: [(&str, Answer); 32] = [
    ("valid bound policy", Answer::Admitted),
    ("valid unbound policy, any peer", Answer::Admitted),
    ("expires_at == now+1", Answer::Admitted),
    ("expired", Answer::Refused("expired")),
    ("wrong root self-consistent", Answer::Refused("root")),
    ("tampered expires_at", Answer::Refused("signature")),
    ("tampered: binding removed", Answer::Refused("signature")),
    ("tampered: binding replaced", Answer::Refused("signature")),
    ("tampered: policy relabelled ott + nonce", Answer::Refused("signature")),
    ("signature bit flip", Answer::Refused("signature")),
    ("malleated signature (S+L)", Answer::Refused("signature")),
    ("empty signature", Answer::Malformed("signature")),
    ("signature non-hex", Answer::Malformed("signature")),
    ("UPPERCASE hex in root_pubkey/signature", Answer::Malformed("root_pubkey")),
    ("UPPERCASE endpoint_id (as signed)", Answer::Malformed("endpoint_id")),
    ("policy carrying nonce (validly signed)", Answer::Malformed("nonce unexpected")),
    ("ott without nonce (validly signed)", Answer::Malformed("nonce missing")),
    ("credential_type 'Policy'", Answer::Malformed("kind")),
    ("wire key 'type' instead of 'credential_type'", Answer::Malformed("kind")),
    ("expires_at as decimal string", Answer::Malformed("json")),
    ("expires_at float", Answer::Malformed("json")),
    ("unknown extra field", Answer::Malformed("json")),
    ("attributes null vs signed {}", Answer::Malformed("json")),
    ("endpoint_id '' (signed with flag 1, empty string)", Answer::Malformed("endpoint_id")),
    ("ott unbound, replay same peer", Answer::Used),
    ("ott unbound, replay other peer", Answer::Used),
    ("ott bound, wrong peer (must not burn nonce)", Answer::Refused("node")),
    ("ott bound, right peer after that", Answer::Admitted),
    ("ott expired (must not burn nonce)", Answer::Refused("expired")),
    ("ott + iid gcp: runtime check fails", Answer::Refused("cloud")),
    ("iid provider unknown", Answer::Refused("cloud")),
    ("empty credential, closed gate", Answer::Malformed("json")),
];

/// What we refuse although the reference admits.
const STRICTER: [&str; 5] = [
    "UPPERCASE hex in root_pubkey/signature",
    "expires_at as decimal string",
    "expires_at float",
    "unknown extra field",
    "attributes null vs signed {}",
];

#[test]
fn consumer_cases() {
    let vectors = vectors();
    let root = root().public_key();
    let nonces = NonceStore::in_memory();
    assert_eq!(vectors.consumer.len(), CONSUMER.len());
    for (case, (name, expected)) in vectors.consumer.iter().zip(CONSUMER) {
        assert_eq!(case.name, name);
        let peer = case.peer.parse().unwrap();
        let presentation =
            Presentation { root: &root, peer, now: vectors.now, allow_unbound: true };
        if name == "ott unbound, replay same peer" {
            let first = answer(&case.credential, &presentation, &nonces);
            assert_eq!(first, Answer::Admitted, "before the replay");
        }
        let found = answer(&case.credential, &presentation, &nonces);
        assert_eq!(found, expected, "{name}");
        let admitted = found == Answer::Admitted || STRICTER.contains(&name);
        assert_eq!(admitted, case.admitted, "{name}");
    }
    // Neither of the refused nonces was spent.
    for byte in [8, 9] {
        let nonce = aster_runtime::trust::Nonce::from_bytes([byte; 32]);
        assert!(!nonces.is_used(&nonce).unwrap());
    }
}

#[test]
fn producer_cases() {
    let vectors = vectors();
    let root = root().public_key();
    assert_eq!(vectors.producer.len(), 7);
    for case in vectors.producer {
        let credential = ProducerCredential::from_wire_json(&case.credential);
        let presentation = Presentation { now: vectors.now, ..presentation(&root) };
        let accepted = credential.is_ok_and(|credential| credential.verify(&presentation).is_ok());
        assert_eq!(accepted, case.accepted, "{}", case.name);
    }
}

/// Nothing of the mesh is offered. What its members sign with their keys must
/// not be taken for anything else.
#[test]
fn b17_b31_a_message_of_the_mesh_is_no_credential() {
    let vectors = vectors();
    assert_eq!(vectors.mesh.len(), 4);
    for message in vectors.mesh {
        let key = RootKey::from_hex(&message.signer).unwrap().public_key();
        let json: Value = serde_json::from_str(&message.message).unwrap();
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let signature = json["signature"].as_str().unwrap();
        let verified =
            ed25519_dalek::VerifyingKey::from_bytes(key.as_bytes()).unwrap().verify_strict(
                &hex(&message.bytes),
                &ed25519_dalek::Signature::from_slice(&hex(signature)).unwrap(),
            );
        assert!(verified.is_ok(), "it is signed as the reference signs");
        assert!(ConsumerCredential::from_wire_json(&message.message).is_err());
        assert!(ProducerCredential::from_wire_json(&message.message).is_err());
        assert!(Credential::from_file_json(&message.message).is_err());
        assert!(Chain::from_text(&message.message).is_err());
        assert!(RevocationList::from_text(&message.message).is_err());
        // Its signature under the credentials of its signer.
        for credential in
            [policy().to_wire_json(), one_time().to_wire_json(), producer().to_wire_json()]
        {
            let mut fields: Value = serde_json::from_str(&credential).unwrap();
            fields["signature"] = json["signature"].clone();
            fields["root_pubkey"] = key.to_string().into();
            let text = fields.to_string();
            let credential = match ConsumerCredential::from_wire_json(&text) {
                Ok(credential) => Credential::from(credential),
                Err(_) => ProducerCredential::from_wire_json(&text).unwrap().into(),
            };
            assert!(!credential.has_valid_signature());
        }
    }
}

fn leak(roles: &[String]) -> &'static [&'static str] {
    let roles = roles.iter().map(|role| &*role.clone().leak()).collect::<Vec<&'static str>>();
    roles.leak()
}

#[test]
fn b15_a20_capability_table() {
    for (kind, roles, attributes, allowed) in vectors().capabilities {
        let names = leak(&roles);
        let requirement = match (kind.as_str(), names) {
            ("ROLE", [name]) => Requirement::Role(name),
            ("ROLE", _) => Requirement::Role(""),
            ("ANY_OF", names) => Requirement::AnyOf(names),
            (_, names) => Requirement::AllOf(names),
        };
        let what = format!("{kind} {roles:?} {attributes}");
        // A list is no attribute for us: such a credential is not parsed.
        let held = match attributes.get("aster.role") {
            Some(Value::Array(_)) => {
                assert!(serde_json::from_value::<Attributes>(attributes).is_err(), "{what}");
                Capabilities::default()
            }
            _ => serde_json::from_value::<Attributes>(attributes).unwrap().capabilities(),
        };
        // A requirement that names nothing is met by nobody (B15).
        let listed = what.contains('[') && what.contains("[\"ops.logs\"]}");
        let expected = allowed && !names.is_empty() && !listed;
        assert_eq!(held.meet(&requirement), expected, "{what}");
    }
}

#[test]
fn files_of_the_reference() {
    let files = vectors().files;
    let key = RootKey::from_file_text(&files["root_key_json"]).unwrap();
    assert_eq!(key.public_key(), root().public_key());
    let public = RootPublicKey::from_file_text(&files["root_pub_json"]).unwrap();
    assert_eq!(public, key.public_key());
    assert_eq!(public.file_text(), files["root_pub_json"]);

    let file = IdentityFile::parse(&files["edge_node_cred_toml"]).unwrap();
    assert_eq!(file.node().unwrap().peer(), node(0x11));
    let peer = file.with_role(NodeRole::Consumer).unwrap();
    assert_eq!(peer.name(), "edge-node-7");
    let verified = peer.credential().unwrap().verify(&presentation(&public)).unwrap();
    assert_eq!(verified.attributes().get("aster.role"), Some("ops.status,ops.ingest"));
}
