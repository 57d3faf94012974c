//! Serving on an endpoint that the program owns.

use std::sync::Arc;

use iroh::protocol::{AcceptError, ProtocolHandler};

use super::{Connection, quic};
use crate::server::{HELLO_ALPN, Shared, serve_hello, serve_rpc};

/// Aster as a protocol of an iroh `Router`, beside blobs, gossip or the
/// program's own. Mount it under both ALPNs:
///
/// ```no_run
/// # use aster_runtime::{Address, AsterServer, HELLO_ALPN, RPC_ALPN, Service};
/// # async fn example(endpoint: iroh::Endpoint, greeter: impl Service) -> Result<(), Box<dyn std::error::Error>> {
/// let address = Address::of(&endpoint);
/// let aster = AsterServer::builder().open_gate().service(greeter).protocol(&address)?;
/// let router = iroh::protocol::Router::builder(endpoint)
///     .accept(RPC_ALPN, aster.clone())
///     .accept(HELLO_ALPN, aster)
///     .spawn();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AsterProtocol {
    shared: Arc<Shared>,
}

impl AsterProtocol {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl ProtocolHandler for AsterProtocol {
    async fn accept(&self, connection: iroh::endpoint::Connection) -> Result<(), AcceptError> {
        let hello = connection.alpn() == HELLO_ALPN;
        let connection = Connection::Quic(quic::Connection(connection));
        if hello {
            serve_hello(&self.shared, connection, None).await;
        } else {
            serve_rpc(&self.shared, connection, None).await;
        }
        Ok(())
    }

    async fn shutdown(&self) {
        let shared = &self.shared;
        shared.core.draining.cancel();
        shared.calls.close();
        let _ = tokio::time::timeout(shared.core.limits.drain_timeout, shared.calls.wait()).await;
        shared.stop.cancel();
    }
}

impl crate::address::Address {
    /// The address of an endpoint that the program owns, as far as known now.
    #[must_use]
    pub fn of(endpoint: &iroh::Endpoint) -> Self {
        let known = endpoint.addr();
        let peer = crate::peer::PeerId::from_bytes(*endpoint.id().as_bytes());
        let bound = endpoint.bound_sockets();
        let bound = bound.into_iter().filter(|address| !address.ip().is_unspecified());
        let mut address = Self::new(peer, bound);
        for ip in known.ip_addrs() {
            if !address.direct.contains(ip) {
                address.direct.push(*ip);
            }
        }
        address.relay = known.relay_urls().next().map(ToString::to_string);
        address
    }
}
