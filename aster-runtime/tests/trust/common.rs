//! Keys and credentials that all tests use.

use std::collections::BTreeMap;

use aster_runtime::trust::{
    Attributes, ConsumerCredential, Nonce, Presentation, ProducerCredential, RootKey, RootPublicKey,
};
use aster_runtime::{Identity, PeerId};
use serde::Deserialize;
use serde_json::Value;

pub(crate) const NOW: u64 = 1_800_000_000;
pub(crate) const END: u64 = NOW + 86_400;

pub(crate) fn root() -> RootKey {
    RootKey::from_seed(&std::array::from_fn(|index| index as u8))
}

pub(crate) fn other_root() -> RootKey {
    RootKey::from_seed(&std::array::from_fn(|index| 32 + index as u8))
}

pub(crate) fn identity(byte: u8) -> Identity {
    Identity::from_secret([byte; 32])
}

pub(crate) fn node(byte: u8) -> PeerId {
    identity(byte).peer()
}

pub(crate) fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let mut attributes = Attributes::new();
    for (key, value) in pairs {
        attributes.insert(*key, *value).unwrap();
    }
    attributes
}

pub(crate) fn roles() -> Attributes {
    attributes(&[("aster.role", "ops.status,ops.ingest")])
}

pub(crate) fn policy() -> ConsumerCredential {
    ConsumerCredential::sign_policy(&root(), Some(node(0x11)), END, roles())
}

pub(crate) fn one_time() -> ConsumerCredential {
    let nonce = Nonce::from_bytes([5; 32]);
    ConsumerCredential::sign_one_time(&root(), Some(node(0x11)), END, roles(), nonce)
}

pub(crate) fn producer() -> ProducerCredential {
    let role = attributes(&[("aster.role", "producer")]);
    ProducerCredential::sign(&root(), node(0x11), END, role)
}

/// As node 11 presents it to a strict server of the root.
pub(crate) fn presentation(root: &RootPublicKey) -> Presentation<'_> {
    Presentation { root, peer: node(0x11), now: NOW, allow_unbound: false }
}

/// `vectors/trust.json`.
#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) now: u64,
    pub(crate) keys: BTreeMap<String, [String; 2]>,
    pub(crate) canonical: Vec<Canonical>,
    pub(crate) not_canonical: Vec<Value>,
    pub(crate) signed: Vec<Signed>,
    pub(crate) consumer: Vec<Consumer>,
    pub(crate) producer: Vec<Producer>,
    pub(crate) capabilities: Vec<(String, Vec<String>, Value, bool)>,
    pub(crate) mesh: Vec<Mesh>,
    pub(crate) files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct Mesh {
    pub(crate) signer: String,
    pub(crate) bytes: String,
    pub(crate) message: String,
}

#[derive(Deserialize)]
pub(crate) struct Canonical {
    pub(crate) attributes: Attributes,
    pub(crate) hex: String,
}

#[derive(Deserialize)]
pub(crate) struct Signed {
    pub(crate) name: String,
    pub(crate) seed: String,
    pub(crate) credential: BTreeMap<String, Value>,
    pub(crate) bytes: String,
}

#[derive(Deserialize)]
pub(crate) struct Consumer {
    pub(crate) name: String,
    pub(crate) peer: String,
    pub(crate) credential: String,
    pub(crate) admitted: bool,
}

#[derive(Deserialize)]
pub(crate) struct Producer {
    pub(crate) name: String,
    pub(crate) credential: String,
    pub(crate) accepted: bool,
}

pub(crate) fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/trust.json")).expect("the vectors are JSON")
}
