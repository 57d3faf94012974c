//! Publishing contracts, and fetching and verifying those of a server.
//!
//! A contract travels as a collection of blobs over `/iroh-bytes/4`, named by
//! hashes all the way down from its id. Which collections there are says a
//! document over `/iroh-sync/1`, for clients of the reference, and the
//! admission response, for ours.
//!
//! `sync` and `document` are pure. Blobs are served by `iroh-blobs`, documents
//! by the small part of iroh-docs' protocol that a fixed document needs:
//! a server connects to nobody and takes nothing from a peer.

mod document;
mod download;
mod exchange;
mod fetch;
mod publication;
mod storage;
mod sync;

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use iroh_blobs::api::Store;
use iroh_blobs::provider;
use iroh_blobs::provider::events::EventSender;

pub use fetch::ContractFetchError;
pub(crate) use fetch::{Announced, fetch};
pub(crate) use publication::Publication;

use self::document::Document;
use self::storage::Storage;
use crate::address::Address;
use crate::config::Config;
use crate::identity::IdentityError;
use crate::transport::{Connection, quic};

/// The protocol of blobs.
pub(crate) const BLOBS_ALPN: &[u8] = b"/iroh-bytes/4";

/// The protocol of documents.
pub(crate) const DOCUMENT_ALPN: &[u8] = b"/iroh-sync/1";

/// What a publishing server accepts beside calls.
pub(crate) const ALPNS: [&[u8]; 2] = [BLOBS_ALPN, DOCUMENT_ALPN];

/// How long a peer may take to copy the document, and to close the connection
/// afterwards.
const DOCUMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the store may take to write down what it holds.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether and where a server publishes its contracts: what they are called,
/// which methods and types they have, so that peers without the types can
/// call them. Who passes the gate can read them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Publish {
    /// Published from memory, under a new document at each start. Nothing is
    /// written to disk.
    #[default]
    Memory,
    /// Published from this directory, made where it is missing, readable by
    /// its owner only. The document keeps its id over restarts, and contracts
    /// of earlier starts can still be had by their hash. One server at a time
    /// can use it.
    Directory(PathBuf),
    /// Not published, and nothing announced that is not served.
    Off,
}

impl Publish {
    /// What is configured.
    pub(crate) fn of(config: &Config) -> Self {
        match config.storage_path() {
            _ if !config.publication() => Self::Off,
            Some(path) => Self::Directory(path.to_owned()),
            None => Self::Memory,
        }
    }
}

/// Why contracts could not be published. A server that does not want to
/// publish says so with [`Publish::Off`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The directory.
    #[error(
        "cannot publish contracts from {path}: {source}; choose a directory that this program may write, or Publish::Memory",
        path = path.display()
    )]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The keys of the document in the directory.
    #[error(transparent)]
    Keys(#[from] IdentityError),
    /// Another server has the directory.
    #[error(
        "another server publishes contracts from {path}; each needs a directory of its own",
        path = path.display()
    )]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// The files of the store.
    #[error(
        "cannot open the contracts kept in {path}: {reason}; they are made again if that directory is removed",
        path = path.display()
    )]
    Store {
        /// The store's directory.
        path: PathBuf,
        /// What the store says.
        reason: String,
    },
    /// A contract that has no published form.
    #[error(
        "the contract of {service} cannot be published: {reason}; to start without publishing, choose Publish::Off"
    )]
    Contract {
        /// The service.
        service: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A write into the store.
    #[error("cannot publish contracts: {0}; to start without publishing, choose Publish::Off")]
    Write(String),
}

/// What a running server publishes.
#[derive(Debug)]
pub(crate) struct Registry {
    store: Store,
    document: Document,
    collections: Vec<[u8; 32]>,
    _lock: Option<File>,
}

impl Registry {
    /// Publishes.
    pub(crate) async fn open(
        publish: &Publish,
        publications: &[Publication],
        address: &Address,
    ) -> Result<Self, PublishError> {
        let Storage { store, keys, lock } = storage::open(publish).await?;
        let (document, collections) = publication::publish(publications, &store, &keys, address)
            .await
            .map_err(|error| PublishError::Write(format!("{error:#}")))?;
        let collections = collections.iter().map(|hash| *hash.as_bytes()).collect();
        Ok(Self { store, document, collections, _lock: lock })
    }

    /// The id of the document, as announced.
    pub(crate) fn namespace(&self) -> String {
        data_encoding::HEXLOWER.encode(self.document.namespace())
    }

    /// The hash of each publication's collection, as announced.
    pub(crate) fn collections(&self) -> impl Iterator<Item = String> {
        self.collections.iter().map(|hash| data_encoding::HEXLOWER.encode(hash))
    }

    /// Serves a connection under one of the two protocols until it ends.
    pub(crate) async fn serve(&self, alpn: &[u8], connection: Connection) {
        if alpn == BLOBS_ALPN {
            // Reading is all that its defaults allow.
            if let Connection::Quic(quic::Connection(connection)) = connection {
                let events = EventSender::default();
                provider::handle_connection(connection, self.store.clone(), events).await;
            }
        } else {
            let exchange = exchange::serve(&self.document, &connection);
            if tokio::time::timeout(DOCUMENT_TIMEOUT, exchange).await.ok().flatten().is_none() {
                tracing::debug!(peer = %connection.peer().short(), "document not copied");
                connection.close("no document exchange");
                return;
            }
            // The peer closes after reading; closing first could lose the end.
            let _ = tokio::time::timeout(DOCUMENT_TIMEOUT, connection.closed()).await;
        }
    }

    /// Writes down what is kept. Connections are closed before.
    pub(crate) async fn close(&self) {
        if tokio::time::timeout(CLOSE_TIMEOUT, self.store.shutdown()).await.is_err() {
            tracing::warn!("the store of contracts did not close in time");
        }
    }
}
