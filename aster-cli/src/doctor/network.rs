//! What the network gives a program, before it calls anybody.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use aster::config::{Config, Side};
use aster::{RelayError, RelayMode, reach_relay};

use super::check::Check;

/// Longest wait for a relay.
const RELAY_LIMIT: Duration = Duration::from_secs(5);

/// Whether a client, and a server here, can bind their UDP ports.
pub(super) fn ports(config: &Config) -> Vec<Check> {
    let (client, server) = (config.network(Side::Client).bind, config.network(Side::Server).bind);
    let mut checks = vec![port(client)];
    if server != client {
        checks.push(port(server));
    }
    checks
}

fn port(address: SocketAddr) -> Check {
    let name = "udp";
    let shown = match address.port() {
        0 => format!("a free port of {}", address.ip()),
        _ => address.to_string(),
    };
    match UdpSocket::bind(address) {
        Ok(_) => Check::ok(name, format!("can bind {shown}")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Check::warn(
            name,
            format!("{shown} is taken"),
            "if a server of yours runs there, this is in order; else set ASTER_BIND_ADDR to another port",
        ),
        Err(error) => Check::fail(
            name,
            format!("cannot bind {shown}: {error}"),
            "allow UDP for this program, or set ASTER_BIND_ADDR to an address of this machine",
        ),
    }
}

/// Whether the relay that is configured answers.
pub(super) async fn relay(config: &Config) -> Check {
    let name = "relay";
    let network = config.network(Side::Client);
    let reached = reach_relay(&network, RELAY_LIMIT).await;
    match (reached, &network.relay) {
        (Ok(url), _) => Check::ok(name, format!("{url} answers")),
        (Err(RelayError::Disabled), _) => {
            Check::ok(name, "disabled: peers are reached by their addresses only")
        }
        (Err(error), RelayMode::Custom(url)) => Check::fail(
            name,
            format!("{url} is not reached: {error}"),
            "check that it runs, its name, and that this machine may open TCP connections to it",
        ),
        (Err(error), _) => Check::warn(
            name,
            format!("no public relay is reached: {error}"),
            "peers that have a direct way are reached all the same; else allow HTTPS, set \
             ASTER_RELAY_URL to a relay of your own, or ASTER_RELAY_MODE=disabled",
        ),
    }
}
