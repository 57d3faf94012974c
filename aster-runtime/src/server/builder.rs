//! Describes a server before it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::accept_loop;
use super::manifest::ManifestCheck;
use super::start_error::StartError;
use super::table::{Instance, ServiceTable};
use super::{AsterServer, HELLO_ALPN, RPC_ALPN, ServerCore, Shared};
use crate::address::Address;
use crate::admission::{self, Admissions, Nonces, RevocationFile, Trusted};
use crate::budget::Budget;
use crate::client::AsterClient;
use crate::config::{Config, GateSetting, Overrides, Side};
use crate::dispatch::{Dispatch, Service, SessionContext};
use crate::gate::Gate;
use crate::hello::ServiceSummary;
use crate::identity::Identity;
use crate::io::PacketPlacement;
use crate::limits::Limits;
use crate::network::{Network, RelayMode};
#[cfg(feature = "registry")]
use crate::registry::{self, Publication, Publish, Registry};
use crate::service::Scope;
use crate::status::Status;
use crate::transport::endpoint::Endpoint;
use crate::transport::hooks::ConnectionGate;
use crate::transport::mount::AsterProtocol;
use crate::trust::{Capabilities, NonceStore, RootPublicKey};

/// Describes a server; see [`AsterServer::builder`].
#[derive(Debug, Default)]
#[must_use = "a server starts with bind()"]
pub struct AsterServerBuilder {
    table: ServiceTable,
    /// The first mistake, reported when the server starts.
    mistake: Option<StartError>,
    /// Without one, file and environment are read.
    config: Option<Config>,
    /// What the program says, the last word.
    overrides: Overrides,
    connection_gate: Option<ConnectionGate>,
    manifest: ManifestCheck,
    packets: PacketPlacement,
    #[cfg(feature = "registry")]
    publish: Option<Publish>,
}

impl AsterServerBuilder {
    /// Where its packets are handled.
    pub fn packets(mut self, placement: PacketPlacement) -> Self {
        self.packets = placement;
        self
    }

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

    /// Everything that is configured, from [`Config::load`]; what this builder
    /// is told itself comes on top. Without this, the file that `ASTER_CONFIG`
    /// names and the `ASTER_*` variables count.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Lets everybody in. Methods without a requirement can be called by
    /// everybody, those with one by nobody, because no credential is looked
    /// at. The server logs a warning when it starts.
    pub fn open_gate(mut self) -> Self {
        self.overrides.allow_all_consumers = Some(true);
        self
    }

    /// Lets in whom this root key has signed a credential for, and nobody
    /// else.
    pub fn root_pubkey(mut self, root: RootPublicKey) -> Self {
        self.overrides.root_pubkey = Some(root);
        self
    }

