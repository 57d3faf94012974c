//! Blobs from a peer, checked against their hashes while they arrive, and
//! bounded before they do: the peer states the size of each first.

use bytes::Bytes;
use iroh::endpoint::Connection;
use iroh_blobs::Hash;
use iroh_blobs::get::GetError;
use iroh_blobs::get::fsm::{
    self, AtBlobHeader, AtEndBlob, ConnectedNext, DecodeError, EndBlobNext,
};
use iroh_blobs::protocol::GetRequest;

use crate::contract::{Collection, ContractError, MAX_ENTRIES};

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// Why a blob did not come.
#[derive(Debug, thiserror::Error)]
pub(super) enum DownloadError {
    #[error("it takes {bytes} bytes, of which {max} are left")]
    TooLarge { bytes: u64, max: u64 },
    #[error("it has {parts} parts; at most {max} are read")]
    TooManyParts { parts: u64, max: usize },
    #[error("what came does not have the hash that was asked for")]
    Forged,
    #[error("what came is not a collection")]
    NoCollection,
    #[error(transparent)]
    Malformed(#[from] ContractError),
    #[error("the server does not have it")]
    NotServed(#[source] Box<GetError>),
}

impl From<GetError> for DownloadError {
    fn from(error: GetError) -> Self {
        match error {
            GetError::Decode {
                source:
                    DecodeError::ParentHashMismatch { .. } | DecodeError::LeafHashMismatch { .. },
                ..
            } => Self::Forged,
            error => Self::NotServed(Box::new(error)),
        }
    }
}

/// What is downloaded over one connection, within one allowance.
#[derive(Debug)]
pub(super) struct Downloads {
    connection: Connection,
    /// Bytes that may still come.
    allowance: u64,
}

impl Downloads {
    pub(super) fn new(connection: Connection, allowance: usize) -> Self {
        Self { connection, allowance: allowance as u64 }
    }

    /// One blob of at most `max` bytes.
    pub(super) async fn blob(&mut self, hash: Hash, max: usize) -> Result<Bytes, DownloadError> {
        let header = self.start(GetRequest::blob(hash)).await?;
        let (_end, content) = self.content(header, max as u64).await?;
        Ok(content)
    }

    /// All blobs of a collection, with their names.
    pub(super) async fn collection(&mut self, hash: Hash) -> Result<Collection, DownloadError> {
        let header = self.start(GetRequest::all(hash)).await?;
        let max = ((1 + MAX_ENTRIES) * HASH_BYTES) as u64;
        let (mut end, root) = self.content(header, max).await.map_err(|error| match error {
            DownloadError::TooLarge { bytes, .. } => DownloadError::TooManyParts {
                parts: (bytes / HASH_BYTES as u64).saturating_sub(1),
                max: MAX_ENTRIES,
            },
            error => error,
        })?;
        let (names, hashes) = Collection::hashes(&root)?;
        let (next, names) = self.child(end, names, self.allowance).await?;
        end = next;
        let names = Collection::names(&names)?;
        if names.len() != hashes.len() {
            return Err(DownloadError::NoCollection);
        }
        let mut entries = Vec::with_capacity(names.len());
        for (name, hash) in names.into_iter().zip(hashes) {
            let max = Collection::max_bytes(&name).map_or(self.allowance, |max| max as u64);
            let (next, content) = self.child(end, hash, max).await?;
            entries.push((name, content));
            end = next;
        }
        Ok(Collection { entries })
    }

    /// The next blob of a collection.
    async fn child(
        &mut self,
        end: AtEndBlob,
        hash: [u8; HASH_BYTES],
        max: u64,
    ) -> Result<(AtEndBlob, Bytes), DownloadError> {
        match end.next() {
            EndBlobNext::MoreChildren(child) => {
                self.content(child.next(Hash::from_bytes(hash)), max).await
            }
            EndBlobNext::Closing(_) => Err(DownloadError::NoCollection),
        }
    }

    async fn start(&self, request: GetRequest) -> Result<AtBlobHeader, DownloadError> {
        let start = fsm::start(self.connection.clone(), request, Default::default());
        let connected = start.next().await.map_err(GetError::from)?;
        match connected.next().await.map_err(GetError::from)? {
            ConnectedNext::StartRoot(root) => Ok(root.next()),
            // Not for a request that asks for the root.
            _ => Err(DownloadError::NoCollection),
        }
    }

    async fn content(
        &mut self,
        header: AtBlobHeader,
        max: u64,
    ) -> Result<(AtEndBlob, Bytes), DownloadError> {
        let (content, bytes) = header.next().await.map_err(GetError::from)?;
        let max = max.min(self.allowance);
        if bytes > max {
            return Err(DownloadError::TooLarge { bytes, max });
        }
        self.allowance -= bytes;
        let (end, content) = content.concatenate_into_vec().await.map_err(GetError::from)?;
        Ok((end, content.into()))
    }
}
