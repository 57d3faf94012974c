//! Fetching a contract from the server that announced its id.

use std::time::Duration;

use iroh_blobs::Hash;

use super::download::{DownloadError, Downloads};
use super::exchange::{self, ExchangeError};
use super::publication::contract_key;
use super::sync::entries_with_key;
use super::{BLOBS_ALPN, DOCUMENT_ALPN};
use crate::address::Address;
use crate::contract::{
    ArtifactRef, Collection, Contract, ContractError, ContractId, MAX_ARTIFACT_REF_BYTES,
    MAX_CONTRACT_BYTES, MAX_TYPE_BYTES, MAX_TYPES,
};
use crate::limits::Limits;
use crate::peer::PeerId;
use crate::transport::endpoint::Endpoint;
use crate::transport::{Connection, TransportError, quic};

/// The parts of a contract, for a person.
const CONTENT: &str = "its content";

/// Why a contract could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContractFetchError {
    /// The server has no such service.
    #[error("no service {service}: {offered}")]
    UnknownService {
        /// The name asked for.
        service: String,
        /// What the server offers.
        offered: String,
    },
    /// The server keeps its contract to itself.
    #[error(
        "the server publishes no contract of {service}; ask its operator for its manifest file, .aster/manifest.json"
    )]
    NotPublished {
        /// The service.
        service: String,
    },
    /// The server does not let this client in.
    #[error(
        "{peer} did not admit this client; ask its operator for a credential bound to this client's id"
    )]
    Denied {
        /// The server.
        peer: PeerId,
    },
    /// The server cannot be reached.
    #[error("cannot reach {peer}: {reason}")]
    Unreachable {
        /// The server.
        peer: PeerId,
        /// What was tried.
        reason: String,
    },
    /// The server is slow, or gives no answer.
    #[error("the contract of {service} did not come within {} s", after.as_secs_f32())]
    TimedOut {
        /// The service.
        service: String,
        /// The limit, [`Limits::contract_timeout`].
        after: Duration,
    },
    /// The server announced what it does not serve, or not in this form.
    #[error("the server announces a contract of {service}, but {part} cannot be had: {reason}")]
    Broken {
        /// The service.
        service: String,
        /// What was asked for.
        part: &'static str,
        /// Why it did not come.
        reason: String,
    },
    /// The server sent something else than the contract it announced.
    #[error(
        "the server sent another contract of {service} than the one it announced, {id}: {reason}"
    )]
    Forged {
        /// The service.
        service: String,
        /// The id announced.
        id: ContractId,
        /// What does not fit.
        reason: String,
    },
}

/// What the admission response says about a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Announced<'a> {
    pub(crate) service: &'a str,
    pub(crate) version: i32,
    pub(crate) id: ContractId,
    /// The hash of the collection, stated by servers of this crate.
    pub(crate) collection: Option<&'a str>,
    /// The document that names the collection, or the empty string.
    pub(crate) namespace: &'a str,
}

/// The contract that `announced` stands for, verified.
pub(crate) async fn fetch(
    endpoint: &Endpoint,
    address: &Address,
    announced: Announced<'_>,
    limits: &Limits,
) -> Result<Contract, ContractFetchError> {
    let fetch = Fetch { endpoint, address, announced };
    let after = limits.contract_timeout;
    tokio::time::timeout(after, fetch.run(limits.max_contract_bytes)).await.unwrap_or_else(|_| {
        Err(ContractFetchError::TimedOut { service: announced.service.to_owned(), after })
    })
}

#[derive(Clone, Copy)]
struct Fetch<'a> {
    endpoint: &'a Endpoint,
    address: &'a Address,
    announced: Announced<'a>,
}