    /// The same, with the key in a file, as `aster trust keygen` writes it.
    pub fn root_pubkey_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.root_pubkey_file = Some(path.into());
        self
    }

    /// Also lets in holders of credentials that name no node. Whoever has seen
    /// such a credential can use it.
    pub fn allow_unbound_credentials(mut self) -> Self {
        self.overrides.allow_unbound_credentials = Some(true);
        self
    }

    /// Where used one-time credentials are written down; without this, in the
    /// home directory. Servers that share the file share the memory.
    pub fn nonce_store(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.nonce_store = Some(path.into());
        self
    }

    /// A revocation list to enforce. The file is read again when it changes.
    pub fn revocation_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.revocation_files.get_or_insert_default().push(path.into());
        self
    }

    /// Puts the gate of this server in front of all protocols of an endpoint
    /// that the program owns; for [`protocol`](Self::protocol).
    pub fn connection_gate(mut self, gate: &ConnectionGate) -> Self {
        self.connection_gate = Some(gate.clone());
        self
    }

    /// The UDP address to bind; replaces `ASTER_BIND_ADDR`.
    pub fn bind_address(mut self, address: SocketAddr) -> Self {
        self.overrides.bind_addr = Some(address);
        self
    }

    /// Which relays to use; replaces `ASTER_RELAY_MODE` and `IROH_RELAY_URL`.
    pub fn relay(mut self, relay: RelayMode) -> Self {
        self.overrides.relay = Some(relay);
        self
    }

    /// Both network settings at once.
    pub fn network(mut self, network: Network) -> Self {
        self.overrides = self.overrides.with_network(network);
        self
    }

    /// The node's key. Without one, each start has a new key and with it a new
    /// address.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.overrides.identity = Some(identity);
        self
    }

    /// Reads the node's key from a file, made when it is missing. Together
    /// with a fixed port this keeps the address over restarts.
    pub fn identity_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.identity_file = Some(path.into());
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
        self.overrides.limits = Some(limits);
        self
    }

    /// Whether and where contracts are published, so that peers without the
    /// types can call the services; without this, from memory.
    #[cfg(feature = "registry")]
    pub fn publish(mut self, publish: Publish) -> Self {
        self.publish = Some(publish);
        self
    }

    /// Binds the network and serves. Nothing here waits for a relay.
    ///
    /// # Errors
    /// [`StartError`] says what to change.
    pub async fn bind(mut self) -> Result<AsterServer, StartError> {
        let config = self.resolve()?;
        #[cfg(feature = "registry")]
        let publish = self.publish.take().unwrap_or_else(|| Publish::of(&config));
        let network = config.network(Side::Server);
        let identity = config.identity()?;
        let connection_gate = self.connection_gate.take().unwrap_or_default();
        let packets = self.packets;
        let (core, revocations) = self.into_checked_core(&config)?;
        if !connection_gate.set(core.admissions.clone()) {
            return Err(StartError::GateInUse);
        }
        #[cfg_attr(not(feature = "registry"), expect(unused_mut, reason = "grows with it"))]
        let mut alpns = vec![RPC_ALPN.to_vec(), HELLO_ALPN.to_vec()];
        #[cfg(feature = "registry")]
        if publish != Publish::Off {
            alpns.extend(registry::ALPNS.map(<[u8]>::to_vec));
        }
        let gate = Some(connection_gate);
        let io = packets.of_server();
        let endpoint = Endpoint::bind(&network, &identity, &core.limits, alpns, gate, io).await?;
        let address = endpoint.address().await;
        let shared = async {
            #[cfg_attr(not(feature = "registry"), expect(unused_mut, reason = "published with it"))]
            let mut shared = Shared::new(core, &address)?;
            // Before the first connection is accepted: what is announced is
            // served.
            #[cfg(feature = "registry")]
            shared.publish(&publish, &address).await?;
            shared.check_announcement()?;
            Ok(shared)
        };
        let shared = match shared.await {
            Ok(shared) => Arc::new(shared),
            Err(error) => {
                endpoint.close().await;
                return Err(error);
            }
        };
        shared.watch_admissions(revocations, endpoint.io());
        if shared.core.admissions.gate() == Gate::Open {
            tracing::warn!("the gate is open: every peer that reaches this server is let in");
        }
        let accepting = endpoint.io().spawn(accept_loop(endpoint.clone(), shared.clone()));
        let stop = shared.stop.clone();
        Ok(AsterServer { shared, endpoint, address, accepting, _stop_on_drop: stop.drop_guard() })
    }

    /// Serves one caller within this process, without a network: the same
    /// calls over in-memory streams. For tests, and for services that live
    /// beside their caller. The caller is a stranger to the gate: at an open
    /// one it may call what everybody may. It does not look for a manifest in
    /// the working directory; one that [`manifest`](Self::manifest) names is
    /// checked.
    ///
    /// # Errors
    /// [`StartError`] as for [`bind`](Self::bind).
    pub fn in_process(mut self) -> Result<AsterClient, StartError> {
        let config = self.resolve()?;
        config.gate().map_err(|_| StartError::NoGate)?;
        self.into_process(&config, Capabilities::default())
    }

    /// The same for a caller with these capabilities. No gate is needed: the
    /// caller is this program itself. As at a closed gate, methods that say
    /// nothing about who may call them are an error; with
    /// [`open_gate`](Self::open_gate) they can be called.
    ///
    /// ```no_run
    /// # use aster_runtime::{AsterServer, Service, trust::Capabilities};
    /// # fn example(fleet: impl Service) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = AsterServer::builder()
    ///     .service(fleet)
    ///     .in_process_as(Capabilities::from_role("ops.status,ops.logs"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StartError`] as for [`bind`](Self::bind).
    pub fn in_process_as(mut self, capabilities: Capabilities) -> Result<AsterClient, StartError> {
        let config = self.resolve()?;
        self.into_process(&config, capabilities)
    }

    fn into_process(
        self,
        config: &Config,
        capabilities: Capabilities,
    ) -> Result<AsterClient, StartError> {
        let server = config.identity()?.peer();
        let core = match self.manifest {
            ManifestCheck::WorkingDirectory => self.into_core(config)?.0,
            _ => self.into_checked_core(config)?.0,
        };
        let limits = core.limits.clone();
        let shared = Arc::new(Shared::new(core, &Address::new(server, []))?);
        shared.check_announcement()?;
        Ok(AsterClient::in_process(shared, server, limits, capabilities))
    }

    /// Serves on an endpoint that the program owns: the returned protocol is
    /// mounted on an iroh `Router` under [`RPC_ALPN`] and [`HELLO_ALPN`].
    /// `address` is where clients reach that endpoint. Other protocols of the
    /// endpoint are behind the gate only if it has the hooks of a
    /// [`ConnectionGate`].
    ///
    /// # Errors
    /// [`StartError`] as for [`bind`](Self::bind).
    pub fn protocol(mut self, address: &Address) -> Result<AsterProtocol, StartError> {
        #[cfg(feature = "registry")]
        if self.publish.as_ref().is_some_and(|publish| *publish != Publish::Off) {
            return Err(StartError::PublishMounted);
        }
        let config = self.resolve()?;
        let connection_gate = self.connection_gate.take().unwrap_or_default();
        let (core, revocations) = self.into_checked_core(&config)?;
        if !connection_gate.set(core.admissions.clone()) {
            return Err(StartError::GateInUse);
        }
        let shared = Arc::new(Shared::new(core, address)?);
        shared.check_announcement()?;
        shared.watch_admissions(revocations, &shared.app);
        Ok(AsterProtocol::new(shared))
    }

    /// All settings, in their order of precedence.
    fn resolve(&mut self) -> Result<Config, StartError> {
        Ok(Config::of(self.config.take(), std::mem::take(&mut self.overrides))?)
    }

    /// What is served, after the manifest has been compared with it.
    fn into_checked_core(
        self,
        config: &Config,
    ) -> Result<(ServerCore, Vec<RevocationFile>), StartError> {
        let check = self.manifest.clone();
        config.gate().map_err(|_| StartError::NoGate)?;
        let (core, revocations) = self.into_core(config)?;
        check.run(core.table.descriptors())?;
        Ok((core, revocations))
    }

    fn into_core(self, config: &Config) -> Result<(ServerCore, Vec<RevocationFile>), StartError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let limits = config.limits().clone();
        let admissions = match config.gate() {
            Ok(GateSetting::Open) => Admissions::open(),
            Ok(GateSetting::Closed { root }) => {
                let nonces = match config.nonce_store() {
                    // One that is damaged shows now, not at the first use.
                    Some(path) if path.exists() => Nonces::Store(NonceStore::open(path)?.into()),
                    Some(path) => Nonces::File(path.to_owned()),
                    None => Nonces::Nowhere,
                };
                let trusted = Trusted::new(root, nonces, config.allow_unbound_credentials());
                Admissions::closed(trusted, limits.max_admitted_peers)
            }
            Err(_) => Admissions::local(),
        };
        if admissions.gate() == Gate::Closed {
            let unguarded = self.table.unguarded();
            if !unguarded.is_empty() {
                return Err(StartError::Unguarded(unguarded));
            }
        }
        let revocations = config.revocation_files().iter();
        let revocations = revocations.map(|path| RevocationFile::open(path, &admissions));
        let revocations = revocations.collect::<Result<_, _>>()?;
        let core = ServerCore {
            table: self.table,
            admissions: Arc::new(admissions),
            memory: Budget::new(limits.server_memory_bytes),
            limits: Arc::new(limits),
            draining: CancellationToken::new(),
        };
        Ok((core, revocations))
    }
}

