//! Describes a server before it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::accept_loop;
use super::manifest::ManifestCheck;
use super::table::{DuplicateService, Instance, ServiceTable};
use super::{AsterServer, HELLO_ALPN, RPC_ALPN, ServerCore, Shared};
use crate::address::Address;
use crate::budget::Budget;
use crate::client::AsterClient;
use crate::contract::manifest::{ContractMismatch, ManifestFileError};
use crate::dispatch::{Dispatch, Service, SessionContext};
use crate::gate::Gate;
use crate::hello::ServiceSummary;
use crate::identity::{Identity, IdentityError};
use crate::limits::Limits;
use crate::network::{InvalidVariable, Network, RelayMode};
use crate::service::Scope;
use crate::status::Status;
use crate::transport::endpoint::{BindError, Endpoint};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Nothing says who may come in.
    #[error(
        "the server has no gate: say who may call it. For a server that everybody may call, ask for it by name with open_gate()"
    )]
    NoGate,
    /// There is no Tokio runtime to run handlers on.
    #[error("a server starts within a Tokio runtime, as in #[tokio::main]")]
    NoRuntime,
    /// A service with the wrong way of registering it.
    #[error("service {name} is {scope}-scoped: register it with {method}")]
    Scope {
        /// The service.
        name: &'static str,
        /// Its scope.
        scope: &'static str,
        /// The builder method to use.
        method: &'static str,
    },
    /// A name and version registered twice.
    #[error(transparent)]
    Duplicate(#[from] DuplicateService),
    /// The identity file.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// An environment variable.
    #[error(transparent)]
    Variable(#[from] InvalidVariable),
    /// The network.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The manifest of the project cannot be used.
    #[error(
        "{0}\nWrite it anew: aster contract gen PROGRAM --out {path}",
        path = .0.path().display()
    )]
    Manifest(#[source] ManifestFileError),
    /// A service is not what the manifest of the project says.
    #[error(transparent)]
    Contract(Box<ContractMismatch>),
    /// The services do not fit into one admission response.
    #[error(
        "the announcement of {services} services takes {bytes} bytes; clients read at most {max}"
    )]
    TooManyServices {
        /// How many.
        services: usize,
        /// Bytes of the announcement.
        bytes: usize,
        /// The limit.
        max: usize,
    },
}

/// Describes a server; see [`AsterServer::builder`].
#[derive(Debug, Default)]
#[must_use = "a server starts with bind()"]
pub struct AsterServerBuilder {
    table: ServiceTable,
    /// The first mistake, reported when the server starts.
    mistake: Option<StartError>,
    gate: Option<Gate>,
    network: Option<Network>,
    bind: Option<SocketAddr>,
    relay: Option<RelayMode>,
    identity: Option<Identity>,
    identity_file: Option<PathBuf>,
    manifest: ManifestCheck,
    limits: Limits,
}

impl AsterServerBuilder {
    /// Adds a shared service: one instance for all callers.
    pub fn service<S: Service>(self, service: S) -> Self {
        let instance = Instance::Shared(Arc::new(service));
        self.register::<S>(Scope::Shared, "service(value)", instance)
    }

    /// Adds a session-scoped service: `open` makes the instance of each
    /// session. The instance is dropped when the session ends.
    pub fn session<S, F>(self, open: F) -> Self
    where
        S: Service,
        F: Fn(&SessionContext) -> S + Send + Sync + 'static,
    {
        self.try_session(move |context| Ok(open(context)))
    }

    /// Like [`session`](Self::session), for instances that may fail to open:
    /// the status is the answer to the caller.
    pub fn try_session<S, F>(self, open: F) -> Self
    where
        S: Service,
        F: Fn(&SessionContext) -> Result<S, Status> + Send + Sync + 'static,
    {
        let factory = move |context: &SessionContext| {
            let instance: Arc<dyn Dispatch> = Arc::new(open(context)?);
            Ok(instance)
        };
        let instance = Instance::Session(Arc::new(factory));
        self.register::<S>(Scope::Session, "session(|context| value)", instance)
    }

    fn register<S: Service>(
        mut self,
        scope: Scope,
        method: &'static str,
        instance: Instance,
    ) -> Self {
        let descriptor = S::DESCRIPTOR;
        let result = if descriptor.scope == scope {
            self.table.insert(descriptor, instance).map_err(StartError::from)
        } else {
            Err(StartError::Scope {
                name: descriptor.name,
                scope: descriptor.scope.name(),
                method: if method.starts_with("service") {
                    "session(|context| value)"
                } else {
                    "service(value)"
                },
            })
        };
        if let Err(error) = result {
            self.mistake.get_or_insert(error);
        }
        self
    }

    /// Lets everybody call every method. The server logs a warning when it
    /// starts.
    pub fn open_gate(mut self) -> Self {
        self.gate = Some(Gate::Open);
        self
    }

    /// The UDP address to bind; replaces `ASTER_BIND_ADDR`.
    pub fn bind_address(mut self, address: SocketAddr) -> Self {
        self.bind = Some(address);
        self
    }

    /// Which relays to use; replaces `ASTER_RELAY_MODE` and `IROH_RELAY_URL`.
    pub fn relay(mut self, relay: RelayMode) -> Self {
        self.relay = Some(relay);
        self
    }

