//! The calling side: a connection to one server, its services, its calls.

mod agreement;
mod call;
mod channel;
#[cfg(feature = "registry")]
mod contract;
mod hello;
mod proxy;
mod session;
mod shared;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

pub use agreement::ContractCheck;
pub use call::{BidiCall, ClientStreamCall, ServerStreamCall, Target, UnaryCall};
pub(crate) use channel::{Channel, Connector};
pub use proxy::{Proxy, ProxyCall, ProxySession};
pub use session::Session;

use self::agreement::Disagreement;
use crate::address::{Address, AddressError};
use crate::contract::Contract;
use crate::hello::ServiceSummary;
use crate::identity::{Identity, IdentityError};
use crate::limits::Limits;
use crate::network::{InvalidVariable, Network, RelayMode};
use crate::peer::PeerId;
use crate::server::Shared;
use crate::service::{Scope, ServiceDescriptor};
use crate::status::Status;
use crate::transport::endpoint::{BindError, Endpoint};
use crate::transport::{TransportError, memory};

/// A client of one server. Cloning is cheap; all clones share connections.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use aster_runtime::AsterClient;
/// let client = AsterClient::connect("aster1...").await?;
/// let reply = client
///     .proxy("Greeter")?
///     .call("greet", serde_json::json!({ "name": "Ada" }))
///     .await?;
/// println!("{}", reply["text"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AsterClient {
    inner: Arc<Inner>,
}

