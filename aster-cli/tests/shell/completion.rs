//! The menu, and the hints.

use terminal_tests::Key;

use super::manual::assert_shown;
use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn a_menu_opens_while_one_types() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    shell.type_text("./");
    let screen = shell.wait_for("./watch");
    let start = screen.rfind("demo:").unwrap();
    assert_shown("menu", &screen[start..]);
    // Tab goes into the menu, Enter takes what is chosen; the next word opens
    // a menu of its own.
    shell.type_text("l");
    shell.wait_until(|screen| screen.contains("$ ./l") && !screen.contains("./watch"));
    shell.key(Key::Tab);
    shell.wait_for("name=");
    shell.type_text("lang");
    shell.wait_until(|screen| !screen.contains("name="));
    shell.key(Key::Tab);
    shell.wait_for("language=Latin");
    shell.key(Key::Tab);
    shell.wait_for("> language=English");
    shell.key(Key::Down);
    shell.wait_for("> language=Latin");
    shell.key(Key::Enter);
    shell.wait_for("$ ./look language=Latin");
    shell.key(Key::Enter);
    shell.wait_for("omnia quieta sunt");
    leave(shell);
}

#[test]
fn enter_runs_what_is_typed_and_not_what_the_menu_offers() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    // `ls` is the start of nothing else, `c` of several commands.
    shell.type_text("c");
    shell.wait_for("go to a place");
    shell.key(Key::Enter);
    shell.wait_for("there is no command c");
    let screen = leave(shell);
    assert!(!screen.contains("go to a place"), "{screen}");
}

#[test]
fn a_session_completes_its_methods() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "session Diary");
    shell.type_text("dic");
    shell.wait_for("bidi_stream (stream Remark) -> stream Reply");
    shell.key(Key::Tab);
    shell.wait_for("text=");
    shell.key(Key::CtrlC);
    wait_for_prompt(&shell);
    shell.key(Key::CtrlD);
    shell.wait_for("session with Diary closed");
    leave(shell);
}

#[test]
fn the_history_is_hinted_and_searched() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "ls docs");
    shell.type_text("ls d");
    shell.wait_for("$ ls d\n→ ls docs\n  docs/");
    shell.key(Key::Right);
    shell.wait_until(|screen| screen.matches("$ ls docs\n").count() == 2);
    shell.key(Key::Enter);
    shell.wait_until(|screen| screen.matches("Lookout v1").count() == 2);
    wait_for_prompt(&shell);
    shell.key(Key::CtrlR);
    shell.type_text("docs");
    shell.wait_for("\"docs\"");
    shell.key(Key::Enter);
    shell.wait_until(|screen| screen.matches("$ ls docs\n").count() == 3);
    shell.key(Key::Enter);
    shell.wait_until(|screen| screen.matches("Lookout v1").count() == 3);
    leave(shell);
}
