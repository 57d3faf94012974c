//! Chapter 5 of the guide: what a credential allows.

use terminal_tests::Server;

use super::manual::assert_shown;
use super::{Folder, leave, run};

fn aster(folder: &Folder, arguments: &[&str]) {
    let output = folder.command("aster", arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", super::text(&output.stderr));
}

/// A closed control plane, and the credentials of the guide beside it.
fn closed(folder: &Folder) -> Server {
    aster(folder, &["trust", "keygen", "--out-key", "root.key"]);
    for (name, capabilities) in
        [("edge", "ops.status,ops.ingest"), ("ops", "ops.status,ops.logs,ops.ingest,ops.admin")]
    {
        let out = format!("{name}.cred");
        aster(
            folder,
            &[
                "enroll",
                "node",
                "--role",
                "consumer",
                "--name",
                name,
                "--root-key",
                "root.key",
                "--out",
                &out,
                "--capabilities",
                capabilities,
            ],
        );
    }
    Server::start(folder.command("mission-control", &["serve", "--root-pub", "root.pub"]))
}

#[test]
fn chapter_5_says_which_capability_is_missing() {
    let folder = Folder::new();
    let server = closed(&folder);
    let mut shell = folder.shell(&[server.address(), "--rcan", "edge.cred"]);
    run(&mut shell, "cd services/MissionControl");
    let screen = run(&mut shell, "ls");
    assert!(screen.contains('✓') && screen.contains('✗'), "{screen}");
    run(&mut shell, "./getStatus agent_id=edge-7");
    let screen = run(&mut shell, "./tailLogs level=warn");
    // As if the terminal were wider.
    let screen = screen.replace('\n', "");
    assert!(screen.contains("PERMISSION_DENIED"), "{screen}");
    assert!(screen.contains("requires ops.logs or ops.admin"), "{screen}");
    assert!(screen.contains("your capabilities are: ops.ingest, ops.status"), "{screen}");
    run(&mut shell, "rights");
    let screen = leave(shell);
    let start = screen.find("cd services").unwrap();
    let start = screen[..start].rfind('\n').unwrap() + 1;
    assert_shown("denied", &screen[start..]);

    let mut shell = folder.shell(&[server.address(), "--rcan", "ops.cred"]);
    run(&mut shell, "session AgentSession");
    let screen = run(&mut shell, "runCommand command=\"uptime\"");
    assert!(screen.contains("\"exit_code\":"), "{screen}");
    let screen = run(&mut shell, "whoami");
    assert!(screen.contains("ops.admin, ops.ingest, ops.logs, ops.status"), "{screen}");
    shell.type_line("exit");
    assert!(shell.finish().success());
}

#[test]
fn without_a_credential_there_is_no_shell() {
    let folder = Folder::new();
    let server = closed(&folder);
    let output = folder.pipe(&[server.address()], "ls\n");
    assert_eq!(output.status.code(), Some(5), "{}", super::text(&output.stderr));
    assert!(super::text(&output.stderr).contains("--rcan FILE"));
    let output =
        folder.pipe(&[server.address(), "--rcan", "edge.cred"], "MissionControl.tailLogs\n");
    assert_eq!(output.status.code(), Some(5));
    assert!(super::text(&output.stderr).contains("ops.logs or ops.admin"));
}
