//! How an endpoint meets the network.

use std::net::{Ipv4Addr, SocketAddr};

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

/// An environment variable with a value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name}={value:?}: {advice}")]
pub struct InvalidVariable {
    name: &'static str,
    value: String,
    advice: &'static str,
}

const BIND_VARIABLE: &str = "ASTER_BIND_ADDR";
const RELAY_MODE_VARIABLE: &str = "ASTER_RELAY_MODE";
const RELAY_URL_VARIABLE: &str = "IROH_RELAY_URL";

impl Network {
    /// This machine only: a free port on 127.0.0.1 and no relay. For tests and
    /// demonstrations.
    #[must_use]
    pub fn loopback() -> Self {
        Self { bind: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0), relay: RelayMode::Disabled }
    }

    /// The defaults, changed by `ASTER_BIND_ADDR` (an `ip:port`),
    /// `ASTER_RELAY_MODE` (`default`, `disabled`) and `IROH_RELAY_URL` (a relay
    /// of your own).
    ///
    /// # Errors
    /// [`InvalidVariable`] names the variable and what it takes. A value is
    /// never ignored.
    pub fn from_env() -> Result<Self, InvalidVariable> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidVariable> {
        let mut network = Self::default();
        let get = |name| get(name).filter(|value| !value.is_empty());
        if let Some(value) = get(BIND_VARIABLE) {
            network.bind = value.parse().map_err(|_| InvalidVariable {
                name: BIND_VARIABLE,
                value,
                advice: "expected an address and port, as in 127.0.0.1:4433",
            })?;
        }
        if let Some(url) = get(RELAY_URL_VARIABLE) {
            network.relay = RelayMode::Custom(url);
        }
        if let Some(value) = get(RELAY_MODE_VARIABLE) {
            network.relay = match (value.as_str(), network.relay) {
                ("disabled", _) => RelayMode::Disabled,
                ("default", RelayMode::Custom(url)) => RelayMode::Custom(url),
                ("default", _) => RelayMode::Default,
                _ => {
                    return Err(InvalidVariable {
                        name: RELAY_MODE_VARIABLE,
                        value,
                        advice: "expected default or disabled (a relay of your own: IROH_RELAY_URL)",
                    });
                }
            };
        }
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Network, InvalidVariable> {
        Network::from_variables(|name| {
            let found = variables.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn variables_change_the_defaults() {
        assert_eq!(read(&[]), Ok(Network::default()));
        let network =
            read(&[("ASTER_BIND_ADDR", "127.0.0.1:9"), ("ASTER_RELAY_MODE", "disabled")]).unwrap();
        assert_eq!(network.bind, "127.0.0.1:9".parse().unwrap());
        assert_eq!(network.relay, RelayMode::Disabled);
        let own = read(&[("IROH_RELAY_URL", "https://relay.example")]).unwrap();
        assert_eq!(own.relay, RelayMode::Custom("https://relay.example".into()));
        let off = read(&[("IROH_RELAY_URL", "https://r"), ("ASTER_RELAY_MODE", "disabled")]);
        assert_eq!(off.unwrap().relay, RelayMode::Disabled);
    }

    #[test]
    fn a_bad_value_is_an_error_that_says_what_to_write() {
        let error = read(&[("ASTER_BIND_ADDR", "localhost")]).unwrap_err();
        assert!(error.to_string().contains("127.0.0.1:4433"), "{error}");
        assert!(read(&[("ASTER_RELAY_MODE", "off")]).is_err());
    }
}
