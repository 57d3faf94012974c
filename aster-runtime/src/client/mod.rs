//! The calling side: a connection to one server, its services, its calls.

mod agreement;
mod call;
mod channel;
#[cfg(feature = "registry")]
mod contract;
mod credential;
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
pub use credential::ClientCredential;
pub use proxy::{Proxy, ProxyCall, ProxySession};
pub use session::Session;

use self::agreement::Disagreement;
use self::hello::Admission;
use crate::address::{Address, AddressError};
use crate::admission::Admitted;
use crate::config::{Config, ConfigErrors, Overrides, Side};
use crate::contract::Contract;
use crate::hello::ServiceSummary;
use crate::identity::{Identity, IdentityError};
use crate::limits::Limits;
use crate::network::{Network, RelayMode};
use crate::peer::PeerId;
use crate::server::Shared;
use crate::service::{Scope, ServiceDescriptor};
use crate::status::Status;
use crate::transport::endpoint::{BindError, Endpoint};
use crate::transport::path::ConnectionPath;
use crate::transport::{TransportError, memory};
use crate::trust::{Capabilities, FileError, RootPublicKey};

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
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The file with the credential.
    #[error(transparent)]
    File(#[from] FileError),
    /// The credential cannot be used; nothing was sent.
    #[error("the credential cannot be used: {reason}")]
    Credential {
        /// What is wrong with it.
        reason: String,
    },
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
    #[error("{peer} did not admit this client: {reason}")]
    Denied {
        /// The peer's key.
        peer: PeerId,
        /// What may be the cause. The server gives none.
        reason: String,
    },
    /// The server trusts another root key than the one that this client is
    /// configured with.
    #[error(
        "{peer} trusts {named}, and this client is configured with root {expected}; check the address, or root_pubkey"
    )]
    OtherRoot {
        /// The peer's key.
        peer: PeerId,
        /// The root that it named, shortened.
        named: String,
        /// The root that was expected, shortened.
        expected: String,
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
            ConnectError::Denied { .. }
            | ConnectError::Credential { .. }
            | ConnectError::OtherRoot { .. } => Self::permission_denied(error.to_string()),
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
    pub(crate) fn in_process(
        shared: Arc<Shared>,
        server: PeerId,
        limits: Arc<Limits>,
        capabilities: Capabilities,
    ) -> Self {
        let client = Identity::generate().peer();
        let (near, far) = memory::pair(client, server);
        let services = shared.services.clone();
        #[cfg(feature = "registry")]
        let descriptors = shared.core.table.descriptors().to_vec();
        let admitted = Arc::new(Admitted::within(client, capabilities));
        let attributes = (*admitted.attributes).clone();
        tokio::spawn(async move {
            let far = crate::transport::Connection::Memory(far);
            crate::server::serve_calls(&shared, far, admitted).await;
        });
        Self {
            inner: Arc::new(Inner {
                connector: Connector::memory(near),
                services,
                attributes,
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

    /// The way that packets to the server take now: direct or through a relay,
    /// and how long it is. `None` if that is not known yet. Connects if there
    /// is no connection.
    ///
    /// # Errors
    /// UNAVAILABLE if the server cannot be reached any more.
    pub async fn path(&self) -> Result<Option<ConnectionPath>, Status> {
        Channel::of_server(self.inner.connector.clone()).path().await
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
    /// Without one, file and environment are read.
    config: Option<Config>,
    /// What the program says, the last word.
    overrides: Overrides,
    credential: Option<ClientCredential>,
}

impl AsterClientBuilder {
    /// Everything that is configured, from [`Config::load`]; what this builder
    /// is told itself comes on top. Without this, the file that `ASTER_CONFIG`
    /// names and the `ASTER_*` variables count.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Both network settings at once.
    pub fn network(mut self, network: Network) -> Self {
        self.overrides = self.overrides.with_network(network);
        self
    }

    /// Which relays to use; replaces `ASTER_RELAY_MODE` and `IROH_RELAY_URL`.
    pub fn relay(mut self, relay: RelayMode) -> Self {
        self.overrides.relay = Some(relay);
        self
    }

    /// This client's key. Without one, it is the key in the file with the
    /// credential, or a new one.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.overrides.identity = Some(identity);
        self
    }

    /// Reads this client's key from a file, made when it is missing. A
    /// consumer's credential in it is presented.
    pub fn identity_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.identity_file = Some(path.into());
        self
    }

    /// The credential to present.
    pub fn credential(mut self, credential: impl Into<ClientCredential>) -> Self {
        self.credential = Some(credential.into());
        self
    }

    /// The file with the credential to present: `NAME.cred`, which also holds
    /// the node's key, a credential in JSON, or a chain.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # use aster_runtime::AsterClient;
    /// let client = AsterClient::builder()
    ///     .credential_file("edge-node-7.cred")
    ///     .connect("aster1...")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn credential_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.enrollment_credential = Some(path.into());
        self
    }

    /// The root key that the server trusts, if it is known: a credential of
    /// another one is not sent.
    pub fn root_pubkey(mut self, root: RootPublicKey) -> Self {
        self.overrides.root_pubkey = Some(root);
        self
    }

    /// Also presents a credential that names no node. A server that sees it
    /// could use it elsewhere.
    pub fn allow_unbound_credentials(mut self) -> Self {
        self.overrides.allow_unbound_credentials = Some(true);
        self
    }

    /// The bounds on what the server can use.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.overrides.limits = Some(limits);
        self
    }

    /// Connects.
    ///
    /// # Errors
    /// See [`AsterClient::connect`].
    pub async fn connect(self, address: &str) -> Result<AsterClient, ConnectError> {
        let address: Address = address.parse()?;
        let config = match self.config {
            Some(config) => config.with(self.overrides)?,
            None => Config::load(None, self.overrides)?,
        };
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        let (credential, identity) = credential_of(self.credential, &config)?;
        let limits = Arc::new(config.limits().clone());
        let admission = Admission {
            credential,
            client: identity.peer(),
            root: config.root(),
            allow_unbound: config.allow_unbound_credentials(),
            limits: limits.clone(),
        };
        admission.check()?;
        let network = config.network(Side::Client);
        let endpoint = Endpoint::bind(&network, &identity, &limits, Vec::new(), None).await?;
        let response = match admission.ask(&endpoint, &address).await {
            Ok(response) => response,
            Err(error) => {
                endpoint.close().await;
                return Err(error);
            }
        };
        Ok(AsterClient {
            inner: Arc::new(Inner {
                connector: Connector::network(endpoint, address, admission),
                services: response.services,
                attributes: response.attributes,
                limits,
                #[cfg(feature = "registry")]
                contracts: contract::Contracts::of_server(response.registry_namespace),
            }),
        })
    }
}

/// What is presented, and the key that it is presented with. A key that is
/// configured counts; the one in the file with the credential is for clients
/// that have no other.
fn credential_of(
    given: Option<ClientCredential>,
    config: &Config,
) -> Result<(Option<ClientCredential>, Identity), ConnectError> {
    let (credential, key) = match (given, config.enrollment_credential()) {
        (Some(credential), _) => (Some(credential), None),
        (None, Some(path)) => {
            let (credential, key) = ClientCredential::load(path)?;
            (Some(credential), key)
        }
        (None, None) => {
            let file = config.identity_file().map(ClientCredential::of_identity);
            (file.transpose()?.flatten(), None)
        }
    };
    let identity = match key {
        Some(key) if !config.has_identity() => key,
        _ => config.identity()?,
    };
    Ok((credential, identity))
}

impl ConnectError {
    fn denied(peer: PeerId, presented: Option<&ClientCredential>, client: PeerId) -> Self {
        let reason = match presented {
            None => format!(
                "no credential was presented; ask its operator for one that is bound to {client}"
            ),
            Some(credential) => {
                let used = if credential.is_one_time() { ", has seen it used" } else { "" };
                format!(
                    "{credential}, is in order, so the server trusts another root{used} or has revoked it; ask its operator"
                )
            }
        };
        Self::Denied { peer, reason }
    }

    fn unreachable(peer: PeerId, error: &TransportError) -> Self {
        match error {
            TransportError::NotAdmitted => {
                Self::Denied { peer, reason: "its gate closed the connection".to_owned() }
            }
            other => Self::Unreachable { peer, reason: other.to_string() },
        }
    }
}
