//! Describes a client before it connects.

use std::path::PathBuf;
use std::sync::Arc;

use super::hello::Admission;
use super::{AsterClient, ClientCredential, ConnectError, Connector, Inner};
use crate::address::Address;
use crate::config::{Config, Overrides, Side};
use crate::identity::Identity;
use crate::io::PacketPlacement;
use crate::limits::Limits;
use crate::network::{Network, RelayMode};
use crate::transport::endpoint::Endpoint;
use crate::trust::RootPublicKey;

/// Describes a client before it connects; see [`AsterClient::builder`].
#[derive(Debug, Default)]
#[must_use = "a client starts with connect()"]
pub struct AsterClientBuilder {
    /// Without one, file and environment are read.
    config: Option<Config>,
    /// What the program says, the last word.
    overrides: Overrides,
    credential: Option<ClientCredential>,
    packets: PacketPlacement,
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

    /// Where its packets are handled.
    pub fn packets(mut self, placement: PacketPlacement) -> Self {
        self.packets = placement;
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
        let config = Config::of(self.config, self.overrides)?;
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
        let io = self.packets.of_client();
        let endpoint = Endpoint::bind(&network, &identity, &limits, Vec::new(), None, io).await?;
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
                contracts: super::contract::Contracts::of_server(response.registry_namespace),
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
