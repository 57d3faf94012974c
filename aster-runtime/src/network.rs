//! How an endpoint meets the network.

use std::net::{Ipv4Addr, SocketAddr};

use crate::config::{Config, ConfigErrors};

/// Port, relay: what an endpoint binds and announces.
///
/// ```
/// use aster_runtime::{Network, RelayMode};
/// let network = Network {
///     bind: "127.0.0.1:4433".parse()?,
///     relay: RelayMode::Disabled,
/// };
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The UDP address to bind. The default is any interface and a free port;
    /// give a port to keep the address over restarts.
    pub bind: SocketAddr,
    /// Which relays help peers to find a path.
    pub relay: RelayMode,
}

/// Which relays are used. Nothing ever waits for a relay: they are contacted
/// in the background.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayMode {
    /// The public relays of iroh.
    #[default]
    Default,
    /// None: peers are reached by their addresses only.
    Disabled,
    /// One of your own, by URL.
    Custom(String),
}

impl Default for Network {
    fn default() -> Self {
        Self { bind: SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0), relay: RelayMode::Default }
    }
}

/// Environment variables with values that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct InvalidVariable(#[from] ConfigErrors);

impl Network {
    /// This machine only: a free port on 127.0.0.1 and no relay. For tests and
    /// demonstrations.
    #[must_use]
    pub fn loopback() -> Self {
        Self { bind: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0), relay: RelayMode::Disabled }
    }

    /// The defaults, changed by the environment alone: `ASTER_BIND_ADDR` (an
    /// `ip:port`), `ASTER_RELAY_MODE` (`default`, `disabled`, `custom`) and
    /// `ASTER_RELAY_URL` or `IROH_RELAY_URL` (a relay of your own).
    /// [`Config`](crate::config::Config) reads these and everything else.
    ///
    /// # Errors
    /// [`InvalidVariable`] names the variable and what it takes. A value is
    /// never ignored.
    pub fn from_env() -> Result<Self, InvalidVariable> {
        Ok(Config::network_of_environment()?)
    }
}
