//! Whatever is read, nothing panics; whatever is written, is read again.

use std::collections::BTreeMap;

use aster_runtime::trust::{
    Attributes, Capabilities, ConsumerCredential, Credential, IdentityFile, Nonce,
    ProducerCredential, RootKey, RootPublicKey, expiry,
};
use proptest::prelude::*;

use super::common::{END, NOW, identity, node, one_time, policy, presentation, root, vectors};

fn read_all(text: &str) {
    let _ = ConsumerCredential::from_wire_json(text);
    let _ = ProducerCredential::from_wire_json(text);
    let _ = Credential::from_file_json(text);
    let _ = RootPublicKey::from_file_text(text);
    let _ = RootKey::from_file_text(text);
    let _ = expiry::parse(text, NOW);
    let _ = Capabilities::from_role(text);
    if let Ok(file) = IdentityFile::parse(text) {
        IdentityFile::parse(&file.to_toml()).expect("what was read is written well");
    }
}

fn attributes() -> impl Strategy<Value = Attributes> {
    let pairs = proptest::collection::btree_map(any::<String>(), any::<String>(), 0..6);
    pairs.prop_map(|pairs: BTreeMap<String, String>| {
        let mut attributes = Attributes::new();
        for (key, value) in pairs {
            attributes.insert(key, value).unwrap();
        }
        attributes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text(text in ".*") {
        read_all(&text);
    }

    #[test]
    fn any_ascii(text in "[\\x00-\\x7f]{0,300}") {
        read_all(&text);
    }

    /// Good texts with a piece replaced.
    #[test]
    fn damaged_texts(at in 0usize..1000, cut in 0usize..40, piece in "[\\x00-\\x7f]{0,12}") {
        let files = vectors().files;
        let good = [
            policy().to_wire_json(),
            Credential::from(one_time()).to_file_json(),
            files["root_key_json"].clone(),
            files["root_pub_json"].clone(),
            files["edge_node_cred_toml"].clone(),
        ];
        for good in good {
            let from = at % good.len();
            let to = (from + cut).min(good.len());
            read_all(&format!("{}{piece}{}", &good[..from], &good[to..]));
        }
    }

    #[test]
    fn lifetimes_never_overflow(text in "([0-9]{1,20}[wdhms]){1,6}", now: u64) {
        if let Ok(end) = expiry::parse(&text, now) {
            prop_assert!(end > now && end <= expiry::MAX_EXPIRES_AT);
        }
    }

    #[test]
    fn what_is_signed_is_read_and_verified(
        attributes in attributes(),
        bound: bool,
        nonce in proptest::option::of(any::<[u8; 32]>()),
        end in 0..=expiry::MAX_EXPIRES_AT,
        name in ".{1,60}",
    ) {
        let id = bound.then(|| node(0x11));
        let key = root();
        let credential = match nonce {
            None => ConsumerCredential::sign_policy(&key, id, end, attributes.clone()),
            Some(nonce) => {
                let nonce = Nonce::from_bytes(nonce);
                ConsumerCredential::sign_one_time(&key, id, end, attributes.clone(), nonce)
            }
        };
        let json = credential.to_wire_json();
        prop_assert!(json.is_ascii());
        let read = ConsumerCredential::from_wire_json(&json).unwrap();
        prop_assert_eq!(&read, &credential);
        let producer = ProducerCredential::sign(&key, node(0x11), end, attributes);
        for credential in [Credential::from(credential), producer.into()] {
            prop_assert!(credential.has_valid_signature());
            let text = credential.to_file_json();
            let read = Credential::from_file_json(&text).unwrap();
            prop_assert_eq!(&read, &credential);
            let mut file = IdentityFile::new(identity(0x11));
            file.add(&name, credential.clone()).unwrap();
            let read = IdentityFile::parse(&file.to_toml()).unwrap();
            prop_assert_eq!(read.peers()[0].name(), &name);
            prop_assert_eq!(read.peers()[0].credential(), Ok(&credential));
        }
    }

    /// Whoever does not hold the root's key admits nobody.
    #[test]
    fn another_seed_is_another_root(seed: [u8; 32], attributes in attributes()) {
        let key = RootKey::from_seed(&seed);
        prop_assume!(key.public_key() != root().public_key());
        let credential = ConsumerCredential::sign_policy(&key, Some(node(0x11)), END, attributes);
        prop_assert!(credential.verify(&presentation(&root().public_key())).is_err());
    }
}
