//! The control plane.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use aster::{AsterServer, AsterServerBuilder, Network, RelayMode, Termination};

use crate::agent::AgentSession;
use crate::control::MissionControl;
use crate::logbook::LogBook;
use crate::{Result, terminal};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The UDP address to listen on. Without it, a free port that only this
    /// machine can reach.
    #[arg(long, value_name = "IP:PORT")]
    bind: Option<SocketAddr>,
    /// The file with the control plane's key, made when it is missing. With it
    /// and a port of its own the address is the same after a restart.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

/// Both services, open to everybody who can reach them. Commands run in
/// `directory`, or where the program was started.
pub(crate) fn control_plane(logs: Arc<LogBook>, directory: Option<PathBuf>) -> AsterServerBuilder {
    let directory = directory.map(Arc::new);
    AsterServer::builder()
        .open_gate()
        .service(MissionControl::new(logs))
        .session(move |_| AgentSession::new(directory.clone()))
}

pub(crate) async fn run(options: Options) -> Result {
    let network = network(options.bind)?;
    let local = network.bind.ip().is_loopback();
    let mut server = control_plane(Arc::default(), None).network(network);
    if let Some(path) = options.identity {
        server = server.identity_file(path);
    }
    // Before the address is out, so that no signal comes too early.
    let termination = Termination::listen()?;
    let server = server.bind().await?;
    let address = server.address().to_string();
    terminal::line(&address)?;
    hints(&address, local);
    server
        .serve_until(async {
            termination.wait().await;
            eprintln!("Shutting down: running calls may finish.");
        })
        .await;
    Ok(())
}

/// Whoever reaches the control plane can run commands, so nobody else than
/// this machine does unless it is asked for.
fn network(bind: Option<SocketAddr>) -> Result<Network> {
    let mut network = Network::from_env()?;
    let chosen = std::env::var_os("ASTER_BIND_ADDR").is_some_and(|value| !value.is_empty());
    match bind {
        Some(address) => network.bind = address,
        None if chosen => {}
        None => network.bind = (Ipv4Addr::LOCALHOST, 0).into(),
    }
    if network.bind.ip().is_loopback() && network.relay == RelayMode::Default {
        network.relay = RelayMode::Disabled;
    }
    Ok(network)
}

fn hints(address: &str, local: bool) {
    let reach = if local {
        "It listens on this machine only; --bind 0.0.0.0:4433 opens it to others."
    } else {
        "Everybody who can reach it can run commands here, as you."
    };
    eprintln!(
        "\nMission Control is up. {reach} Ctrl+C ends it.

Call it:
  aster call {address} MissionControl.getStatus '{{\"agent_id\":\"edge-7\"}}'

Or take one of the roles:
  cargo run -p mission-control -- logs {address}
  cargo run -p mission-control -- agent {address}
  cargo run -p mission-control -- metrics {address}
  cargo run -p mission-control -- operator {address} uptime
"
    );
}
