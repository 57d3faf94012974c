//! Our services and the two ways of serving them: behind a gate with
//! credentials and deadlines, as programs should, and open.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aster::trust::{Attributes, ConsumerCredential, RootKey};
use aster::{
    AsterClient, AsterServer, AsterServerBuilder, Identity, Limits, Network, Status, Streaming,
    service,
};
use futures::{Stream, StreamExt};

use crate::message::{Blob, Count, Item, Message, MetricPoint};

/// What callers hold.
const CAPABILITY: &str = "bench.call";

/// Keys of measurements are no secrets.
const ROOT_SEED: [u8; 32] = [1; 32];
const CLIENT_SECRET: [u8; 32] = [2; 32];

const CREDENTIAL_LIFETIME: Duration = Duration::from_secs(3600);

/// Sessions and connections that a server of measurements holds.
const HELD_AT_MOST: u32 = 20_000;

/// Unary calls as programs should make them: behind a capability, with a
/// deadline.
#[derive(Clone, Copy, Debug)]
pub struct Guarded;

#[service(requires = "bench.call")]
impl Guarded {
    #[rpc(timeout = "30s")]
    async fn echo(&self, message: Message) -> Result<Message, Status> {
        Ok(message)
    }

    #[rpc(timeout = "30s")]
    async fn echo_blob(&self, blob: Blob) -> Result<Blob, Status> {
        Ok(blob)
    }

    /// Items without an end, or as many as asked for.
    #[server_stream(timeout = "60s")]
    async fn items(
        &self,
        asked: Count,
    ) -> Result<impl Stream<Item = Result<Item, Status>> + Send + use<>, Status> {
        Ok(futures::stream::iter((0..asked.count).map(|_| Ok(Item::default()))))
    }

    #[client_stream(timeout = "60s")]
    async fn count(&self, mut items: Streaming<Item>) -> Result<Count, Status> {
        let mut count = 0;
        while items.message().await?.is_some() {
            count += 1;
        }
        Ok(Count { count })
    }

    #[client_stream(timeout = "60s")]
    async fn ingest(&self, mut points: Streaming<MetricPoint>) -> Result<Count, Status> {
        let mut count = 0;
        while let Some(point) = points.message().await? {
            count += i64::from(point.value.is_finite());
        }
        Ok(Count { count })
    }

    #[bidi_stream(timeout = "60s")]
    async fn mirror(
        &self,
        items: Streaming<Item>,
    ) -> Result<impl Stream<Item = Result<Item, Status>> + Send + use<>, Status> {
        Ok(items.map(|item| item))
    }
}

/// The same echo for JSON.
#[derive(Clone, Copy, Debug)]
pub struct Textual;

#[service(requires = "bench.call", serialization = ["json"])]
impl Textual {
    #[rpc(timeout = "30s")]
    async fn echo(&self, message: Message) -> Result<Message, Status> {
        Ok(message)
    }
}

/// The same echo for everybody, without a deadline.
#[derive(Clone, Copy, Debug)]
pub struct Open;

#[service]
impl Open {
    #[rpc]
    async fn echo(&self, message: Message) -> Result<Message, Status> {
        Ok(message)
    }
}

/// A session with an echo.
#[derive(Clone, Copy, Debug)]
pub struct Desk;

#[service(scope = "session", requires = "bench.call")]
impl Desk {
    #[rpc(timeout = "30s")]
    async fn echo(&self, message: Message) -> Result<Message, Status> {
        Ok(message)
    }
}

fn limits() -> Limits {
    Limits {
        max_concurrent_streams: HELD_AT_MOST,
        max_connections: HELD_AT_MOST as usize,
        max_unadmitted_connections: HELD_AT_MOST as usize,
        ..Limits::default()
    }
}

fn builder() -> AsterServerBuilder {
    AsterServer::builder().network(Network::loopback()).limits(limits())
}

async fn serve(builder: AsterServerBuilder) {
    let server = builder.bind().await.expect("bound");
    println!("{}", server.address());
    server.serve().await.expect("signals");
}

/// Serves those who hold the capability.
pub async fn serve_guarded() {
    let root = RootKey::from_seed(&ROOT_SEED).public_key();
    let services = builder().service(Guarded).service(Textual).session(|_| Desk);
    serve(services.root_pubkey(root)).await;
}

/// The same, with all handlers on the program's runtime.
pub async fn serve_apart() {
    let root = RootKey::from_seed(&ROOT_SEED).public_key();
    let limits = Limits { handlers_beside_packets: false, ..limits() };
    serve(builder().limits(limits).service(Guarded).root_pubkey(root)).await;
}

/// Serves everybody.
pub async fn serve_open() {
    serve(builder().service(Open).open_gate()).await;
}

/// A client with a credential that is bound to its key.
pub async fn connect(address: &str) -> AsterClient {
    let identity = Identity::from_secret(CLIENT_SECRET);
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", CAPABILITY).expect("fits");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let credential = ConsumerCredential::sign_policy(
        &RootKey::from_seed(&ROOT_SEED),
        Some(identity.peer()),
        (now + CREDENTIAL_LIFETIME).as_secs(),
        attributes,
    );
    let client = AsterClient::builder().network(Network::loopback()).identity(identity);
    client.credential(credential).connect(address).await.expect("admitted")
}

/// A client with nothing.
pub async fn connect_open(address: &str) -> AsterClient {
    let client = AsterClient::builder().network(Network::loopback());
    client.connect(address).await.expect("connected")
}
