//! This process's place on the network: one key, one UDP port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use iroh::endpoint::{
    ConnectError, ConnectingError, ConnectionError, PortmapperConfig, QuicTransportConfig,
    RelayMode as IrohRelayMode, TransportErrorCode, VarInt, presets,
};
use iroh::{
    EndpointAddr, EndpointId, NetReportConfig, RelayUrl, SecretKey, TransportAddr, Watcher,
};
use tokio::runtime::Handle;

use super::hooks::ConnectionGate;
use super::quic;
use super::{Connection, TransportError};
use crate::address::Address;
use crate::identity::Identity;
use crate::limits::{Limits, STREAM_WINDOW_BYTES};
use crate::network::{Network, RelayMode};
use crate::peer::PeerId;

/// How long a new endpoint may look for its interface addresses before its
/// address is printed.
const ADDRESS_WAIT: Duration = Duration::from_millis(20);

/// Why an endpoint could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The relay URL does not parse.
    #[error("{url:?} is not a relay URL: {reason}")]
    RelayUrl {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused the port or the I/O thread.
    #[error("cannot bind {address}: {reason}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        reason: String,
    },
}

/// An endpoint of iroh and the runtime that drives it.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    inner: iroh::Endpoint,
    io: Handle,
    /// The relay that was asked for by URL; announced before it has answered.
    relay: Option<String>,
    connect_timeout: Duration,
}

/// A connection that a peer opened, after its handshake.
pub(crate) struct Accepted {
    pub(crate) alpn: Vec<u8>,
    pub(crate) connection: Connection,
}

impl Endpoint {
    /// Binds the port. Relays are contacted in the background.
    pub(crate) async fn bind(
        network: &Network,
        identity: &Identity,
        limits: &Limits,
        alpns: Vec<Vec<u8>>,
        gate: Option<ConnectionGate>,
        io: std::io::Result<Handle>,
    ) -> Result<Self, BindError> {
        let failed = |reason: String| BindError::Bind { address: network.bind, reason };
        let io = io.map_err(|error| failed(error.to_string()))?;
        let mut relay = None;
        let builder = match &network.relay {
            RelayMode::Default => iroh::Endpoint::builder(presets::N0),
            RelayMode::Disabled => iroh::Endpoint::builder(presets::Minimal)
                .relay_mode(IrohRelayMode::Disabled)
                .net_report_config(NetReportConfig::minimal())
                .portmapper_config(PortmapperConfig::Disabled),
            RelayMode::Custom(url) => {
                let parsed: RelayUrl = url.parse().map_err(|error| BindError::RelayUrl {
                    url: url.clone(),
                    reason: format!("{error}"),
                })?;
                relay = Some(parsed.to_string());
                iroh::Endpoint::builder(presets::Minimal)
                    .relay_mode(IrohRelayMode::custom([parsed]))
            }
        };
        let mut builder = builder
            .secret_key(SecretKey::from_bytes(identity.secret()))
            .transport_config(transport_config(limits))
            .alpns(alpns);
        if let Some(gate) = gate {
            builder = builder.hooks(gate);
        }
        // The default binds IPv6 as well, on a port of its own.
        if network.bind != Network::default().bind {
            builder = builder
                .clear_ip_transports()
                .bind_addr(network.bind)
                .map_err(|error| failed(error.to_string()))?;
        }
        let bound = io.spawn(builder.bind()).await;
        let inner = bound
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(format!("{error:#}")))?;
        Ok(Self { inner, io, relay, connect_timeout: limits.connect_timeout })
    }

    /// The runtime that drives the connections.
    pub(crate) fn io(&self) -> &Handle {
        &self.io
    }

    /// This side's public key.
    pub(crate) fn id(&self) -> PeerId {
        PeerId::from_bytes(*self.inner.id().as_bytes())
    }

    /// Where peers can reach this endpoint, as far as known now.
    pub(crate) async fn address(&self) -> Address {
        let mut watcher = self.inner.watch_addr();
        let deadline = tokio::time::Instant::now() + ADDRESS_WAIT;
        let mut known = watcher.get();
        while known.ip_addrs().next().is_none() {
            match tokio::time::timeout_at(deadline, watcher.updated()).await {
                Ok(Ok(update)) => known = update,
                _ => break,
            }
        }
        let bound = self.inner.bound_sockets();
        let mut direct: Vec<SocketAddr> = bound
            .iter()
            .copied()
            .filter(|address| !address.ip().is_unspecified())
            .chain(known.ip_addrs().copied())
            .collect();
        if direct.is_empty() {
            // Nothing but loopback is up.
            direct.extend(bound.iter().map(|address| {
                let ip: IpAddr = match address.ip() {
                    IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                    IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
                };
                SocketAddr::new(ip, address.port())
            }));
        }
        let mut seen = std::collections::HashSet::new();
        direct.retain(|address| seen.insert(*address));
        Address {
            peer: self.id(),
            relay: known
                .relay_urls()
                .next()
                .map(ToString::to_string)
                .or_else(|| self.relay.clone()),
            direct,
        }
    }

    /// The next connection whose handshake is done; `None` once closed.
    /// Handshakes that fail are left out, as are those beyond `admit`.
    pub(crate) async fn incoming(&self) -> Option<Incoming> {
        Some(Incoming(self.inner.accept().await?))
    }

    /// Connects to a peer.
    pub(crate) async fn connect(
        &self,
        address: &Address,
        alpn: &'static [u8],
    ) -> Result<Connection, TransportError> {
        let target = dial_target(address)
            .ok_or_else(|| TransportError::Unreachable("the peer id is no valid key".to_owned()))?;
        if target.id == self.inner.id() {
            return Err(TransportError::Unreachable(
                "the address is this program's own; the two ends need different identities"
                    .to_owned(),
            ));
        }
        let endpoint = self.inner.clone();
        let limit = self.connect_timeout;
        let connecting = self.io.spawn(async move {
            tokio::time::timeout(limit, endpoint.connect(target, alpn)).await
        });
        let connecting = tokio_util::task::AbortOnDropHandle::new(connecting);
        match connecting.await {
            Ok(Ok(Ok(connection))) => Ok(Connection::Quic(quic::Connection(connection))),
            Ok(Ok(Err(error))) if lacks_protocol(&error) => Err(TransportError::NoProtocol),
            Ok(Ok(Err(error))) => Err(TransportError::Unreachable(format!("{error:#}"))),
            Ok(Err(_elapsed)) => Err(TransportError::Unreachable(format!(
                "no answer within {} s; check that the address is current and the peer is running",
                limit.as_secs_f32()
            ))),
            Err(stopped) => Err(TransportError::Unreachable(stopped.to_string())),
        }
    }

    /// The URL of the relay that this endpoint is connected to, within
    /// `limit`; else what was seen last.
    pub(crate) async fn home_relay(&self, limit: Duration) -> Result<String, String> {
        let mut watcher = self.inner.home_relay_status();
        let deadline = tokio::time::Instant::now() + limit;
        let mut known = watcher.get();
        loop {
            if let Some(relay) = known.iter().find(|relay| relay.is_connected()) {
                return Ok(relay.url().to_string());
            }
            known = match tokio::time::timeout_at(deadline, watcher.updated()).await {
                Ok(Ok(update)) => update,
                _ => break,
            };
        }
        let error = known.iter().find_map(|relay| {
            relay.last_error().map(|error| format!("{}: {error:#}", relay.url()))
        });
        Err(error.unwrap_or_else(|| format!("no relay answered within {limit:?}")))
    }

    /// Starts closing in the background.
    pub(crate) fn close_soon(&self) {
        let inner = self.inner.clone();
        self.io.spawn(async move { inner.close().await });
    }

    /// Closes all connections and tells the peers.
    pub(crate) async fn close(&self) {
        let inner = self.inner.clone();
        let _ = self.io.spawn(async move { inner.close().await }).await;
    }
}

