//! Streams in the background, and what takes time.

use terminal_tests::Key;

use super::manual::assert_shown;
use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn a_stream_in_the_background_prints_above_the_prompt() {
    let folder = Folder::new();
    let server = folder.mission_control();
    let mut shell = folder.shell(&[server.address()]);
    run(&mut shell, "cd services/MissionControl");
    run(&mut shell, "./tailLogs level=warn &");
    run(&mut shell, "submitLog timestamp=1 level=warn message=one agent_id=edge-7");
    shell.wait_for("[1] #1 {");
    // What is half typed stays.
    shell.type_text("jobs");
    shell.wait_for("$ jobs");
    let screen = folder.pipe(
        &[server.address()],
        "MissionControl.submitLog timestamp=2 level=warn message=two agent_id=edge-9\n",
    );
    assert!(screen.status.success());
    shell.wait_until(|screen| {
        let two = screen.find("[1] #2 {");
        two.is_some_and(|two| screen[two..].contains("$ jobs"))
    });
    shell.key(Key::Enter);
    shell.wait_for("./tailLogs level=warn\n");
    wait_for_prompt(&shell);
    let screen = run(&mut shell, "stop 1");
    assert!(screen.contains("[1] stopped after 2 items"), "{screen}");
    let screen = run(&mut shell, "stop 1");
    assert!(screen.contains("there is no job 1"), "{screen}");
    leave(shell);
}

#[test]
fn jobs_are_shown_as_the_manual_says() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    let screen = run(&mut shell, "./add < numbers.ndjson &");
    assert!(screen.contains("cannot read numbers.ndjson"), "{screen}");
    std::fs::write(folder.at("numbers.ndjson"), "{\"value\": 1}\n{\"value\": 2.5}\n").unwrap();
    shell.type_line("./add < numbers.ndjson &");
    shell.wait_for("[1] Lookout.add done (2 items sent, ");
    let screen = leave(shell);
    assert!(screen.contains("\"sum\": 3.5"), "{screen}");
}

#[test]
fn watch_repeats_and_time_and_bench_measure() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    shell.type_line("watch -n 0.05 Lookout.look name=here");
    shell.wait_until(|screen| screen.matches("\"place\": \"here\"").count() >= 3);
    shell.key(Key::CtrlC);
    shell.wait_for("stopped");
    wait_for_prompt(&shell);
    let screen = run(&mut shell, "time Lookout.look name=there");
    assert!(screen.contains("\"there\"") && screen.contains(" s\n"), "{screen}");
    let screen = run(&mut shell, "bench Lookout.look name=x -c 4 -n 50");
    for part in ["Lookout.look: 50 calls, 4 at a time, in ", " calls/s", "p50 ", "p99 ", "max "] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    let screen = run(&mut shell, "bench Lookout.extinguish -n 5");
    assert!(screen.contains("5 failed: PERMISSION_DENIED"), "{screen}");
    leave(shell);
}

#[test]
fn the_demo_is_as_the_manual_shows() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    run(&mut shell, "ls");
    run(&mut shell, "./look name=\"the pier\"");
    run(&mut shell, "./extinguish {}");
    run(&mut shell, "describe look");
    assert_shown("demo", &leave(shell));
}
