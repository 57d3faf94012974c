//! What a server sends does not steer the terminal, and a server that publishes
//! no contract can still be called.

use terminal_tests::{Key, Terminal};

use super::manual::assert_shown;
use super::stand::Stand;
use super::{Folder, leave, run, wait_for_prompt};

/// Control sequences that only the server would have sent.
fn assert_harmless(terminal: &Terminal) {
    let output = terminal.output();
    for sequence in ["\x1b]0;", "\x07", "\u{9b}", "\x1b[2Jtext", "evil\x1b"] {
        assert!(!output.contains(sequence), "{sequence:?} in {output:?}");
    }
}

#[test]
fn a48_escape_sequences_of_a_server_are_shown_and_not_obeyed() {
    let folder = Folder::new();
    let stand = Stand::open();
    let mut shell = folder.shell(&[stand.address()]);
    run(&mut shell, "cd services/Stand");
    let screen = run(&mut shell, "ls");
    assert!(screen.contains("Says evil\\u{1b}[2Jthings"), "{screen}");
    run(&mut shell, "describe");
    run(&mut shell, "cat . > contract.json");
    run(&mut shell, "describe speak");
    let screen = run(&mut shell, "./speak {}");
    assert!(screen.contains("evil\\u001b[2J\\u001b]0;owned\\u0007\\r\\u{9b}31mtext"), "{screen}");
    let screen = run(&mut shell, "./fail {}");
    assert!(screen.contains("evil\\u{1b}[2J\\u{1b}]0;owned\\u{7}"), "{screen}");
    // In the menu, in questions, and above the prompt.
    shell.type_text("./speak ");
    shell.wait_for("more=");
    shell.key(Key::CtrlC);
    shell.wait_for("Ctrl+D or");
    wait_for_prompt(&shell);
    shell.type_line("./speak");
    shell.wait_for("text (string, default \"evil");
    shell.key(Key::CtrlC);
    shell.wait_for("stopped");
    wait_for_prompt(&shell);
    shell.type_line("./watch {} &");
    shell.wait_for("[1] #3 {");
    shell.type_line("stop 1");
    shell.wait_for("[1] stopped after");
    wait_for_prompt(&shell);
    shell.key(Key::CtrlD);
    assert!(shell.finish().success());
    assert_harmless(&shell);
}

#[test]
fn a_server_without_contracts_is_called_by_name() {
    let folder = Folder::new();
    let stand = Stand::without_contracts();
    let mut shell = folder.shell(&[stand.address()]);
    let screen = run(&mut shell, "cd services/Counter");
    assert!(screen.contains("no contract of Counter"), "{screen}");
    let screen = run(&mut shell, "session Counter");
    assert!(screen.ends_with("Counter~\n"), "{screen}");
    let screen = run(&mut shell, "count");
    assert!(screen.contains("unary METHOD {...}"), "{screen}");
    run(&mut shell, "unary count {}");
    let screen = run(&mut shell, "unary count");
    assert!(screen.contains("\"value\": 2"), "{screen}");
    run(&mut shell, "end");
    shell.type_line("stream Stand.watch");
    shell.wait_for("#2 {");
    shell.key(Key::CtrlC);
    shell.wait_for("stopped after");
    leave(shell);
}

#[test]
fn the_screen_of_a_server_without_contracts_is_in_the_manual() {
    let folder = Folder::new();
    let stand = Stand::without_contracts();
    let mut shell = folder.shell(&[stand.address()]);
    run(&mut shell, "ls services");
    run(&mut shell, "session Counter");
    run(&mut shell, "count");
    run(&mut shell, "unary count {}");
    run(&mut shell, "end");
    assert_shown("no contract", &leave(shell));
}