struct Inner {
    connector: Connector,
    services: Vec<ServiceSummary>,
    attributes: std::collections::BTreeMap<String, String>,
    limits: Arc<Limits>,
    #[cfg(feature = "registry")]
    contracts: contract::Contracts,
}

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address text.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The identity file.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// An environment variable.
    #[error(transparent)]
    Variable(#[from] InvalidVariable),
    /// This side's own port.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The peer cannot be reached.
    #[error("cannot reach {peer}: {reason}")]
    Unreachable {
        /// The peer's key.
        peer: PeerId,
        /// What was tried.
        reason: String,
    },
    /// The server does not let this client in.
    #[error(
        "{peer} did not admit this client; ask its operator for a credential bound to this client's id"
    )]
    Denied {
        /// The peer's key.
        peer: PeerId,
    },
    /// The peer answered with something else than an admission response.
    #[error("{peer} gave no valid admission response: {reason}")]
    Malformed {
        /// The peer's key.
        peer: PeerId,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<ConnectError> for Status {
    fn from(error: ConnectError) -> Self {
        let status = match &error {
            ConnectError::Denied { .. } => Self::permission_denied(error.to_string()),
            ConnectError::Unreachable { .. } | ConnectError::Malformed { .. } => {
                Self::unavailable(error.to_string())
            }
            _ => Self::invalid_argument(error.to_string()),
        };
        status.with_source(error)
    }
}

impl AsterClient {
    /// Connects to a server by its address: a ticket (`aster1...`), 64 hex
    /// characters, or base64 of a node address.
    ///
    /// # Errors
    /// [`ConnectError`]; a server that cannot be reached is one after
    /// [`Limits::connect_timeout`].
    pub async fn connect(address: &str) -> Result<Self, ConnectError> {
        Self::builder().connect(address).await
    }

    /// Starts describing a client that needs more than an address.
    pub fn builder() -> AsterClientBuilder {
        AsterClientBuilder::default()
    }

    /// A client whose server lives in this process.
    pub(crate) fn in_process(shared: Arc<Shared>, server: PeerId, limits: Arc<Limits>) -> Self {
        let client = Identity::generate().peer();
        let (near, far) = memory::pair(client, server);
        let services = shared.services.clone();
        #[cfg(feature = "registry")]
        let descriptors = shared.core.table.descriptors().to_vec();
        tokio::spawn(async move {
            let far = crate::transport::Connection::Memory(far);
            crate::server::serve_rpc(&shared, far).await;
        });
        Self {
            inner: Arc::new(Inner {
                connector: Connector::memory(near),
                services,
                attributes: std::collections::BTreeMap::new(),
                limits,
                #[cfg(feature = "registry")]
                contracts: contract::Contracts::of_process(descriptors),
            }),
        }
    }

    /// The services that the server announced.
    #[must_use]
    pub fn services(&self) -> &[ServiceSummary] {
        &self.inner.services
    }

    /// What the server knows about this client, from its credential.
    #[must_use]
    pub fn attributes(&self) -> &std::collections::BTreeMap<String, String> {
        &self.inner.attributes
    }

    /// A client of one service with methods named by text and messages as
    /// JSON values, for programs without the types.
    ///
    /// # Errors
    /// NOT_FOUND if the server does not announce the service,
    /// FAILED_PRECONDITION if it is session-scoped.
    pub fn proxy(&self, service: &str) -> Result<Proxy, Status> {
        let summary = self.summary(service, None, Scope::Shared)?;
        Ok(Proxy::new(self.channel(summary)?, self.inner.limits.clone()))
    }

    /// Opens a session on a session-scoped service, with methods named by text
    /// and messages as JSON values.
    ///
    /// # Errors
    /// NOT_FOUND if the server does not announce the service,
    /// FAILED_PRECONDITION if it is not session-scoped, and whatever keeps the
    /// session from opening.
    pub async fn proxy_session(&self, service: &str) -> Result<ProxySession, Status> {
        let summary = self.summary(service, None, Scope::Session)?;
        let channel = self.channel(summary)?;
        let session =
            Session::open(channel, crate::codec::Encoding::Json, &self.inner.limits).await?;
        Ok(ProxySession::new(session))
    }

    /// The target of calls on a shared service. For generated clients.
    #[doc(hidden)]
    pub fn shared_target(
        &self,
        service: &'static ServiceDescriptor,
        check: ContractCheck,
    ) -> Result<Target, Status> {
        let summary = self.summary(service.name, Some(service.version), Scope::Shared)?;
        let disagreement = Disagreement::between(self, service, &summary.contract_id, check);
        let encoding = encoding_for(summary, disagreement.as_ref());
        let channel = self.channel(summary)?;
        let target = Target::shared(channel, encoding, self.inner.limits.clone());
        Ok(target.after_asking(disagreement))
    }

    /// The target of calls in a new session. For generated clients.
    #[doc(hidden)]
    pub async fn session_target(
        &self,
        service: &'static ServiceDescriptor,
        check: ContractCheck,
    ) -> Result<Target, Status> {
        let summary = self.summary(service.name, Some(service.version), Scope::Session)?;
        let disagreement = Disagreement::between(self, service, &summary.contract_id, check);
        if let Some(disagreement) = &disagreement {
            disagreement.allow("").await?;
        }
        let encoding = encoding_for(summary, disagreement.as_ref());
        let session = Session::open(self.channel(summary)?, encoding, &self.inner.limits).await?;
        Ok(Target::session(session).after_asking(disagreement))
    }

    /// The contract that the server publishes, or why it cannot be had.
    async fn published_contract(&self, service: &str, version: i32) -> Result<Contract, String> {
        #[cfg(feature = "registry")]
        {
            self.contract_of_version(service, Some(version))
                .await
                .map_err(|error| error.to_string())
        }
        #[cfg(not(feature = "registry"))]
        {
            let _ = (service, version);
            Err("this program was built without the `registry` feature".to_owned())
        }
    }

    /// Closes all connections of this client and its clones.
    pub async fn close(&self) {
        self.inner.connector.close().await;
    }

    fn summary(
        &self,
        name: &str,
        version: Option<i32>,
        scope: Scope,
    ) -> Result<&ServiceSummary, Status> {
        let summary = self
            .services()
            .iter()
            .find(|s| s.name == name && version.is_none_or(|version| s.version == version))
            .ok_or_else(|| {
                let version = version.map(|v| format!(" v{v}")).unwrap_or_default();
                Status::not_found(format!("no service {name}{version}: {}", self.offered()))
            })?;
        match (summary.scope(), scope) {
            (Scope::Session, Scope::Shared) => Err(Status::failed_precondition(format!(
                "service {name} is session-scoped: open a session to call it"
            ))),
            (Scope::Shared, Scope::Session) => Err(Status::failed_precondition(format!(
                "service {name} is not session-scoped: call it without a session"
            ))),
            _ => Ok(summary),
        }
    }

    /// What there is, for a person who asked for something else.
    fn offered(&self) -> String {
        let all: Vec<_> =
            self.services().iter().map(|s| format!("{} v{}", s.name, s.version)).collect();
        if all.is_empty() {
            "the server offers none".to_owned()
        } else {
            format!("the server offers {}", all.join(", "))
        }
    }

    fn channel(&self, summary: &ServiceSummary) -> Result<Channel, Status> {
        Channel::new(self.inner.connector.clone(), summary)
    }
}

/// Messages of another contract are told by name or not at all.
fn encoding_for(
    summary: &ServiceSummary,
    disagreement: Option<&Disagreement>,
) -> crate::codec::Encoding {
    if summary.json_only() || disagreement.is_some() {
        crate::codec::Encoding::Json
    } else {
        crate::codec::Encoding::Xlang
    }
}

impl fmt::Debug for AsterClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.services().iter().map(|s| &s.name).collect();
        f.debug_struct("AsterClient").field("services", &names).finish_non_exhaustive()
    }
}

