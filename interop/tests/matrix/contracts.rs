//! Contracts across the two: the published shell and generator read ours, our
//! client reads theirs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aster::AsterClient;
use aster::contract::{Contract, TypeBody};

use super::guide::{Checks, guide, is_status, mission_control};
use super::process::Server;
use super::{programs, report};

/// Ids of the guide's services, the same in every language.
const MISSION_CONTROL: &str = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530";
const AGENT_SESSION: &str = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d";

/// A directory that is removed again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aster-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a scratch directory");
        Self(path)
    }

    fn is_empty(&self) -> bool {
        std::fs::read_dir(&self.0).is_ok_and(|mut entries| entries.next().is_none())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The Rust control plane, with nothing on disk that it did not write.
fn control_plane(home: &Scratch) -> Option<Server> {
    let mut command = mission_control()?;
    command.current_dir(&home.0).env("HOME", &home.0).env("TMPDIR", &home.0);
    let server = Server::start("mission-control", command);
    println!("address of mission-control after {:?}", server.ready_after);
    Some(server)
}

/// `aster shell` lists our methods, calls one and follows a stream, all from
/// what our server publishes.
#[test]
fn python_shell_against_rust() {
    let home = Scratch::new("shell");
    let Some(server) = control_plane(&home) else { return };
    let address = server.address.as_str();
    let mut checks = Checks::default();
    checks.program("aster shell: ls and getStatus", guide("shell.py", &[address]), |finished| {
        let methods = ["getStatus", "submitLog", "tailLogs", "ingestMetrics"];
        let shown = |text: &str| finished.stdout.contains(text);
        methods.iter().all(|method| shown(method))
            && shown("AgentSession")
            && shown("\"status\": \"running\"")
            && shown("\"agent_id\": \"x\"")
    });
    checks.program("logs.py", guide("logs.py", &[address]), |_| true);
    let tail = guide("shell.py", &[address, "--tail", "3"]);
    checks.program("aster shell: tailLogs", tail, |finished| {
        let shown = |text: &str| finished.stdout.contains(text);
        shown("agent started") && shown("disk 92% full") && shown("lost the sensor")
    });
    checks.0.extend(server.stop().err());
    if !home.is_empty() {
        checks.0.push(format!("mission-control left files in {}", home.0.display()));
    }
    report(&checks.0);
}

/// `aster contract gen-client` makes a Python client from our server, which
/// calls it.
#[test]
fn python_client_generated_from_rust() {
    let home = Scratch::new("generated-home");
    let Some(server) = control_plane(&home) else { return };
    let address = server.address.as_str();
    let out = Scratch::new("generated");
    let out_path = path_text(&out.0);
    let mut checks = Checks::default();
    let mut generate = programs::peer_cli();
    generate.args(["contract", "gen-client", address, "--out", out_path]);
    generate.args(["--lang", "python", "--package", "mission"]);
    checks.program("aster contract gen-client (Python)", generate, |_| {
        let file = |path: &str| std::fs::read_to_string(out.0.join(path)).unwrap_or_default();
        file("mission/services/mission_control_v1.py").contains(MISSION_CONTROL)
            && file("mission/services/agent_session_v1.py").contains(AGENT_SESSION)
            && file("mission/types/mission_control_v1.py").contains("class StatusRequest")
    });
    let call = guide("generated.py", &[address, out_path, "mission"]);
    checks.program("the generated client", call, is_status);
    checks.0.extend(server.stop().err());
    report(&checks.0);
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// The names of the fields of a message.
fn fields<'a>(contract: &'a Contract, tag: &str) -> Vec<&'a str> {
    let found = contract.types.iter().find(|ty| ty.tag == tag);
    match found.map(|ty| &ty.body) {
        Some(TypeBody::Message(fields)) => fields.iter().map(|f| f.name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Our client fetches and verifies what the reference publishes.
#[test]
fn rust_reads_the_contracts_of_python() {
    let mut failures = Vec::new();
    let mut check = |name: &str, holds: bool, seen: &dyn std::fmt::Debug| {
        println!("{name}: {}", if holds { "ok" } else { "FAILED" });
        if !holds {
            failures.push(format!("{name}: {seen:?}"));
        }
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");

    let server = Server::start("control.py", programs::python("guide/control.py"));
    let fetched = runtime.block_on(contracts(&server.address, &["MissionControl", "AgentSession"]));
    let _ = server.stop();
    let ids: Vec<_> = fetched.iter().map(|contract| contract.id.to_string()).collect();
    check("the ids of the guide", ids == [MISSION_CONTROL, AGENT_SESSION], &fetched);
    let control = fetched.first();
    let methods: Vec<_> =
        control.iter().flat_map(|c| &c.methods).map(|method| method.name.as_str()).collect();
    let expected = ["getStatus", "ingestMetrics", "submitLog", "tailLogs"];
    check("the methods of MissionControl", methods == expected, &fetched);

    let server = Server::start("matrix_server.py", programs::python("matrix_server.py"));
    let fetched = runtime.block_on(contracts(&server.address, &["Matrix"]));
    let _ = server.stop();
    let tags: BTreeSet<_> =
        fetched.iter().flat_map(|c| &c.types).map(|ty| ty.tag.as_str()).collect();
    let expected = ["Blob", "Inner", "Reply", "Request", "Total"];
    let expected = expected.map(|name| format!("matrix/{name}"));
    check("all types of Matrix", tags.iter().eq(expected.iter()), &fetched);
    let nested = fetched.first().map(|contract| fields(contract, "matrix/Inner"));
    check("the fields of a nested type", nested == Some(vec!["label", "value"]), &fetched);
    report(&failures);
}

async fn contracts(address: &str, services: &[&str]) -> Vec<Contract> {
    let limit = Duration::from_secs(30);
    let fetch = async {
        let client = AsterClient::connect(address).await.map_err(|error| error.to_string())?;
        let mut contracts = Vec::new();
        for service in services {
            let fetched = client.contract(service).await;
            contracts.push(fetched.map_err(|error| error.to_string())?);
        }
        client.close().await;
        Ok::<_, String>(contracts)
    };
    let fetched = tokio::time::timeout(limit, fetch).await;
    let fetched = fetched.unwrap_or_else(|_| Err(format!("nothing within {limit:?}")));
    fetched.unwrap_or_else(|error| {
        println!("{error}");
        Vec::new()
    })
}
