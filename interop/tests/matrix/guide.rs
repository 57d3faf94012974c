//! The programs of the guide: Python's against the Rust control plane, and
//! ours against Python's.

use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::process::{Finished, Running, Server, run};
use super::{programs, report};

const LIMIT: Duration = Duration::from_secs(30);

/// How long a follower of the logs gets to be there before entries are sent.
const FOLLOW: Duration = Duration::from_millis(1500);

/// Checks, with what did not hold.
#[derive(Default)]
pub(crate) struct Checks(pub(crate) Vec<String>);

impl Checks {
    fn check(&mut self, name: &str, holds: bool, finished: &Finished) {
        println!("{name}: {}", if holds { "ok" } else { "FAILED" });
        if !holds {
            self.0.push(format!("{name}: {finished}"));
        }
    }

    pub(crate) fn program(
        &mut self,
        name: &str,
        command: Command,
        holds: impl Fn(&Finished) -> bool,
    ) {
        let finished = run(command, LIMIT);
        let holds = finished.succeeded() && holds(&finished);
        self.check(name, holds, &finished);
    }
}

/// The Rust programs of the guide.
pub(crate) fn mission_control() -> Option<Command> {
    let package = "examples/mission-control";
    let command = programs::workspace_program(package, "mission-control");
    if command.is_none() {
        println!("skipped: this workspace has no {package}");
    }
    command
}

pub(crate) fn guide(script: &str, arguments: &[&str]) -> Command {
    let mut command = programs::python(&format!("guide/{script}"));
    command.args(arguments);
    command
}

fn last_line_is(line: &'static str) -> impl Fn(&Finished) -> bool {
    move |finished| finished.stdout.lines().next_back() == Some(line)
}

/// The answer of `getStatus` for the agent x.
pub(crate) fn is_status(finished: &Finished) -> bool {
    serde_json::from_str::<Value>(&finished.stdout).is_ok_and(|status| {
        status["agent_id"] == "x"
            && status["status"] == "running"
            && status["uptime_secs"].is_u64()
            && status.as_object().is_some_and(|fields| fields.len() == 3)
    })
}

/// Whether these lines are the last entries that `logs.py` submits, from
/// `first` on.
fn are_entries(finished: &Finished, first: usize) -> bool {
    const ENTRIES: [(&str, &str); 3] = [
        ("info", "agent started"),
        ("warn", "disk 92% full"),
        ("error", "lost the sensor on /dev/ttyUSB0"),
    ];
    let wanted = ENTRIES.get(first..).unwrap_or_default();
    let lines: Vec<_> = finished.stdout.lines().collect();
    lines.len() == wanted.len()
        && lines.iter().zip(wanted).all(|(line, (level, message))| {
            serde_json::from_str::<Value>(line).is_ok_and(|entry| {
                entry["level"] == *level
                    && entry["message"] == *message
                    && entry["agent_id"] == "edge-node-7"
                    && entry["timestamp"].as_f64().is_some_and(|at| at > 1.7e9)
            })
        })
}

/// The output of `session.py` after this many registrations.
fn ran_commands(registered: usize) -> impl Fn(&Finished) -> bool {
    move |finished| {
        finished.stdout.matches("assigned ").count() == registered
            && finished.stdout.matches("exit_code=").count() == 3
    }
}

/// The guide of the reference, unchanged, against the Rust control plane.
#[test]
fn python_guide_against_rust() {
    let Some(command) = mission_control() else {
        return;
    };
    let server = Server::start("mission-control", command);
    println!("address of mission-control after {:?}", server.ready_after);
    let address = server.address.as_str();
    let mut checks = Checks::default();

    let mut call = programs::peer_cli();
    call.args(["call", address, "MissionControl.getStatus", "{\"agent_id\":\"x\"}"]);
    checks.program("aster call (Python)", call, is_status);

    // Two followers: each gets every entry of its level.
    let all = Running::start(&mut guide("tail.py", &[address, "info", "3"]));
    let severe = Running::start(&mut guide("tail.py", &[address, "warn", "2"]));
    thread::sleep(FOLLOW);
    let logs = guide("logs.py", &[address]);
    checks.program("logs.py", logs, last_line_is("Submitted: 3"));
    for (name, tail, first) in [("tail.py info", all, 0), ("tail.py warn", severe, 1)] {
        let finished = tail.finish(LIMIT);
        let holds = finished.succeeded() && are_entries(&finished, first);
        checks.check(name, holds, &finished);
    }
    let metrics = guide("metrics.py", &[address]);
    checks.program("metrics.py", metrics, last_line_is("Accepted: 10000"));
    let session = guide("session.py", &[address]);
    checks.program("session.py", session, ran_commands(2));
    // The dynamic session calls bidi methods as if they were unary.
    let session = guide("session.py", &[address, "--proxy"]);
    checks.program("session.py --proxy", session, ran_commands(1));
    let typed = guide("typed.py", &[address]);
    checks.program("typed.py", typed, last_line_is("ok"));

    checks.0.extend(server.stop().err());
    report(&checks.0);
}