/// Describes a client before it connects; see [`AsterClient::builder`].
#[derive(Debug, Default)]
#[must_use = "a client starts with connect()"]
pub struct AsterClientBuilder {
    network: Option<Network>,
    relay: Option<RelayMode>,
    identity: Option<Identity>,
    identity_file: Option<PathBuf>,
    limits: Limits,
}

impl AsterClientBuilder {
    /// All network settings at once; nothing is read from the environment.
    pub fn network(mut self, network: Network) -> Self {
        self.network = Some(network);
        self
    }

    /// Which relays to use; replaces `ASTER_RELAY_MODE` and `IROH_RELAY_URL`.
    pub fn relay(mut self, relay: RelayMode) -> Self {
        self.relay = Some(relay);
        self
    }

    /// This client's key. Without one, each client has a new key.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Reads this client's key from a file, made when it is missing.
    pub fn identity_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.identity_file = Some(path.into());
        self
    }

    /// The bounds on what the server can use.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Connects.
    ///
    /// # Errors
    /// See [`AsterClient::connect`].
    pub async fn connect(mut self, address: &str) -> Result<AsterClient, ConnectError> {
        let address: Address = address.parse()?;
        let mut network = match self.network.take() {
            Some(network) => network,
            None => Network {
                // A client needs no known port; `ASTER_BIND_ADDR` is for
                // servers.
                bind: Network::default().bind,
                ..Network::from_env()?
            },
        };
        network.relay = self.relay.take().unwrap_or(network.relay);
        let identity = match (self.identity.take(), self.identity_file.take()) {
            (Some(identity), _) => identity,
            (None, Some(path)) => Identity::load_or_create(path)?,
            (None, None) => Identity::generate(),
        };
        let endpoint = Endpoint::bind(&network, &identity, &self.limits, Vec::new()).await?;
        let response = match hello::admission(&endpoint, &address, &self.limits).await {
            Ok(response) => response,
            Err(error) => {
                endpoint.close().await;
                return Err(error);
            }
        };
        Ok(AsterClient {
            inner: Arc::new(Inner {
                connector: Connector::network(endpoint, address),
                services: response.services,
                attributes: response.attributes,
                limits: Arc::new(self.limits),
                #[cfg(feature = "registry")]
                contracts: contract::Contracts::of_server(response.registry_namespace),
            }),
        })
    }
}

impl ConnectError {
    fn unreachable(peer: PeerId, error: &TransportError) -> Self {
        match error {
            TransportError::NotAdmitted => Self::Denied { peer },
            other => Self::Unreachable { peer, reason: other.to_string() },
        }
    }
}
