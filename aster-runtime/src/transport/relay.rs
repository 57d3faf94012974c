//! Whether a relay answers.

use std::time::Duration;

use super::endpoint::{BindError, Endpoint};
use crate::identity::Identity;
use crate::io::PacketPlacement;
use crate::limits::Limits;
use crate::network::{Network, RelayMode};

/// Why no relay was reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// No relay is configured.
    #[error("no relay is configured")]
    Disabled,
    /// This side's own port.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// No relay answered.
    #[error("{reason}")]
    Unreachable {
        /// What was seen last.
        reason: String,
    },
}

/// Connects to the relay that an endpoint with these settings would use, and
/// gives its URL. The endpoint is a new one, with a key of its own.
///
/// Programs need not ask: servers and clients contact relays in the background
/// and wait for none. It is for tools that explain a network.
///
/// # Errors
/// [`RelayError`], after `limit` at the latest.
pub async fn reach_relay(network: &Network, limit: Duration) -> Result<String, RelayError> {
    if network.relay == RelayMode::Disabled {
        return Err(RelayError::Disabled);
    }
    let identity = Identity::generate();
    let io = PacketPlacement::Program.of_client();
    let endpoint =
        Endpoint::bind(network, &identity, &Limits::default(), Vec::new(), None, io).await?;
    let reached = endpoint.home_relay(limit).await;
    endpoint.close_soon();
    reached.map_err(|reason| RelayError::Unreachable { reason })
}