    /// All network settings at once; nothing is read from the environment.
    pub fn network(mut self, network: Network) -> Self {
        self.network = Some(network);
        self
    }

    /// The node's key. Without one, each start has a new key and with it a new
    /// address.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Reads the node's key from a file, made when it is missing. Together
    /// with a fixed port this keeps the address over restarts.
    pub fn identity_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.identity_file = Some(path.into());
        self
    }

    /// Which manifest the services must agree with, for the server to start:
    /// without this, `.aster/manifest.json` in the working directory, if there
    /// is one.
    ///
    /// ```
    /// use aster_runtime::{AsterServer, ManifestCheck};
    ///
    /// let server = AsterServer::builder().manifest(ManifestCheck::Off);
    /// ```
    pub fn manifest(mut self, check: ManifestCheck) -> Self {
        self.manifest = check;
        self
    }

    /// The bounds on what peers can use.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Binds the network and serves. Nothing here waits for a relay.
    ///
    /// # Errors
    /// [`StartError`] says what to change.
    pub async fn bind(mut self) -> Result<AsterServer, StartError> {
        let mut network = match self.network.take() {
            Some(network) => network,
            None => Network::from_env()?,
        };
        network.bind = self.bind.unwrap_or(network.bind);
        network.relay = self.relay.take().unwrap_or(network.relay);
        let identity = match (self.identity.take(), self.identity_file.take()) {
            (Some(identity), _) => identity,
            (None, Some(path)) => Identity::load_or_create(path)?,
            (None, None) => Identity::generate(),
        };
        let (core, gate) = self.into_checked_core()?;
        let alpns = vec![RPC_ALPN.to_vec(), HELLO_ALPN.to_vec()];
        let endpoint = Endpoint::bind(&network, &identity, &core.limits, alpns).await?;
        let address = endpoint.address().await;
        let shared = Arc::new(Shared::new(core, gate, &address)?);
        if gate == Gate::Open {
            tracing::warn!("the gate is open: every peer that reaches this server may call it");
        }
        let accepting = endpoint.io().spawn(accept_loop(endpoint.clone(), shared.clone()));
        let stop = shared.stop.clone();
        Ok(AsterServer { shared, endpoint, address, accepting, _stop_on_drop: stop.drop_guard() })
    }

    /// Serves one caller within this process, without a network: the same
    /// calls over in-memory streams. For tests, and for services that live
    /// beside their caller. It does not look for a manifest in the working
    /// directory; one that [`manifest`](Self::manifest) names is checked.
    ///
    /// # Errors
    /// [`StartError`] as for [`bind`](Self::bind).
    pub fn in_process(self) -> Result<AsterClient, StartError> {
        let server =
            self.identity.as_ref().map_or_else(|| Identity::generate().peer(), Identity::peer);
        let (core, gate) = match self.manifest {
            ManifestCheck::WorkingDirectory => self.into_core()?,
            _ => self.into_checked_core()?,
        };
        let limits = core.limits.clone();
        let shared = Arc::new(Shared::new(core, gate, &Address::new(server, []))?);
        Ok(AsterClient::in_process(shared, server, limits))
    }

    /// Serves on an endpoint that the program owns: the returned protocol is
    /// mounted on an iroh `Router` under [`RPC_ALPN`] and [`HELLO_ALPN`].
    /// `address` is where clients reach that endpoint.
    ///
    /// # Errors
    /// [`StartError`] as for [`bind`](Self::bind).
    pub fn protocol(
        self,
        address: &Address,
    ) -> Result<crate::transport::mount::AsterProtocol, StartError> {
        let (core, gate) = self.into_checked_core()?;
        let shared = Arc::new(Shared::new(core, gate, address)?);
        Ok(crate::transport::mount::AsterProtocol::new(shared))
    }

    /// What is served, after the manifest has been compared with it.
    fn into_checked_core(self) -> Result<(ServerCore, Gate), StartError> {
        let check = self.manifest.clone();
        let (core, gate) = self.into_core()?;
        check.run(core.table.descriptors())?;
        Ok((core, gate))
    }

    fn into_core(self) -> Result<(ServerCore, Gate), StartError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let gate = self.gate.ok_or(StartError::NoGate)?;
        let core = ServerCore {
            table: self.table,
            memory: Budget::new(self.limits.server_memory_bytes),
            limits: Arc::new(self.limits),
            draining: CancellationToken::new(),
        };
        Ok((core, gate))
    }
}

impl Shared {
    fn new(core: ServerCore, gate: Gate, address: &Address) -> Result<Self, StartError> {
        let channel = address.to_node_address();
        let services: Vec<_> = core
            .table
            .descriptors()
            .iter()
            .map(|descriptor| ServiceSummary::new(descriptor, channel.clone()))
            .collect();
        // Names and addresses always serialize.
        let bytes = serde_json::to_vec(&services).map_or(0, |json| json.len());
        const ENVELOPE: usize = 1024;
        if bytes + ENVELOPE > crate::limits::MAX_HELLO_BYTES {
            return Err(StartError::TooManyServices {
                services: services.len(),
                bytes,
                max: crate::limits::MAX_HELLO_BYTES - ENVELOPE,
            });
        }
        Ok(Self {
            core: Arc::new(core),
            gate,
            services,
            app: Handle::try_current().map_err(|_| StartError::NoRuntime)?,
            calls: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }
}
