//! The way that the packets of a connection take.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// The way that the packets of a connection take now; see
/// [`AsterClient::path`](crate::AsterClient::path). It may change while the
/// connection lasts: a relay is left as soon as there is a direct way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionPath {
    /// The server is in this process.
    InProcess,
    /// From one UDP address to another.
    Direct {
        /// The peer's address.
        address: SocketAddr,
        /// How long a packet and its answer take, estimated.
        round_trip: Duration,
    },
    /// Through a relay.
    Relayed {
        /// The relay.
        url: String,
        /// How long a packet and its answer take, estimated.
        round_trip: Duration,
    },
}

impl fmt::Display for ConnectionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |time: &Duration| time.as_secs_f64() * 1000.0;
        match self {
            Self::InProcess => f.write_str("in this process"),
            Self::Direct { address, round_trip } => {
                write!(f, "direct, {address}, {:.1} ms there and back", millis(round_trip))
            }
            Self::Relayed { url, round_trip } => {
                write!(f, "through the relay {url}, {:.1} ms there and back", millis(round_trip))
            }
        }
    }
}