/// The roles of the Rust example against the guide's control plane on the
/// reference.
#[test]
fn rust_guide_against_python() {
    if mission_control().is_none() {
        return;
    }
    let mut command = programs::python("guide/control.py");
    command.arg("--whole");
    let server = Server::start("control.py --whole", command);
    let mut checks = Checks::default();
    let role = |role: &str, arguments: &[&str]| {
        let mut command = mission_control().expect("found before");
        command.args([role, &server.address]).args(arguments);
        command
    };
    let agent = role("agent", &["--once", "--capability", "gpu"]);
    checks.program("mission-control agent", agent, |finished| {
        finished.stdout == "edge-1: assigned train-42: python train.py\n"
    });
    let logs = role("logs", &["--count", "1"]);
    checks.program("mission-control logs", logs, |finished| {
        finished.stdout.lines().count() == 1 && finished.stdout.contains("edge-1: agent started")
    });
    let metrics = role("metrics", &[]);
    let accepted = last_line_is("Accepted: 10000");
    checks.program("mission-control metrics", metrics, accepted);
    let commands = ["echo one", "echo two; echo oops >&2; exit 3"];
    let operator = run(role("operator", &commands), LIMIT);
    let right = operator.code() == Some(3)
        && operator.stdout == "one\ntwo\n"
        && operator.stderr.lines().any(|line| line == "oops");
    checks.check("mission-control operator", right, &operator);
    let _ = server.stop();
    report(&checks.0);
}

/// Our command line against the guide's control plane on the reference.
#[test]
fn rust_command_line_against_python() {
    let Some(_) = programs::workspace_program("aster-cli", "aster") else {
        println!("skipped: this workspace has no aster-cli");
        return;
    };
    let server = Server::start("control.py", programs::python("guide/control.py"));
    let address = server.address.as_str();
    let mut checks = Checks::default();
    let call = |method: &str, request: &str| {
        let mut call = programs::workspace_program("aster-cli", "aster").expect("found before");
        call.args(["call", address, method, request]);
        call
    };
    let status = call("MissionControl.getStatus", "{\"agent_id\":\"x\"}");
    checks.program("aster call (Rust)", status, is_status);
    let entry = "{\"level\":\"info\",\"message\":\"m\"}";
    let submit = call("MissionControl.submitLog", entry);
    checks.program("aster call (Rust), submitLog", submit, |finished| {
        serde_json::from_str::<Value>(&finished.stdout).is_ok_and(|v| v["accepted"] == true)
    });
    let register = call("AgentSession.register", "{\"capabilities\":[\"gpu\"]}");
    checks.program("aster call (Rust), in a session", register, |finished| {
        serde_json::from_str::<Value>(&finished.stdout).is_ok_and(|v| v["task_id"] == "train-42")
    });
    let typo = run(call("MissionControl.getStatus", "{\"agentid\":\"x\"}"), LIMIT);
    let refused = typo.code() == Some(3)
        && typo.stdout.is_empty()
        && typo.stderr.contains("agentid: StatusRequest has no such field")
        && typo.stderr.contains("did you mean agent_id?");
    checks.check("aster call (Rust), a wrong field", refused, &typo);

    let mut tail = call("MissionControl.tailLogs", "level=info");
    tail.args(["--limit", "1"]);
    checks.program("aster call (Rust), a server stream", tail, |finished| {
        finished.stdout.lines().count() == 1 && finished.stdout.contains("\"message\":\"m\"")
    });
    let points = "[{\"name\":\"a\",\"value\":1.0},{\"name\":\"b\",\"tags\":{\"dc\":\"eu\"}}]";
    let ingest = call("MissionControl.ingestMetrics", points);
    checks.program("aster call (Rust), a client stream", ingest, |finished| {
        serde_json::from_str::<Value>(&finished.stdout).is_ok_and(|v| v["accepted"] == 2)
    });
    let run_command = call("AgentSession.runCommand", "command=echo one");
    checks.program("aster call (Rust), bidi in a session", run_command, |finished| {
        finished.stdout.contains("\"stdout\":\"one") && finished.stdout.contains("\"exit_code\":0")
    });
    let _ = server.stop();
    report(&checks.0);
}
