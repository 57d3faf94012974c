//! The connections that calls share.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use tokio::sync::Mutex;

use super::hello::Admission;
use super::outbox::{First, Outbox, Sent, Unsent};
use crate::address::Address;
use crate::hello::{RPC_CHANNEL, ServiceSummary};
use crate::server::RPC_ALPN;
use crate::status::Status;
use crate::transport::endpoint::Endpoint;
use crate::transport::path::ConnectionPath;
use crate::transport::{Connection, RecvHalf, SendHalf, TransportError, memory};

/// Makes connections, one for each address, and makes them again when they
/// are lost.
#[derive(Clone)]
pub(crate) struct Connector(Arc<Kind>);

enum Kind {
    Network {
        endpoint: Endpoint,
        /// The address that the program gave: known to work.
        dialled: Address,
        admission: Box<Admission>,
        connections: std::sync::Mutex<HashMap<Address, Slot>>,
    },
    Memory(Arc<Outbox>),
}

/// The last clone of a client is gone: the server is told, as far as the
/// process lives long enough. [`close`](super::AsterClient::close) waits for it.
impl Drop for Kind {
    fn drop(&mut self) {
        match self {
            Self::Network { endpoint, .. } => endpoint.close_soon(),
            Self::Memory(outbox) => outbox.connection().close("client dropped"),
        }
    }
}

/// The connection to one address.
type Slot = Arc<Place>;

#[derive(Default)]
struct Place {
    current: std::sync::Mutex<Option<Arc<Outbox>>>,
    /// Held while connecting, so that calls that start together share one
    /// connection.
    connecting: Mutex<()>,
}

impl Place {
    /// What is there, unless it is known not to work.
    fn working(&self, lost: Option<&Arc<Outbox>>) -> Option<Arc<Outbox>> {
        let outbox = self.lock().clone()?;
        let lost = lost.is_some_and(|lost| Arc::ptr_eq(lost, &outbox));
        (!lost && !outbox.connection().is_closed()).then_some(outbox)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Outbox>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector {
    pub(super) fn network(endpoint: Endpoint, dialled: Address, admission: Admission) -> Self {
        Self(Arc::new(Kind::Network {
            endpoint,
            dialled,
            admission: Box::new(admission),
            connections: std::sync::Mutex::default(),
        }))
    }

    pub(super) fn memory(connection: memory::Connection) -> Self {
        let connection = Connection::Memory(connection);
        Self(Arc::new(Kind::Memory(Arc::new(Outbox::memory(connection)))))
    }

    pub(super) async fn close(&self) {
        match &*self.0 {
            Kind::Network { endpoint, .. } => endpoint.close().await,
            Kind::Memory(outbox) => outbox.connection().close("client closed"),
        }
    }

    /// The network, unless the server is in this process.
    #[cfg(feature = "registry")]
    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        match &*self.0 {
            Kind::Network { endpoint, .. } => Some(endpoint),
            Kind::Memory(_) => None,
        }
    }

    fn slot(&self, address: &Address) -> Option<Slot> {
        match &*self.0 {
            Kind::Network { connections, .. } => {
                let mut connections = connections.lock().unwrap_or_else(PoisonError::into_inner);
                Some(connections.entry(address.clone()).or_default().clone())
            }
            Kind::Memory(_) => None,
        }
    }
}

/// The way to one service.
#[derive(Clone)]
pub(crate) struct Channel(Arc<Way>);

struct Way {
    connector: Connector,
    address: Address,
    slot: Option<Slot>,
    service: String,
    version: i32,
}

impl Channel {
    /// The way to the service announced as `summary`.
    pub(super) fn new(connector: Connector, summary: &ServiceSummary) -> Result<Self, Status> {
        let announced = summary.channels.get(RPC_CHANNEL).map(|text| text.parse::<Address>());
        let address = match (&*connector.0, announced) {
            (Kind::Memory(outbox), _) => Address::new(outbox.connection().peer(), []),
            // Servers behind address translation announce what they can see;
            // what worked for admission works here too.
            (Kind::Network { dialled, .. }, None) => dialled.clone(),
            (Kind::Network { dialled, .. }, Some(Ok(mut address))) => {
                if address.peer == dialled.peer {
                    let mut direct = dialled.direct.clone();
                    address.direct.retain(|a| !direct.contains(a));
                    direct.append(&mut address.direct);
                    address.direct = direct;
                }
                address
            }
            (_, Some(Err(error))) => {
                return Err(Status::unavailable(format!(
                    "the server announces service {} at an address that cannot be read: {error}",
                    summary.name
                )));
            }
        };
        Ok(Self(Arc::new(Way {
            slot: connector.slot(&address),
            connector,
            address,
            service: summary.name.clone(),
            version: summary.version,
        })))
    }

