//! What the reference publishes, from `vectors/contract.json`: made by running it, in
//! its order of types, manifests as text.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Vectors {
    /// Definitions of types, some of a kind that no service has.
    pub(super) types: Vec<Definition>,
    /// Definitions of services, some with requirements.
    pub(super) contracts: Vec<Definition>,
    pub(super) services: Vec<Published>,
}

#[derive(Deserialize)]
pub(super) struct Definition {
    pub(super) name: String,
    /// Hex.
    pub(super) bytes: String,
    /// Hex.
    pub(super) hash: String,
}

/// A service as a server of the reference publishes it.
#[derive(Deserialize)]
pub(super) struct Published {
    pub(super) name: String,
    pub(super) id: String,
    /// Hex.
    pub(super) contract: String,
    /// Hex.
    pub(super) types: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) manifest: String,
    pub(super) manifest_hash: String,
    pub(super) meta_hash: String,
    pub(super) collection_hash: String,
}

impl Published {
    pub(super) fn contract(&self) -> Vec<u8> {
        bytes(&self.contract)
    }

    pub(super) fn types(&self) -> Vec<Vec<u8>> {
        self.types.iter().map(|hex| bytes(hex)).collect()
    }
}

pub(super) fn bytes(hex: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
}

pub(super) fn hex(hash: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

pub(super) fn read() -> Vectors {
    serde_json::from_str(include_str!("../../vectors/contract.json")).unwrap()
}

pub(super) fn service(name: &str) -> Published {
    read().services.into_iter().find(|service| service.name == name).unwrap()
}
