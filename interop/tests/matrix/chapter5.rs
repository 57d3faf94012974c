//! Chapter 5 of the guide: credentials of both makers, presented by clients of
//! both languages at closed gates of both.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::guide::{guide, mission_control};
use super::process::{Server, run};
use super::table5::{Domain, Form, METHODS, Outcome, TABLE, call, compare};
use super::{programs, report};

const LIMIT: Duration = Duration::from_secs(30);

/// All Python clients together.
const CLIENTS_LIMIT: Duration = Duration::from_secs(120);

/// Credentials that a command line made, and the row of the table that they
/// are like; `None` if the Python client loses what is signed (B11).
const MADE: [(&str, &str, Option<&str>); 4] = [
    ("their-edge", "edge", Some("edge")),
    ("their-plain", "no-role", None),
    ("our-edge", "edge", Some("edge")),
    ("our-plain", "no-role", Some("no-role")),
];

fn expected(row: &str) -> Outcome {
    let found = TABLE.iter().find(|(name, _)| *name == row);
    found.expect("a row of the table").1
}

/// `aster enroll node`, theirs and ours, with the root key of the domain.
fn enroll_by_command(domain: &Domain) -> Result<(), String> {
    for (name, row, _) in MADE {
        let mut tool = match name.starts_with("their") {
            true => programs::peer_cli(),
            false => programs::workspace_program("aster-cli", "aster").expect("the tool"),
        };
        tool.args(["enroll", "node", "--role", "consumer", "--name", name, "-q"]);
        tool.args(["--root-key", "root.key", "--out", &format!("{name}.cred")]);
        if row == "edge" {
            tool.args(["--capabilities", "ops.status,ops.ingest"]);
        }
        tool.current_dir(domain.path("")).env("HOME", domain.path(""));
        let finished = run(tool, LIMIT);
        if !finished.succeeded() {
            return Err(format!("{name}: {finished}"));
        }
    }
    Ok(())
}

/// The cases for `guarded_calls.py`, with what must come of each.
fn python_cases(domain: &Domain) -> (Vec<Value>, Map<String, Value>) {
    let opened = |outcome| match outcome {
        Outcome::Opens(opens) => METHODS
            .iter()
            .zip(opens)
            .map(|(method, open)| {
                let code = if open { "ok" } else { "PERMISSION_DENIED" };
                ((*method).to_owned(), Value::from(code))
            })
            .collect::<Map<_, _>>()
            .into(),
        _ => Value::from("denied"),
    };
    let path = |file: String| domain.path(file).display().to_string();
    let (mut cases, mut wanted) = (Vec::new(), Map::new());
    let mut add = |name: String, files: [Option<String>; 2], outcome: Value| {
        let [credential, identity] = files;
        cases.push(json!([name, credential, identity]));
        wanted.insert(name, outcome);
    };
    for (name, outcome) in TABLE {
        let toml = (name != "none").then(|| path(format!("{name}.cred")));
        add(format!("{name}, TOML"), [toml, None], opened(outcome));
        if name != "none" {
            let json = [format!("{name}.json"), format!("{name}.node")];
            add(format!("{name}, JSON"), json.map(|file| Some(path(file))), opened(outcome));
        }
    }
    for (name, _, row) in MADE {
        let outcome = row.map_or(Outcome::Denied, expected);
        add(name.to_owned(), [Some(path(format!("{name}.cred"))), None], opened(outcome));
    }
    domain.enroll_once("once");
    let once = Outcome::Opens([true, true, false, false, false, false, false]);
    // Its node is in until the credential ends, but not by showing it again.
    let again = Value::from("denied, then answered");
    for (name, outcome) in [("once", opened(once)), ("once, again", again)] {
        let files = ["once.json", "once.node"].map(|file| Some(path(file.to_owned())));
        add(name.to_owned(), files, outcome);
    }
    (cases, wanted)
}