impl Fetch<'_> {
    async fn run(self, max_bytes: usize) -> Result<Contract, ContractFetchError> {
        let blobs = self.connect(BLOBS_ALPN, CONTENT).await?;
        let Connection::Quic(quic::Connection(connection)) = &blobs else {
            return Err(self.not_published());
        };
        let downloads = Downloads::new(connection.clone(), max_bytes);
        let collection = self.collection(&blobs, downloads).await;
        blobs.close("contract fetched");
        self.verified(&collection?)
    }

    fn verified(self, collection: &Collection) -> Result<Contract, ContractFetchError> {
        let Announced { service, version, id, .. } = self.announced;
        let forged =
            |reason| ContractFetchError::Forged { service: service.to_owned(), id, reason };
        let contract =
            Contract::from_collection(id, collection).map_err(|error| forged(error.to_string()))?;
        if (contract.service.as_str(), contract.version) != (service, version) {
            let reason = format!("it is that of {} v{}", contract.service, contract.version);
            return Err(forged(reason));
        }
        Ok(contract)
    }

    async fn collection(
        self,
        blobs: &Connection,
        mut downloads: Downloads,
    ) -> Result<Collection, ContractFetchError> {
        let hash = match (self.announced.collection, self.announced.namespace) {
            (Some(hash), _) => self.hash(hash)?,
            (None, "") => return self.by_id(blobs, &mut downloads).await,
            (None, namespace) => self.listed(namespace, blobs, &mut downloads).await?,
        };
        let collection = downloads.collection(hash).await;
        collection.map_err(|error| self.download_error(blobs, CONTENT, error))
    }

    /// The contract and its types, each by its hash: what a server has without
    /// a collection. There is no manifest, so no more than the id covers.
    async fn by_id(
        self,
        blobs: &Connection,
        downloads: &mut Downloads,
    ) -> Result<Collection, ContractFetchError> {
        let broken = |error: ContractError| self.broken(CONTENT, &error.to_string());
        let id = *self.announced.id.as_bytes();
        let content = downloads.blob(Hash::from_bytes(id), MAX_CONTRACT_BYTES).await;
        let content = content.map_err(|error| {
            match self.download_error(blobs, CONTENT, error) {
                // Nothing but the id was announced.
                ContractFetchError::Broken { .. } => self.not_published(),
                other => other,
            }
        })?;
        let name = Collection::CONTRACT.to_owned();
        let mut open = Collection::references(&name, &content).map_err(broken)?;
        let mut entries = vec![(name, content)];
        let mut seen = open.clone();
        while let Some(hash) = open.pop_first() {
            if entries.len() > MAX_TYPES {
                return Err(self.broken(CONTENT, "it has too many types"));
            }
            let content = downloads.blob(Hash::from_bytes(hash), MAX_TYPE_BYTES).await;
            let content =
                content.map_err(|error| self.download_error(blobs, "one of its types", error))?;
            let name = Collection::type_name(&hash);
            let more = Collection::references(&name, &content).map_err(broken)?;
            open.extend(more.into_iter().filter(|hash| seen.insert(*hash)));
            entries.push((name, content));
        }
        Ok(Collection { entries })
    }

    /// The hash of the collection as the server's document has it.
    async fn listed(
        self,
        namespace: &str,
        blobs: &Connection,
        downloads: &mut Downloads,
    ) -> Result<Hash, ContractFetchError> {
        const PART: &str = "the list of contracts";
        let broken = |reason: &str| self.broken(PART, reason);
        let namespace: [u8; 32] = data_encoding::HEXLOWER
            .decode(namespace.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| broken("its id is not 64 hexadecimal digits"))?;
        let connection = self.connect(DOCUMENT_ALPN, PART).await?;
        let answer = exchange::request(&connection, namespace).await;
        connection.close("document copied");
        let answer = answer.map_err(|error| match error {
            ExchangeError::Transport(error) => self.transport_error(&error, PART),
            error => broken(&error.to_string()),
        })?;
        let answer = answer.ok_or_else(|| broken("the server does not have it"))?;
        let key = contract_key(self.announced.id);
        let entries = entries_with_key(answer, &namespace, &key)
            .map_err(|_| broken("the answer is not a document"))?;
        let entry = entries
            .iter()
            .find(|entry| entry.len() > 0)
            .ok_or_else(|| broken("this contract is not in it"))?;
        let artifact = downloads.blob(entry.hash(), MAX_ARTIFACT_REF_BYTES).await;
        let artifact = artifact.map_err(|error| self.download_error(blobs, PART, error))?;
        let hash = ArtifactRef::collection_hash(&artifact);
        hash.map(Hash::from_bytes).map_err(|error| broken(&error.to_string()))
    }

    fn hash(self, text: &str) -> Result<Hash, ContractFetchError> {
        data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Hash::from_bytes)
            .ok_or_else(|| self.broken(CONTENT, "its hash is not 64 hexadecimal digits"))
    }

    async fn connect(
        self,
        alpn: &'static [u8],
        part: &'static str,
    ) -> Result<Connection, ContractFetchError> {
        let connection = self.endpoint.connect(self.address, alpn).await;
        connection.map_err(|error| self.transport_error(&error, part))
    }

    fn transport_error(self, error: &TransportError, part: &'static str) -> ContractFetchError {
        let peer = self.address.peer;
        let announced = self.announced.collection.is_some() || !self.announced.namespace.is_empty();
        match error {
            TransportError::NotAdmitted => ContractFetchError::Denied { peer },
            TransportError::NoProtocol if announced => self.broken(part, &error.to_string()),
            TransportError::NoProtocol => self.not_published(),
            other => ContractFetchError::Unreachable { peer, reason: other.to_string() },
        }
    }

    fn download_error(
        self,
        blobs: &Connection,
        part: &'static str,
        error: DownloadError,
    ) -> ContractFetchError {
        let closed = match (blobs, &error) {
            (Connection::Quic(blobs), DownloadError::NotServed(_)) => blobs.0.close_reason(),
            _ => None,
        };
        match closed {
            Some(reason) => self.transport_error(&quic::connection_error(&reason), part),
            None => self.broken(part, &error.to_string()),
        }
    }

    fn broken(self, part: &'static str, reason: &str) -> ContractFetchError {
        ContractFetchError::Broken {
            service: self.announced.service.to_owned(),
            part,
            reason: reason.to_owned(),
        }
    }

    fn not_published(self) -> ContractFetchError {
        ContractFetchError::NotPublished { service: self.announced.service.to_owned() }
    }
}
