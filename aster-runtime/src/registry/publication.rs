//! What a server publishes of each service, and how it gets into the store and
//! the document (contract.md 6).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use iroh_blobs::api::{RequestError, Store};
use iroh_blobs::format::collection::Collection;
use iroh_blobs::ticket::BlobTicket;
use iroh_blobs::{BlobFormat, Hash, HashAndFormat};
use serde::{Deserialize, Serialize};

use super::document::{Document, DocumentKeys};
use crate::address::Address;
use crate::contract::ContractId;

/// The entry of a collection that describes the contract for people and tools.
pub(super) const MANIFEST_ENTRY: &str = "manifest.json";

/// The format of all collections here: a sequence of hashes with names.
const COLLECTION_FORMAT: &str = "index";

/// One service's contract as published.
#[derive(Clone, Debug)]
pub(crate) struct Publication {
    pub(crate) id: ContractId,
    pub(crate) service: String,
    pub(crate) version: i32,
    /// Names and contents, in the order of the collection.
    pub(crate) entries: Vec<(String, Bytes)>,
}

/// What the document holds under `contracts/<id>`. Readers use the hash of the
/// collection alone.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ArtifactRef {
    #[serde(default)]
    contract_id: String,
    pub(super) collection_hash: String,
    #[serde(default)]
    provider_endpoint_id: Option<String>,
    #[serde(default)]
    relay_url: Option<String>,
    #[serde(default)]
    ticket: Option<String>,
    #[serde(default)]
    published_by: String,
    #[serde(default)]
    published_at_epoch_ms: u64,
    #[serde(default)]
    collection_format: String,
}

/// The key of a contract's [`ArtifactRef`].
pub(super) fn contract_key(id: ContractId) -> String {
    format!("contracts/{id}")
}

/// Puts `publications` into the store. Returns the document that lists them,
/// and the hash of each one's collection.
pub(super) async fn publish(
    publications: &[Publication],
    store: &Store,
    keys: &DocumentKeys,
    address: &Address,
) -> Result<(Document, Vec<Hash>), RequestError> {
    let mut contents = Vec::new();
    let mut collections = Vec::new();
    for publication in publications {
        let collection = add_collection(publication, store).await?;
        let id = publication.id;
        let artifact = artifact_ref(id, collection, keys, address);
        let pointer = format!("services/{}/versions/v{}", publication.service, publication.version);
        let manifest = publication.entries.iter().find(|(name, _)| name == MANIFEST_ENTRY);
        let keyed = [
            Some((contract_key(id), artifact)),
            manifest.map(|(_, text)| (format!("manifests/{id}"), text.clone())),
            Some((pointer, id.to_string().into())),
        ];
        for (key, content) in keyed.into_iter().flatten() {
            let len = content.len() as u64;
            let added = store.add_bytes(content).with_named_tag(tag("aster-entry", &key)).await?;
            contents.push((key, added.hash, len));
        }
        collections.push(collection);
    }
    Ok((Document::new(keys, contents), collections))
}

async fn add_collection(
    publication: &Publication,
    store: &Store,
) -> Result<Hash, RequestError> {
    // Held until the tag of the whole collection protects its parts.
    let mut parts = Vec::with_capacity(publication.entries.len());
    let mut collection = Collection::default();
    for (name, content) in &publication.entries {
        let part = store.add_bytes(content.clone()).temp_tag().await?;
        collection.push(name.clone(), part.hash());
        parts.push(part);
    }
    for blob in collection.to_blobs() {
        parts.push(store.add_bytes(blob).temp_tag().await?);
    }
    // The last blob is the sequence of hashes.
    let hash = parts.last().map_or(Hash::EMPTY, |part| part.hash());
    let name = hash.to_hex();
    let name = tag("aster-collection", name.get(..16).unwrap_or(&name));
    store.tags().set(name, HashAndFormat::hash_seq(hash)).await?;
    Ok(hash)
}

fn tag(kind: &str, name: &str) -> String {
    format!("{kind}/{name}")
}

fn artifact_ref(
    id: ContractId,
    collection: Hash,
    keys: &DocumentKeys,
    address: &Address,
) -> Bytes {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let ticket = crate::transport::endpoint::dial_target(address)
        .map(|address| BlobTicket::new(address, collection, BlobFormat::HashSeq).to_string());
    let artifact = ArtifactRef {
        contract_id: id.to_string(),
        collection_hash: collection.to_hex(),
        provider_endpoint_id: None,
        relay_url: None,
        ticket,
        published_by: keys.author.peer().to_string(),
        published_at_epoch_ms: u64::try_from(now).unwrap_or(u64::MAX),
        collection_format: COLLECTION_FORMAT.to_owned(),
    };
    // Strings and numbers: this always serializes.
    serde_json::to_vec(&artifact).unwrap_or_default().into()
}