impl Shared {
    fn new(core: ServerCore, address: &Address) -> Result<Self, StartError> {
        let channel = address.to_node_address();
        let services: Vec<_> = core
            .table
            .descriptors()
            .iter()
            .map(|descriptor| ServiceSummary::new(descriptor, channel.clone()))
            .collect();
        Ok(Self {
            core: Arc::new(core),
            services,
            namespace: String::new(),
            #[cfg(feature = "registry")]
            registry: None,
            app: Handle::try_current().map_err(|_| StartError::NoRuntime)?,
            calls: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }

    /// Ends admissions when their time is up, until the server stops.
    fn watch_admissions(&self, files: Vec<RevocationFile>, runtime: &Handle) {
        let admissions = &self.core.admissions;
        if admissions.gate() == Gate::Closed {
            runtime.spawn(admission::watch(admissions.clone(), files, self.stop.clone()));
        }
    }

    /// Makes contracts available to peers, and announces them.
    #[cfg(feature = "registry")]
    async fn publish(&mut self, publish: &Publish, address: &Address) -> Result<(), StartError> {
        let descriptors = self.core.table.descriptors();
        if *publish == Publish::Off {
            return Ok(());
        }
        let publications: Vec<_> =
            descriptors.iter().map(|d| Publication::of(d)).collect::<Result<_, _>>()?;
        let registry = Registry::open(publish, &publications, address).await?;
        for (service, collection) in self.services.iter_mut().zip(registry.collections()) {
            service.contract_collection = Some(collection);
        }
        self.namespace = registry.namespace();
        self.registry = Some(registry);
        Ok(())
    }

    /// Whether clients can read the announcement.
    fn check_announcement(&self) -> Result<(), StartError> {
        // Names and addresses always serialize.
        let bytes = serde_json::to_vec(&self.services).map_or(0, |json| json.len());
        const ENVELOPE: usize = 1024;
        const MAX: usize = crate::limits::MAX_HELLO_BYTES - ENVELOPE;
        if bytes > MAX {
            let services = self.services.len();
            return Err(StartError::TooManyServices { services, bytes, max: MAX });
        }
        Ok(())
    }
}
