//! The program's processes.

use std::ffi::OsStr;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use aster::{AsterClient, Network, Proxy, RelayMode};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// What takes this long is stuck.
const GUARD: Duration = Duration::from_secs(120);

pub(crate) async fn guarded<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(GUARD, work).await;
    done.expect("the test is stuck")
}

pub(crate) fn program<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mission-control"));
    command
        .args(arguments)
        .env("ASTER_RELAY_MODE", "disabled")
        .env_remove("ASTER_BIND_ADDR")
        .env_remove("IROH_RELAY_URL")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

pub(crate) async fn output<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    guarded(program(arguments).output()).await.unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A running control plane.
pub(crate) struct Server {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[] as &[&str]).await
    }

    pub(crate) async fn start_with<S: AsRef<OsStr>>(arguments: &[S]) -> Self {
        Self::run(program(arguments)).await
    }

    pub(crate) async fn run(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = guarded(lines.next_line()).await.unwrap().unwrap();
        Self { child, lines, address }
    }

    pub(crate) async fn client(&self) -> AsterClient {
        let network = Network { bind: "127.0.0.1:0".parse().unwrap(), relay: RelayMode::Disabled };
        let client = AsterClient::builder().network(network);
        guarded(client.connect(&self.address)).await.unwrap()
    }

    pub(crate) async fn control(&self) -> Proxy {
        self.client().await.proxy("MissionControl").unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for the end; gives what else was on standard output.
    pub(crate) async fn end(mut self) -> (ExitStatus, Vec<String>) {
        let mut more = Vec::new();
        while let Some(line) = guarded(self.lines.next_line()).await.unwrap() {
            more.push(line);
        }
        (guarded(self.child.wait()).await.unwrap(), more)
    }
}
