//! Sessions beyond the guide.

use terminal_tests::Key;

use super::stand::Stand;
use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn a_session_runs_every_pattern_in_turn() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    run(&mut shell, "session Diary");
    run(&mut shell, "write text=one");
    shell.type_line("dictate");
    shell.wait_for("item 1:");
    shell.type_line("text=two");
    shell.wait_for("#1 {\"number\":2,\"text\":\"two\"}");
    shell.key(Key::Enter);
    shell.wait_for("(1 item sent, 1 item, ");
    wait_for_prompt(&shell);
    let screen = run(&mut shell, "./dictate text=three");
    assert!(screen.contains("#1 {\"number\":3,\"text\":\"three\"}"), "{screen}");
    let screen = run(&mut shell, "read {}");
    assert!(screen.contains("#3 {\"number\":3,\"text\":\"three\"}"), "{screen}");
    let screen = run(&mut shell, "cd /");
    assert!(screen.contains("cd does not work inside a session"), "{screen}");
    let screen = run(&mut shell, "read {} &");
    assert!(screen.contains("a session runs one call at a time"), "{screen}");
    let screen = run(&mut shell, "end");
    assert!(screen.ends_with("demo:/services/Lookout$\n"), "{screen}");
    // Another session starts anew.
    run(&mut shell, "session Diary");
    let screen = run(&mut shell, "write text=again");
    assert!(screen.contains("\"number\": 1,\n  \"text\": \"again\""), "{screen}");
    shell.type_line("exit");
    assert!(shell.finish().success());
}

#[test]
fn a_cancelled_call_leaves_its_session_usable() {
    let folder = Folder::new();
    let stand = Stand::open();
    let mut shell = folder.shell(&[stand.address()]);
    run(&mut shell, "session Counter");
    run(&mut shell, "count {}");
    shell.type_line("hold {}");
    stand.wait_for_running(1);
    shell.key(Key::CtrlC);
    shell.wait_for("stopped");
    wait_for_prompt(&shell);
    stand.wait_for_running(0);
    let screen = run(&mut shell, "count {}");
    assert!(screen.contains("\"value\": 2"), "{screen}");
    shell.type_line("exit");
    assert!(shell.finish().success());
}

#[test]
fn ctrl_c_ends_a_call_at_the_server() {
    let folder = Folder::new();
    let stand = Stand::open();
    let mut shell = folder.shell(&[stand.address()]);
    run(&mut shell, "cd services/Stand");
    for line in ["./hold {}", "./watch {}"] {
        shell.type_line(line);
        stand.wait_for_running(1);
        shell.key(Key::CtrlC);
        stand.wait_for_running(0);
        wait_for_prompt(&shell);
        run(&mut shell, "cd .");
    }
    shell.type_line("./watch {} > /dev/null &");
    stand.wait_for_running(1);
    run(&mut shell, "stop 1");
    stand.wait_for_running(0);
    leave(shell);
}

#[test]
fn a_session_that_the_server_ended_is_left() {
    let folder = Folder::new();
    let stand = Stand::open();
    let mut shell = folder.shell(&[stand.address()]);
    run(&mut shell, "session Counter");
    run(&mut shell, "count {}");
    stand.shut_down();
    shell.type_line("count {}");
    shell.wait_for("the session with Counter has ended");
    let screen = wait_for_prompt(&shell);
    assert!(screen.contains("`session Counter` opens a new one"), "{screen}");
    leave(shell);
}
