//! Chapters 1, 2 and 4 of the guide, keystroke for keystroke.

use terminal_tests::Key;

use super::manual::assert_shown;
use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn chapter_1_looks_around_and_calls() {
    let folder = Folder::new();
    let server = folder.mission_control();
    let mut shell = folder.shell(&[server.address()]);
    run(&mut shell, "ls");
    run(&mut shell, "cd services/MissionControl");
    run(&mut shell, "ls");
    let screen = run(&mut shell, "./getStatus agent_id=\"edge-node-7\"");
    assert!(screen.contains("-> MissionControl.getStatus(agent_id=\"edge-node-7\")"), "{screen}");
    // The order is that of the declaration.
    let order = ["\"agent_id\": \"edge-node-7\"", "\"status\": \"running\"", "\"uptime_secs\": "];
    let places: Vec<_> = order.iter().map(|part| screen.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{screen}");
    assert_shown("listing", &leave(shell));
}

#[test]
fn chapter_2_follows_a_stream_until_ctrl_c() {
    let folder = Folder::new();
    let server = folder.mission_control();
    let mut shell = folder.shell(&[server.address()]);
    run(&mut shell, "cd services/MissionControl");
    run(&mut shell, "submitLog timestamp=1 level=info message=started agent_id=edge-7");
    run(&mut shell, "submitLog timestamp=2 level=warn message=\"disk 92% full\" agent_id=edge-7");
    run(&mut shell, "submitLog timestamp=3 level=error message=\"disk full\" agent_id=edge-7");
    shell.type_line("./tailLogs level=warn");
    shell.wait_for("#2 {");
    shell.key(Key::CtrlC);
    shell.wait_for("stopped after 2 items");
    wait_for_prompt(&shell);
    // The shell goes on, and so does the server.
    run(&mut shell, "pwd");
    let screen = leave(shell);
    assert!(screen.contains(
        "#1 {\"timestamp\":2.0,\"level\":\"warn\",\"message\":\"disk 92% full\",\"agent_id\":\"edge-7\"}"
    ), "{screen}");
    let start = screen.find("aster1").unwrap();
    let from = screen[start..].find("./tailLogs").map(|at| start + at).unwrap();
    let line_start = screen[..from].rfind('\n').unwrap() + 1;
    assert_shown("stream", &screen[line_start..]);
}

#[test]
fn chapter_4_keeps_a_session_for_several_calls() {
    let folder = Folder::new();
    let server = folder.mission_control();
    let mut shell = folder.shell(&[server.address()]);
    run(&mut shell, "cd services/MissionControl");
    run(&mut shell, "cd ../AgentSession");
    run(&mut shell, "session AgentSession");
    run(&mut shell, "register agent_id=edge-7 capabilities='[\"gpu\"]' load_avg=0.3");
    run(&mut shell, "runCommand command=\"echo I am $AGENT_ID\"");
    run(&mut shell, "runCommand command=\"exit 3\"");
    run(&mut shell, "end");
    let screen = leave(shell);
    for part in ["\"task_id\": \"train-42\"", "I am edge-7", "\"exit_code\":3"] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    let start = screen.find("cd ../AgentSession").unwrap();
    assert_shown("session", &screen[screen[..start].rfind('\n').unwrap() + 1..]);
}

#[test]
fn the_commands_of_the_guide_run_as_they_are() {
    let folder = Folder::new();
    let server = folder.mission_control();
    let mut shell = folder.shell(&[server.address()]);
    run(&mut shell, "session AgentSession");
    for command in ["df -h", "uptime"] {
        let screen = run(&mut shell, &format!("runCommand command=\"{command}\""));
        assert!(screen.contains("(1 item sent, 1 item, "), "{screen}");
    }
    // Ctrl+D leaves the session first, then the shell.
    shell.key(Key::CtrlD);
    shell.wait_for("session with AgentSession closed");
    leave(shell);
}
