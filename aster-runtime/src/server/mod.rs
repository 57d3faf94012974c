//! The serving side: an endpoint, a gate, services.

mod builder;
mod call;
mod connection;
mod core;
mod manifest;
mod name_map;
mod placement;
mod session;
mod start_error;
mod streams;
mod table;
mod termination;

use std::sync::Arc;
use std::time::Duration;

pub use builder::AsterServerBuilder;
pub(crate) use connection::{serve_hello, serve_rpc};
pub(crate) use core::{Caller, ServerCore};
pub use manifest::ManifestCheck;
pub use start_error::StartError;
pub(crate) use streams::serve_calls;
pub use table::DuplicateService;
pub use termination::Termination;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::address::Address;
use crate::hello::ServiceSummary;
use crate::peer::PeerId;
use crate::transport::endpoint::Endpoint;
use crate::trust::{RevocationConflict, RevocationList};

/// The protocol of calls.
pub const RPC_ALPN: &[u8] = b"aster/1";

/// The protocol of admission, which is also how services are found.
pub const HELLO_ALPN: &[u8] = b"aster.consumer_admission";

/// How long a connection stays open after its last call: a round trip and the
/// time by which acknowledgements may be late.
const LAST_ANSWERS: Duration = Duration::from_millis(50);

/// A running server. It serves from the moment it is bound; dropping it stops
/// it at once, [`shutdown`](Self::shutdown) lets running calls finish.
///
/// ```no_run
/// # use aster_runtime::{AsterServer, Service};
/// # async fn example(greeter: impl Service) -> Result<(), Box<dyn std::error::Error>> {
/// let server = AsterServer::builder()
///     .open_gate()
///     .service(greeter)
///     .bind()
///     .await?;
/// println!("{}", server.address());
/// server.serve().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct AsterServer {
    shared: Arc<Shared>,
    endpoint: Endpoint,
    address: Address,
    accepting: tokio::task::JoinHandle<()>,
    _stop_on_drop: tokio_util::sync::DropGuard,
}

/// What connections need of a server, whatever they come in by.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) core: Arc<ServerCore>,
    pub(crate) services: Vec<ServiceSummary>,
    /// The document that lists the published contracts, or the empty string.
    pub(crate) namespace: String,
    #[cfg(feature = "registry")]
    pub(crate) registry: Option<crate::registry::Registry>,
    /// Where handlers run.
    pub(crate) app: Handle,
    /// Calls and sessions in progress.
    pub(crate) calls: TaskTracker,
    /// Ends the accept loops.
    pub(crate) stop: CancellationToken,
}

impl AsterServer {
    /// Starts describing a server.
    pub fn builder() -> AsterServerBuilder {
        AsterServerBuilder::default()
    }

    /// Where peers can reach this server. Displays as the compact ticket that
    /// clients take.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The server's public key.
    #[must_use]
    pub fn peer_id(&self) -> PeerId {
        self.endpoint.id()
    }

    /// Calls and sessions in progress.
    #[must_use]
    pub fn calls_in_progress(&self) -> usize {
        self.shared.calls.len()
    }

    /// Puts a revocation list in force, beside those in files. What it revokes
    /// is ended before this returns: calls with a status, connections shortly
    /// after. `false`: it was in force already, or the gate is open.
    ///
    /// # Errors
    /// [`RevocationConflict`]; what is in force does not change then.
    pub fn revoke(&self, list: &RevocationList) -> Result<bool, RevocationConflict> {
        self.shared.core.admissions.revoke(list)
    }

    /// Serves until the process is asked to end by Ctrl+C or SIGTERM, then
    /// shuts down.
    ///
    /// Signals are listened for from the first poll of this future on. A
    /// program that tells others its address before that, and wants to drain
    /// even if it is ended in the same moment, makes a [`Termination`] first
    /// and gives it to [`serve_until`](Self::serve_until).
    ///
    /// # Errors
    /// The operating system's error when signal handlers cannot be installed.
    pub async fn serve(self) -> std::io::Result<()> {
        let termination = Termination::listen()?;
        self.serve_until(termination.wait()).await;
        Ok(())
    }

    /// Serves until `signal` resolves, then shuts down.
    pub async fn serve_until(self, signal: impl Future<Output = ()>) {
        signal.await;
        self.shutdown().await;
    }

    /// Takes no more calls, lets the running ones finish for at most
    /// [`Limits::drain_timeout`](crate::Limits::drain_timeout), then closes
    /// all connections.
    pub async fn shutdown(self) {
        self.shared.core.draining.cancel();
        self.shared.calls.close();
        let drain = self.shared.core.limits.drain_timeout;
        if tokio::time::timeout(drain, self.shared.calls.wait()).await.is_err() {
            tracing::warn!(
                calls = self.shared.calls.len(),
                "calls still running at the end of the drain time are cut"
            );
        }
        // Answers written just before the drain began arrive.
        tokio::time::sleep(LAST_ANSWERS).await;
        self.shared.stop.cancel();
        // Closes the endpoint.
        let _ = self.accepting.await;
        #[cfg(feature = "registry")]
        if let Some(registry) = &self.shared.registry {
            registry.close().await;
        }
    }
}
