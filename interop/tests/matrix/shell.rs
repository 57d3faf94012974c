//! The guide's lines in our shell, on a terminal, against the guide's control
//! plane on the reference.

use std::process::Command;

use terminal_tests::{Key, Terminal};

use super::guide::{guide, mission_control};
use super::process::{Server, run};
use super::programs;

/// The screen: high enough that nothing leaves it at the top.
const ROWS: u16 = 100;
const COLUMNS: u16 = 120;

fn aster(home: &tempfile::TempDir) -> Command {
    let mut command =
        programs::workspace_program("aster-cli", "aster").expect("this workspace has aster-cli");
    command.env("HOME", home.path()).env("LC_ALL", "C.UTF-8").current_dir(home.path());
    command
}

/// Types a line when the shell takes one, and waits for the next prompt.
fn line(terminal: &mut Terminal, text: &str) -> String {
    terminal.wait_until(has_prompt);
    terminal.type_text(text);
    terminal.wait_until(|screen| !has_prompt(screen));
    terminal.key(Key::Enter);
    terminal.wait_until(has_prompt)
}

fn has_prompt(screen: &str) -> bool {
    let last = screen.lines().last().unwrap_or_default();
    last.ends_with('~') || last.contains(":/") && last.ends_with('$')
}

#[test]
fn the_guide_in_our_shell_against_python() {
    if mission_control().is_none() {
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start("control.py", programs::python("guide/control.py"));
    let mut command = aster(&home);
    command.args(["shell", &server.address]);
    let mut shell = Terminal::start(command, ROWS, COLUMNS);

    // Chapter 1.
    line(&mut shell, "ls");
    line(&mut shell, "cd services/MissionControl");
    let listing = line(&mut shell, "ls");
    for method in ["getStatus", "submitLog", "tailLogs", "ingestMetrics"] {
        assert!(listing.contains(method), "{method}\n{listing}");
    }
    assert!(listing.contains("(TailRequest) -> stream LogEntry"), "{listing}");
    let status = line(&mut shell, "./getStatus agent_id=\"edge-node-7\"");
    assert!(status.contains("\"status\": \"running\""), "{status}");
    let typo = line(&mut shell, "./getStatus agentid=x");
    assert!(typo.contains("did you mean agent_id?"), "{typo}");

    // Chapter 2: a stream that ends with Ctrl+C, and leaves the shell.
    shell.type_text("./tailLogs level=warn");
    shell.wait_until(|screen| !has_prompt(screen));
    shell.key(Key::Enter);
    shell.wait_for("-> MissionControl.tailLogs(");
    let logs = run(guide("logs.py", &[&server.address]), super::CLIENT_LIMIT);
    assert!(logs.succeeded(), "{logs}");
    shell.wait_for("#2 {");
    shell.key(Key::CtrlC);
    let stopped = shell.wait_for("stopped after 2 items");
    assert!(stopped.contains("\"message\":\"disk 92% full\""), "{stopped}");

    // Chapter 4: a session in which several bidi calls follow each other. The
    // reference's own shell breaks at the second.
    line(&mut shell, "cd ../AgentSession");
    line(&mut shell, "session AgentSession");
    let register = "register agent_id=edge-7 capabilities='[\"gpu\"]' load_avg=0.3";
    let assigned = line(&mut shell, register);
    assert!(assigned.contains("\"task_id\": \"train-42\""), "{assigned}");
    for (number, word) in ["one", "two"].iter().enumerate() {
        let said = line(&mut shell, &format!("runCommand command=\"echo {word}\""));
        let answers = said.matches("\"exit_code\":0").count();
        assert!(said.contains(&format!("\"stdout\":\"{word}")), "{said}");
        assert!(answers > number, "{said}");
    }
    line(&mut shell, "end");
    shell.key(Key::CtrlD);
    assert!(shell.finish().success(), "{}", shell.screen());
    let _ = server.stop();
}
