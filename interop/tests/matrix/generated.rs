//! Generated clients in both languages, against servers in both.

use std::process::Command;
use std::time::Duration;

use aster::Identity;
use aster::trust::{Attributes, ConsumerCredential, IdentityFile, RootKey};

use super::process::{Finished, Server, run};
use super::{programs, report};

const LIMIT: Duration = Duration::from_secs(60);

/// In the year 2100.
const END: u64 = 4_102_444_800;

fn last_line_is_ok(finished: &Finished) -> bool {
    finished.succeeded() && finished.stdout.lines().next_back() == Some("ok")
}

/// Runs clients one after the other, then ends the server.
fn check(server: Server, clients: Vec<(&str, Command)>) {
    let mut problems = Vec::new();
    for (name, mut command) in clients {
        command.arg(&server.address);
        let finished = run(command, LIMIT);
        println!("{name}: {}", if last_line_is_ok(&finished) { "ok" } else { "FAILED" });
        if !last_line_is_ok(&finished) {
            problems.push(format!("{name}: {finished}"));
        }
    }
    let _ = server.stop();
    report(&problems);
}

#[test]
fn generated_clients_of_the_guide() {
    let clients = || {
        vec![
            ("generated_control.py", programs::generated_python("generated_control.py")),
            ("generated control", programs::generated("control")),
        ]
    };
    check(Server::start("control.py", programs::python("guide/control.py")), clients());
    if let Some(server) = programs::workspace_program("examples/mission-control", "mission-control")
    {
        check(Server::start("mission-control", server), clients());
    }
}

#[test]
fn generated_clients_of_the_matrix() {
    let clients = || {
        vec![
            ("generated_matrix.py", programs::generated_python("generated_matrix.py")),
            ("generated matrix", programs::generated("matrix")),
        ]
    };
    check(Server::start("matrix_server.py", programs::python("matrix_server.py")), clients());
    check(Server::start("matrix-server", programs::matrix_server()), clients());
    let mut server = programs::matrix_server();
    server.arg("--json-only");
    let mut client = programs::generated_python("generated_matrix.py");
    client.arg("json");
    let server = Server::start("matrix-server --json-only", server);
    check(server, vec![("generated_matrix.py json", client)]);
}

/// The service asks for capabilities: its client has a credential for all of
/// them.
#[test]
fn generated_clients_of_everything() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = RootKey::generate();
    let (node, mut attributes) = (Identity::generate(), Attributes::new());
    attributes.insert("aster.role", "ops.import,a,b").expect("a role");
    let peer = Some(node.peer());
    let mut file = IdentityFile::new(node);
    let credential = ConsumerCredential::sign_policy(&root, peer, END, attributes);
    file.add("client", credential).expect("a credential");
    let path = directory.path().join("client.cred");
    file.save_new(&path).expect("client.cred");

    let mut server = programs::generated("serve");
    server.env("ASTER_ROOT_PUBKEY", root.public_key().to_string());
    let server = Server::start("generated serve", server);
    let mut client = programs::generated_python("generated_everything.py");
    client.env("ASTER_ENROLLMENT_CREDENTIAL", path);
    check(server, vec![("generated_everything.py", client)]);
}
