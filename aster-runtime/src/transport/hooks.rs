//! Gate 0 on an endpoint that the program owns.

use std::sync::{Arc, OnceLock};

use iroh::EndpointAddr;
use iroh::endpoint::{
    AfterHandshakeOutcome, BeforeConnectOutcome, Connection, EndpointHooks, Side,
};

use super::quic::CLOSE_NOT_ADMITTED;
use crate::admission::Admissions;
use crate::gate::Protocol;
use crate::peer::PeerId;
use crate::server::{HELLO_ALPN, RPC_ALPN};

/// The gate of a server that is mounted on the program's endpoint, in front of
/// every protocol of that endpoint: blobs, gossip, the program's own. A copy
/// goes to the endpoint as its hooks, another one to the server.
///
/// Connections that peers open go on when the server has admitted the peer;
/// until the server is there, none does. Those that the program opens go on,
/// except to keys that are revoked.
///
/// ```no_run
/// # use aster_runtime::{Address, AsterServer, ConnectionGate, HELLO_ALPN, RPC_ALPN, Service};
/// # async fn example(greeter: impl Service) -> Result<(), Box<dyn std::error::Error>> {
/// let gate = ConnectionGate::default();
/// let endpoint = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
///     .hooks(gate.clone())
///     .bind()
///     .await?;
/// let aster = AsterServer::builder()
///     .root_pubkey_file("root.pub")
///     .connection_gate(&gate)
///     .service(greeter)
///     .protocol(&Address::of(&endpoint))?;
/// let router = iroh::protocol::Router::builder(endpoint)
///     .accept(RPC_ALPN, aster.clone())
///     .accept(HELLO_ALPN, aster)
///     .spawn();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConnectionGate {
    admissions: Arc<OnceLock<Arc<Admissions>>>,
}

impl ConnectionGate {
    /// From now on the server decides. `false`: another one does already.
    pub(crate) fn set(&self, admissions: Arc<Admissions>) -> bool {
        self.admissions.set(admissions).is_ok()
    }

    fn allows_incoming(&self, peer: PeerId, alpn: &[u8]) -> bool {
        let protocol = match alpn {
            HELLO_ALPN => Protocol::Admission,
            RPC_ALPN => Protocol::Calls,
            _ => Protocol::Other,
        };
        self.admissions.get().is_some_and(|admissions| admissions.allows(peer, protocol))
    }

    fn allows_outgoing(&self, peer: &PeerId) -> bool {
        self.admissions.get().is_none_or(|admissions| !admissions.is_revoked(peer))
    }
}

impl EndpointHooks for ConnectionGate {
    async fn before_connect<'a>(
        &'a self,
        remote: &'a EndpointAddr,
        _alpn: &'a [u8],
    ) -> BeforeConnectOutcome {
        if self.allows_outgoing(&PeerId::from_bytes(*remote.id.as_bytes())) {
            BeforeConnectOutcome::Accept
        } else {
            BeforeConnectOutcome::Reject
        }
    }

    async fn after_handshake<'a>(&'a self, connection: &'a Connection) -> AfterHandshakeOutcome {
        let peer = PeerId::from_bytes(*connection.remote_id().as_bytes());
        let allowed = match connection.side() {
            Side::Client => self.allows_outgoing(&peer),
            Side::Server => self.allows_incoming(peer, connection.alpn()),
        };
        if allowed {
            return AfterHandshakeOutcome::Accept;
        }
        tracing::info!(peer = %peer.short(), "connection refused: not admitted");
        AfterHandshakeOutcome::Reject {
            error_code: CLOSE_NOT_ADMITTED.into(),
            reason: b"not admitted".to_vec(),
        }
    }
}
