//! The control plane.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use aster::{AsterServer, AsterServerBuilder, Network, RelayMode, Termination};

use crate::administration::Administration;
use crate::agent::AgentSession;
use crate::control::MissionControl;
use crate::guarded::{GuardedControl, GuardedSession};
use crate::logbook::LogBook;
use crate::{Result, terminal};

/// What a caller of the closed control plane needs.
const ENROLL: &str = "
Let somebody in:
  aster enroll node --role consumer --name ops --root-key root.key --out ops.cred \\
    --capabilities ops.status,ops.logs,ops.ingest,ops.admin
";

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
    /// The public key of the root, from `aster trust keygen`: who has no
    /// credential of it is not let in, and who has one may do what it says.
    #[arg(long, value_name = "FILE")]
    root_pub: Option<PathBuf>,
    /// The list of what the root has revoked, from `aster trust revoke`. It is
    /// read again when it changes.
    #[arg(long, value_name = "FILE", requires = "root_pub")]
    revocations: Option<PathBuf>,
}

/// Chapters 1 to 4: both services, open to everybody who can reach them.
/// Commands run in `directory`, or where the program was started.
pub(crate) fn open(logs: Arc<LogBook>, directory: Option<PathBuf>) -> AsterServerBuilder {
    let directory = directory.map(Arc::new);
    AsterServer::builder()
        .open_gate()
        .service(MissionControl::new(logs))
        .session(move |_| AgentSession::new(directory.clone()))
}

/// Chapter 5: the same services, and one more, for those who hold the
/// capabilities. Who they are is up to the root key that the server is given.
pub(crate) fn guarded(logs: Arc<LogBook>, directory: Option<PathBuf>) -> AsterServerBuilder {
    let directory = directory.map(Arc::new);
    AsterServer::builder()
        .service(GuardedControl(MissionControl::new(logs.clone())))
        .session(move |_| GuardedSession(AgentSession::new(directory.clone())))
        .service(Administration::new(logs))
}

pub(crate) async fn run(options: Options) -> Result {
    let network = network(options.bind)?;
    let local = network.bind.ip().is_loopback();
    let logs = Arc::default();
    let closed = options.root_pub.is_some();
    let mut server = match options.root_pub {
        Some(root) => guarded(logs, None).root_pubkey_file(root),
        None => open(logs, None),
    };
    if let Some(path) = options.revocations {
        server = server.revocation_file(path);
    }
    if let Some(path) = options.identity {
        server = server.identity_file(path);
    }
    server = server.network(network);
    // Before the address is out, so that no signal comes too early.
    let termination = Termination::listen()?;
    let server = server.bind().await?;
    let address = server.address().to_string();
    terminal::line(&address)?;
    hints(&address, local, closed);
    server
        .serve_until(async {
            termination.wait().await;
            eprintln!("Shutting down: running calls may finish.");
        })
        .await;
    Ok(())
}

/// Whoever reaches an open control plane can run commands, so nobody else than
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

fn hints(address: &str, local: bool, closed: bool) {
    let reach = if local {
        "It listens on this machine only; --bind 0.0.0.0:4433 opens it to others."
    } else if closed {
        "Holders of a credential of the root come in, wherever they are."
    } else {
        "Everybody who can reach it can run commands here, as you."
    };
    let (enroll, credential) = if closed { (ENROLL, " --rcan ops.cred") } else { ("", "") };
    eprintln!(
        "
Mission Control is up. {reach} Ctrl+C ends it.
{enroll}
Call it:
  aster call {address} MissionControl.getStatus '{{\"agent_id\":\"edge-7\"}}'{credential}

Or take one of the roles:
  cargo run -p mission-control -- logs {address}{credential}
  cargo run -p mission-control -- agent {address}{credential}
  cargo run -p mission-control -- metrics {address}{credential}
  cargo run -p mission-control -- operator {address}{credential} uptime
"
    );
}