    /// The way to the server itself, at the address that the program gave.
    pub(super) fn of_server(connector: Connector) -> Self {
        let address = match &*connector.0 {
            Kind::Network { dialled, .. } => dialled.clone(),
            Kind::Memory(outbox) => Address::new(outbox.connection().peer(), []),
        };
        Self(Arc::new(Way {
            slot: connector.slot(&address),
            connector,
            address,
            service: String::new(),
            version: 0,
        }))
    }

    /// The way that packets take to this address, as far as known.
    pub(super) async fn path(&self) -> Result<Option<ConnectionPath>, Status> {
        Ok(self.outbox(None).await?.connection().path())
    }

    /// The service's name.
    pub(super) fn service(&self) -> &str {
        &self.0.service
    }

    /// Where the service is.
    #[cfg(feature = "registry")]
    pub(super) fn address(&self) -> &Address {
        &self.0.address
    }

    /// The service's version as announced.
    pub(super) fn version(&self) -> i32 {
        self.0.version
    }

    /// Opens a stream. A connection that turns out to be lost is made again,
    /// once: nothing was sent yet.
    pub(super) async fn open(&self) -> Result<(SendHalf, RecvHalf), Status> {
        let outbox = self.outbox(None).await?;
        match outbox.connection().open().await {
            Ok(streams) => Ok(streams),
            Err(TransportError::Connection(_)) if self.0.slot.is_some() => {
                let fresh = self.outbox(Some(&outbox)).await?;
                Ok(fresh.connection().open().await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Sends a call that sends nothing else, on a stream of its own; see
    /// [`open`](Self::open).
    pub(super) async fn send(&self, first: First) -> Result<Sent, Status> {
        let outbox = self.outbox(None).await?;
        let unsent = match outbox.send(first).await {
            Ok(sent) => return Ok(sent),
            Err(unsent) => unsent,
        };
        let error = match unsent {
            Unsent::NotBegun(first, TransportError::Connection(_)) if self.0.slot.is_some() => {
                match self.outbox(Some(&outbox)).await?.send(first).await {
                    Ok(sent) => return Ok(sent),
                    Err(Unsent::NotBegun(_, error) | Unsent::Broken(error)) => error,
                }
            }
            Unsent::NotBegun(_, error) | Unsent::Broken(error) => error,
        };
        Err(error.into())
    }

    async fn outbox(&self, lost: Option<&Arc<Outbox>>) -> Result<Arc<Outbox>, Status> {
        let (endpoint, dialled, admission, slot) = match (&*self.0.connector.0, &self.0.slot) {
            (Kind::Network { endpoint, dialled, admission, .. }, Some(slot)) => {
                (endpoint, dialled, admission, slot)
            }
            (Kind::Memory(outbox), _) => return Ok(outbox.clone()),
            (Kind::Network { .. }, None) => return Err(Status::internal("no connection slot")),
        };
        if let Some(outbox) = slot.working(lost) {
            return Ok(outbox);
        }
        Box::pin(self.connect(endpoint, dialled, admission, slot, lost)).await
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        dialled: &Address,
        admission: &Admission,
        slot: &Slot,
        lost: Option<&Arc<Outbox>>,
    ) -> Result<Arc<Outbox>, Status> {
        // The program named a key, and this client was admitted by it: an
        // announcement does not move calls to another one.
        if self.0.address.peer != dialled.peer {
            return Err(Status::failed_precondition(format!(
                "{} announces service {} at another node, {}; connect to that one to call it",
                dialled.peer.short(),
                self.0.service,
                self.0.address.peer
            )));
        }
        let _connecting = slot.connecting.lock().await;
        if let Some(outbox) = slot.working(lost) {
            return Ok(outbox);
        }
        // A server that has started again, or has ended this client's
        // admission, admits it anew or says so.
        let again = slot.lock().is_some();
        if again && admission.is_repeatable() {
            admission.check()?;
            admission.ask(endpoint, dialled).await?;
        }
        let connection =
            endpoint.connect(&self.0.address, RPC_ALPN).await.map_err(|error| match error {
                TransportError::Unreachable(reason) => Status::unavailable(format!(
                    "cannot reach {}: {reason}",
                    self.0.address.peer.short()
                )),
                other => other.into(),
            })?;
        let outbox = Arc::new(Outbox::network(connection, endpoint.io()));
        *slot.lock() = Some(outbox.clone());
        Ok(outbox)
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Channel({} v{})", self.0.service, self.0.version)
    }
}
