//! What a server publishes of each service, and how it gets into the store and
//! the document (contract.md 6).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use iroh_blobs::api::{RequestError, Store};
use iroh_blobs::ticket::BlobTicket;
use iroh_blobs::{BlobFormat, Hash, HashAndFormat};

use super::PublishError;
use super::document::{Document, DocumentKeys};
use crate::address::Address;
use crate::contract::{ArtifactRef, Collection, Contract, ContractId, manifest};
use crate::service::ServiceDescriptor;

/// One service's contract as published.
#[derive(Clone, Debug)]
pub(crate) struct Publication {
    id: ContractId,
    service: String,
    version: i32,
    manifest: Bytes,
    collection: Collection,
}

impl Publication {
    /// What is published of a service.
    ///
    /// # Errors
    /// If it has no published form: it is larger than any client would read.
    pub(crate) fn of(service: &'static ServiceDescriptor) -> Result<Self, PublishError> {
        let contract = Contract::of(service);
        let failed = |reason: String| PublishError::Contract { service: service.name, reason };
        let canonical = contract.canonical().map_err(|error| failed(error.to_string()))?;
        let id = canonical.id;
        if id != service.contract_id {
            return Err(failed(format!("its id is {}, not {id}", service.contract_id)));
        }
        let manifest: Bytes = manifest::write(&[contract]).into();
        Ok(Self {
            id,
            service: service.name.to_owned(),
            version: service.version,
            manifest: manifest.clone(),
            collection: Collection::new(canonical, manifest),
        })
    }
}

/// The key of the entry that leads to a contract's collection.
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
    // A clock before 1970 makes entries old, not wrong.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut contents = Vec::new();
    let mut collections = Vec::new();
    for publication in publications {
        let collection = add_collection(publication, store).await?;
        let id = publication.id;
        let artifact = artifact_ref(id, collection, keys, address, now);
        let pointer = format!("services/{}/versions/v{}", publication.service, publication.version);
        let keyed = [
            (contract_key(id), artifact),
            (format!("manifests/{id}"), publication.manifest.clone()),
            (pointer, id.to_string().into()),
        ];
        for (key, content) in keyed {
            let len = content.len() as u64;
            let added = store.add_bytes(content).with_named_tag(tag("aster-entry", &key)).await?;
            contents.push((key, added.hash, len));
        }
        collections.push(collection);
    }
    // Far in the future, adding to it must not overflow.
    let micros = u64::try_from(now.as_micros()).unwrap_or(u64::MAX / 2);
    Ok((Document::new(keys, contents, micros), collections))
}

async fn add_collection(publication: &Publication, store: &Store) -> Result<Hash, RequestError> {
    let Collection { entries } = &publication.collection;
    let contents = entries.iter().map(|(_, content)| content.clone());
    let (names, hashes) = (publication.collection.meta(), publication.collection.hash_seq());
    // Held until the tag of the whole collection protects its parts.
    let mut parts = Vec::with_capacity(entries.len() + 2);
    for part in contents.chain([names.into(), hashes.into()]) {
        parts.push(store.add_bytes(part).temp_tag().await?);
    }
    let hash = Hash::from_bytes(publication.collection.hash());
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
    now: Duration,
) -> Bytes {
    let ticket = crate::transport::endpoint::dial_target(address)
        .map(|address| BlobTicket::new(address, collection, BlobFormat::HashSeq).to_string());
    let artifact = ArtifactRef {
        contract_id: id,
        collection_hash: *collection.as_bytes(),
        ticket,
        published_by: keys.author.peer().to_string(),
        published_at_epoch_ms: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
    };
    artifact.to_json().into()
}