/// The address in iroh's terms, unless its peer id is no key.
pub(crate) fn dial_target(address: &Address) -> Option<EndpointAddr> {
    let id = EndpointId::from_bytes(address.peer.as_bytes()).ok()?;
    let relay = address
        .relay
        .iter()
        .filter_map(|url| url.parse::<RelayUrl>().ok().map(TransportAddr::Relay));
    let direct = address.direct.iter().copied().map(TransportAddr::Ip);
    Some(EndpointAddr::from_parts(id, relay.chain(direct)))
}

/// Whether the handshake ended because the peer does not offer the protocol.
fn lacks_protocol(error: &ConnectError) -> bool {
    /// TLS alert `no_application_protocol`.
    const NO_APPLICATION_PROTOCOL: u8 = 120;
    let connection = match error {
        ConnectError::Connection { source, .. } => source,
        ConnectError::Connecting {
            source: ConnectingError::ConnectionError { source, .. },
            ..
        } => source,
        _ => return false,
    };
    matches!(connection, ConnectionError::ConnectionClosed(close)
        if close.error_code == TransportErrorCode::crypto(NO_APPLICATION_PROTOCOL))
}

/// A connection attempt of a peer.
pub(crate) struct Incoming(iroh::endpoint::Incoming);

impl Incoming {
    /// Completes the handshake.
    pub(crate) async fn accept(self) -> Option<Accepted> {
        let connection = self.0.accept().ok()?.await.ok()?;
        Some(Accepted {
            alpn: connection.alpn().to_vec(),
            connection: Connection::Quic(quic::Connection(connection)),
        })
    }

    /// Whether the sender is known to be at its address. If not, it is asked
    /// to prove it, and comes again.
    pub(crate) fn validated(self) -> Option<Self> {
        if self.0.remote_addr_validated() {
            return Some(self);
        }
        // One that cannot be asked is dropped.
        let _ = self.0.retry();
        None
    }

    /// Turns the peer away without a handshake.
    pub(crate) fn refuse(self) {
        self.0.refuse();
    }
}

fn transport_config(limits: &Limits) -> QuicTransportConfig {
    let streams = VarInt::from_u32(limits.max_concurrent_streams);
    QuicTransportConfig::builder()
        .max_concurrent_bidi_streams(streams)
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(
            limits.stream_window_bytes.min(STREAM_WINDOW_BYTES),
        ))
        .receive_window(VarInt::from_u32(limits.connection_window_bytes))
        .build()
}
