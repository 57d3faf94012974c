//! No credential survives the change of any byte.

use aster_runtime::trust::{ConsumerCredential, Presentation, ProducerCredential};
use ed25519_dalek::{Signature, VerifyingKey};

use super::common::{one_time, policy, presentation, producer, root};

/// Replaces each byte by each other, and counts what is still admitted.
fn flip(json: &str, admits: impl Fn(&str) -> bool) {
    assert!(admits(json), "not even the original: {json}");
    let original = json.as_bytes();
    let mut tried = 0;
    for at in 0..original.len() {
        let mut changed = original.to_vec();
        for byte in 0..=255 {
            if byte == original[at] {
                continue;
            }
            changed[at] = byte;
            tried += 1;
            // Other bytes are refused before they are read as text.
            let Ok(text) = std::str::from_utf8(&changed) else { continue };
            assert!(!admits(text), "byte {at} as {byte:#04x}: {text}");
        }
    }
    assert_eq!(tried, original.len() * 255);
    for at in 0..original.len() {
        assert!(!admits(&json[..at]), "cut at {at}");
        assert!(!admits(&format!("{json}{}", &json[at..=at])), "longer by byte {at}");
    }
}

fn consumer(text: &str, presentation: &Presentation<'_>) -> bool {
    ConsumerCredential::from_wire_json(text)
        .is_ok_and(|credential| credential.verify(presentation).is_ok())
}

#[test]
fn a1_a2_no_byte_of_a_policy_can_change() {
    let root = root().public_key();
    flip(&policy().to_wire_json(), |text| consumer(text, &presentation(&root)));
}

#[test]
fn a1_a2_no_byte_of_an_unbound_policy_can_change() {
    let root = root().public_key();
    let presentation = Presentation { allow_unbound: true, ..presentation(&root) };
    let attributes = super::common::roles();
    let signed = ConsumerCredential::sign_policy(
        &super::common::root(),
        None,
        super::common::END,
        attributes,
    );
    flip(&signed.to_wire_json(), |text| consumer(text, &presentation));
}

#[test]
fn a1_a2_no_byte_of_a_one_time_credential_can_change() {
    let root = root().public_key();
    flip(&one_time().to_wire_json(), |text| consumer(text, &presentation(&root)));
}

#[test]
fn a1_a2_no_byte_of_a_producers_credential_can_change() {
    let root = root().public_key();
    flip(&producer().to_wire_json(), |text| {
        ProducerCredential::from_wire_json(text)
            .is_ok_and(|credential| credential.verify(&presentation(&root)).is_ok())
    });
}

/// The same for the bytes under the signature, bit by bit, and for those of
/// the signature itself.
#[test]
fn a1_no_bit_under_a_signature_can_change() {
    let key = VerifyingKey::from_bytes(root().public_key().as_bytes()).unwrap();
    let signature = |json: &str| {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let hex = value["signature"].as_str().unwrap();
        <[u8; 64]>::try_from(data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap()
    };
    let (policy, one_time, producer) = (policy(), one_time(), producer());
    for (bytes, signature) in [
        (policy.signed_bytes(), signature(&policy.to_wire_json())),
        (one_time.signed_bytes(), signature(&one_time.to_wire_json())),
        (producer.signed_bytes(), signature(&producer.to_wire_json())),
    ] {
        let holds = |bytes: &[u8], signature: &[u8; 64]| {
            key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok()
        };
        assert!(holds(&bytes, &signature));
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!holds(&changed, &signature), "bit {bit}");
        }
        for bit in 0..512 {
            let mut changed = signature;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!holds(&bytes, &changed), "bit {bit} of the signature");
        }
    }
}
