//! The calling side: a connection to one server, its services, its calls.

mod agreement;
mod builder;
mod call;
mod channel;
mod connect_error;
#[cfg(feature = "registry")]
mod contract;
mod credential;
mod hello;
mod outbox;
mod proxy;
mod session;
mod shared;

use std::fmt;
use std::sync::Arc;

pub use agreement::ContractCheck;
pub use builder::AsterClientBuilder;
pub use call::{BidiCall, ClientStreamCall, ServerStreamCall, Target, UnaryCall};
pub(crate) use channel::{Channel, Connector};
pub use connect_error::ConnectError;
pub use credential::ClientCredential;
pub use proxy::{Proxy, ProxyCall, ProxySession};
pub use session::Session;

use self::agreement::Disagreement;
use crate::admission::Admitted;
use crate::contract::Contract;
use crate::hello::ServiceSummary;
use crate::identity::Identity;
use crate::limits::Limits;
use crate::peer::PeerId;
use crate::server::Shared;
use crate::service::{Scope, ServiceDescriptor};
use crate::status::Status;
use crate::transport::memory;
use crate::transport::path::ConnectionPath;
use crate::trust::Capabilities;

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
