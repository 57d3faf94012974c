//! Servers made by hand, to be wrong in.

use iroh::endpoint::Connection;
use iroh::protocol::{AcceptError, ProtocolHandler};

use super::*;

/// A server made by hand.
pub(super) struct HandMade {
    pub(super) address: String,
    _router: Router,
}

/// Answers every admission request with the same.
#[derive(Clone, Debug)]
struct Hello(Value);

impl ProtocolHandler for Hello {
    async fn accept(&self, connection: Connection) -> Result<(), AcceptError> {
        let (mut send, mut recv) = connection.accept_bi().await?;
        let _ = recv.read_to_end(1 << 16).await;
        let _ = send.write_all(self.0.to_string().as_bytes()).await;
        let _ = send.finish();
        connection.closed().await;
        Ok(())
    }
}

/// Writes the same bytes again and again.
#[derive(Clone, Debug)]
pub(super) struct Endless {
    pub(super) start: Vec<u8>,
    pub(super) rest: Vec<u8>,
}

impl ProtocolHandler for Endless {
    async fn accept(&self, connection: Connection) -> Result<(), AcceptError> {
        let (mut send, _recv) = connection.accept_bi().await?;
        let mut bytes = &self.start;
        while send.write_all(bytes).await.is_ok() {
            bytes = &self.rest;
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

/// Takes streams and says nothing.
#[derive(Clone, Debug)]
pub(super) struct Silent;

impl ProtocolHandler for Silent {
    async fn accept(&self, connection: Connection) -> Result<(), AcceptError> {
        let _streams = connection.accept_bi().await?;
        connection.closed().await;
        Ok(())
    }
}

/// Closes as a gate does.
#[derive(Clone, Debug)]
pub(super) struct Gated;

impl ProtocolHandler for Gated {
    async fn accept(&self, connection: Connection) -> Result<(), AcceptError> {
        connection.close(403u32.into(), b"not admitted");
        Ok(())
    }
}

pub(super) struct Announce<'a> {
    pub(super) id: String,
    pub(super) collection: Option<Hash>,
    pub(super) namespace: &'a str,
    /// Where the service is said to be; without it here.
    pub(super) channel: Option<&'a Address>,
}

impl Default for Announce<'_> {
    fn default() -> Self {
        Self { id: calculator().id.to_string(), collection: None, namespace: "", channel: None }
    }
}

impl HandMade {
    pub(super) async fn new(
        announce: Announce<'_>,
        with: impl FnOnce(Handlers) -> Handlers,
    ) -> Self {
        let endpoint = endpoint().await;
        let address = Address::of(&endpoint);
        let mut service = json!({
            "name": "Calculator", "version": 1, "contract_id": announce.id,
            "channels": {"rpc": announce.channel.unwrap_or(&address).to_node_address()},
        });
        if let Some(collection) = announce.collection {
            service["contract_collection"] = collection.to_hex().into();
        }
        let response = json!({
            "admitted": true, "services": [service], "registry_namespace": announce.namespace,
        });
        let mut router = Router::builder(endpoint).accept(HELLO_ALPN, Hello(response));
        let handlers = with(Handlers::default());
        if let Some(blobs) = handlers.blobs {
            router = router.accept(BLOBS_ALPN, blobs);
        }
        if let Some(document) = handlers.document {
            router = router.accept(DOCUMENT_ALPN, document);
        }
        Self { address: address.to_string(), _router: router.spawn() }
    }

    /// What a client gets that asks for the contract.
    pub(super) async fn contract(&self, limits: Limits) -> Result<Contract, ContractFetchError> {
        let client = client_with(&self.address, limits).await;
        let result = soon(client.contract("Calculator")).await;
        client.close().await;
        result
    }

    pub(super) async fn error(&self) -> ContractFetchError {
        self.contract(Limits::default()).await.unwrap_err()
    }
}

type Handler = Box<dyn iroh::protocol::DynProtocolHandler>;

#[derive(Default)]
pub(super) struct Handlers {
    blobs: Option<Handler>,
    document: Option<Handler>,
}

impl Handlers {
    pub(super) fn blobs(mut self, handler: impl ProtocolHandler) -> Self {
        self.blobs = Some(Box::new(handler));
        self
    }

    pub(super) fn document(mut self, handler: impl ProtocolHandler) -> Self {
        self.document = Some(Box::new(handler));
        self
    }
}

/// A store with this collection.
pub(super) async fn store_with(entries: &[(String, Vec<u8>)]) -> (MemStore, Hash) {
    let store = MemStore::new();
    let mut collection = Collection::default();
    for (name, content) in entries {
        let added = store.add_slice(content).await.unwrap();
        collection.push(name.clone(), added.hash);
    }
    let tag = collection.store(&store).await.unwrap();
    (store, tag.hash())
}

/// The entries that a server publishes of the calculator.
pub(super) async fn published() -> Vec<(String, Vec<u8>)> {
    let server = server().bind().await.unwrap();
    let response = hello(server.address()).await;
    let hash = response["services"][0]["contract_collection"].as_str().unwrap();
    let hash: Hash = hash.parse().unwrap();
    let endpoint = endpoint().await;
    let connection = endpoint.connect(target(server.address()), BLOBS_ALPN).await.unwrap();
    let store = MemStore::new();
    store.remote().fetch(connection, iroh_blobs::HashAndFormat::hash_seq(hash)).await.unwrap();
    let collection = Collection::load(hash, &*store).await.unwrap();
    let mut entries = Vec::new();
    for (name, hash) in collection {
        entries.push((name, store.get_bytes(hash).await.unwrap().to_vec()));
    }
    endpoint.close().await;
    entries
}

/// What a client says of a server that announces the calculator and has these.
pub(super) async fn error_with(entries: &[(String, Vec<u8>)]) -> ContractFetchError {
    let (store, hash) = store_with(entries).await;
    let announce = Announce { collection: Some(hash), ..Default::default() };
    let blobs = BlobsProtocol::new(&store, None);
    HandMade::new(announce, |handlers| handlers.blobs(blobs)).await.error().await
}

pub(super) fn is_forged(error: &ContractFetchError) -> bool {
    matches!(error, ContractFetchError::Forged { service, id, .. }
        if service == "Calculator" && *id == calculator().id)
}