/// What of a table did not hold for the Python clients.
fn python_clients(domain: &Domain, address: &str) -> Vec<String> {
    let (cases, wanted) = python_cases(domain);
    let file = domain.path("cases.json");
    fs::write(&file, Value::from(cases).to_string()).expect("cases.json");
    let mut command = guide("guarded_calls.py", &[address, file.to_str().expect("a path")]);
    command.current_dir(domain.path(""));
    let finished = run(command, CLIENTS_LIMIT);
    let Ok(found) = serde_json::from_str::<Map<String, Value>>(&finished.stdout) else {
        return vec![format!("guarded_calls.py: {finished}")];
    };
    println!("Python clients at mission-control: {} credentials", found.len());
    let mut problems = Vec::new();
    for (name, wanted) in wanted {
        if found.get(&name) != Some(&wanted) {
            let found = found.get(&name).unwrap_or(&Value::Null);
            problems.push(format!("Python client, {name}: {found} instead of {wanted}"));
        }
    }
    problems
}

/// What of the table did not hold for our clients. A server of the reference
/// knows no revocation.
async fn rust_clients(domain: &Domain, server: &str, address: &str) -> Vec<String> {
    let revokes = server == "mission-control";
    let rows = TABLE.iter().flat_map(|(name, outcome)| {
        let outcome = match *name {
            "revoked" if !revokes => expected("ops"),
            _ => *outcome,
        };
        [(*name, Form::Toml, outcome), (*name, Form::Json, outcome)]
    });
    // Nothing has one form.
    let rows = rows.filter(|(name, form, _)| *name != "none" || matches!(form, Form::Toml));
    let made = MADE.iter().map(|(name, row, _)| (*name, Form::Toml, expected(row)));
    let mut problems = Vec::new();
    let mut presented = 0;
    for (name, form, expected) in rows.chain(made) {
        presented += 1;
        let connecting = domain.client(name, form).connect(address);
        let connected = tokio::time::timeout(LIMIT, connecting).await.expect("an answer in time");
        let client = match compare(connected, expected) {
            Ok(client) => client,
            Err(wrong) => {
                problems.push(format!("Rust client at {server}, {name}, {form:?}: {wrong}"));
                continue;
            }
        };
        let (Some(client), Outcome::Opens(opens)) = (client, expected) else { continue };
        for (method, allowed) in METHODS.into_iter().zip(opens) {
            let called = tokio::time::timeout(LIMIT, call(&client, method)).await;
            let right = match &called {
                Ok(Ok(())) => allowed,
                Ok(Err(status)) => !allowed && status.code() == aster::Code::PermissionDenied,
                Err(_) => false,
            };
            if !right {
                problems.push(format!("Rust client at {server}, {name}, {method}: {called:?}"));
            }
        }
        client.close().await;
    }
    println!("Rust clients at {server}: {presented} credentials");
    problems
}

fn guarded_control(root_pub: &Path) -> Command {
    let mut command = programs::python("guide/guarded_control.py");
    command.arg(root_pub);
    command
}

#[test]
fn chapter_5() {
    let Some(mut command) = mission_control() else { return };
    let domain = Domain::new();
    enroll_by_command(&domain).expect("credentials");
    command.arg("serve").arg("--root-pub").arg(domain.root_pub());
    command.arg("--revocations").arg(domain.revocation_file());
    // Where used one-time credentials are written down.
    command.env("HOME", domain.path(""));
    let rust = Server::start("mission-control", command);
    let python = Server::start("guarded_control.py", guarded_control(&domain.root_pub()));

    let mut problems = python_clients(&domain, &rust.address);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for (name, server) in [("mission-control", &rust), ("guarded_control.py", &python)] {
        problems.extend(runtime.block_on(rust_clients(&domain, name, &server.address)));
    }
    problems.extend(rust.stop().err());
    let _ = python.stop();
    report(&problems);
}
