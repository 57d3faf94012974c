//! A server behind a root key, and credentials for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{Attributes, Audience, Capabilities, Chain, ConsumerCredential, RootKey, Terms};
use aster::{
    AsterClient, AsterClientBuilder, AsterServer, AsterServerBuilder, Identity, PeerId, Status,
    Streaming, service,
};
use futures::{Stream, StreamExt};

use crate::service::{Number, loopback, number};

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A service with every kind of requirement.
pub(crate) struct Fleet {
    pub(crate) calls: Arc<AtomicU64>,
}

#[service(name = "Fleet", requires = admitted, rename_all = "camelCase")]
impl Fleet {
    #[rpc]
    async fn hello(&self, n: Number) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(n)
    }

    #[rpc(requires = "ops.status")]
    async fn status(&self, n: Number) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(n)
    }

    #[rpc(requires = all_of("ops.status", "ops.admin"))]
    async fn admin(&self, n: Number) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(n)
    }

    #[server_stream(requires = any_of("ops.logs", "ops.admin"))]
    async fn logs(
        &self,
        n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(futures::stream::iter([Ok(n)]).chain(futures::stream::pending()))
    }

    #[client_stream(requires = "ops.ingest")]
    async fn ingest(&self, mut numbers: Streaming<Number>) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mut total = 0;
        while let Some(n) = numbers.message().await? {
            total += n.value;
        }
        Ok(number(total))
    }

    #[bidi_stream(requires = "ops.admin")]
    async fn double(
        &self,
        numbers: Streaming<Number>,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(numbers.map(|n| n.map(|n| number(n.value * 2))))
    }
}

/// One for each session; opening it takes a capability.
pub(crate) struct Desk {
    pub(crate) calls: Arc<AtomicU64>,
    total: AtomicU64,
}

#[service(name = "Desk", scope = "session", requires = "ops.desk")]
impl Desk {
    #[rpc]
    async fn add(&self, n: Number) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let before = self.total.fetch_add(n.value as u64, Ordering::SeqCst);
        Ok(number(before as i64 + n.value))
    }

    #[rpc(requires = "ops.admin")]
    async fn reset(&self, n: Number) -> Result<Number, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Ok(n)
    }
}

/// A root key, a server that trusts it, and what reached its handlers.
pub(crate) struct Domain {
    pub(crate) root: RootKey,
    pub(crate) server: AsterServer,
    address: String,
    /// Calls that came through to a handler.
    pub(crate) calls: Arc<AtomicU64>,
    /// Sessions for which an instance was made.
    pub(crate) desks: Arc<AtomicU64>,
    pub(crate) directory: tempfile::TempDir,
}

impl Domain {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(
        change: impl FnOnce(AsterServerBuilder) -> AsterServerBuilder,
    ) -> Self {
        let root = RootKey::generate();
        let directory = tempfile::tempdir().unwrap();
        let (calls, desks) = (Arc::default(), Arc::default());
        let builder = builder(&calls, &desks)
            .root_pubkey(root.public_key())
            .nonce_store(directory.path().join("nonces.json"));
        let server = change(builder).bind().await.unwrap();
        let address = server.address().to_string();
        Self { root, server, address, calls, desks, directory }
    }

    /// A credential for a node.
    pub(crate) fn credential(&self, node: &Identity, role: &str) -> ConsumerCredential {
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", role).unwrap();
        ConsumerCredential::sign_policy(&self.root, Some(node.peer()), now() + 3600, attributes)
    }

    /// A chain for a node that is for some services and methods only.
    pub(crate) fn chain(&self, node: PeerId, role: &str, audience: &[&str]) -> Chain {
        let terms = Terms {
            subject: node,
            not_before: now() - 10,
            not_after: now() + 3600,
            capabilities: Capabilities::from_role(role),
            audience: Audience::parse(audience.iter().copied()).unwrap(),
            delegations: 1,
        };
        Chain::issue(&self.root, terms).unwrap()
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A new client that holds these capabilities.
    pub(crate) async fn client(&self, role: &str) -> AsterClient {
        let node = Identity::generate();
        let credential = self.credential(&node, role);
        client(&node).credential(credential).connect(self.address()).await.unwrap()
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn desks(&self) -> u64 {
        self.desks.load(Ordering::SeqCst)
    }
}

pub(crate) fn builder(calls: &Arc<AtomicU64>, desks: &Arc<AtomicU64>) -> AsterServerBuilder {
    let (desk_calls, desks) = (calls.clone(), desks.clone());
    AsterServer::builder().network(loopback()).service(Fleet { calls: calls.clone() }).session(
        move |_| {
            desks.fetch_add(1, Ordering::SeqCst);
            Desk { calls: desk_calls.clone(), total: AtomicU64::new(0) }
        },
    )
}

pub(crate) fn client(node: &Identity) -> AsterClientBuilder {
    AsterClient::builder().network(loopback()).identity(node.clone())
}
