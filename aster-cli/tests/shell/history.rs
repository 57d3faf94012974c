//! The history file, and lines that come back.

use terminal_tests::Key;

use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn lines_come_back_and_secrets_are_not_kept() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "pwd");
    run(&mut shell, "Lookout.look name=\"token=abc\"");
    run(&mut shell, " ls blobs");
    run(&mut shell, "ls docs");
    let screen = run(&mut shell, "!!");
    assert_eq!(screen.matches("Lookout v1").count(), 2, "{screen}");
    leave(shell);
    let path = folder.at("home").join(".aster/shell_history");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "pwd\nls docs\n!!\n");
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The next shell knows them.
    let mut shell = folder.shell(&["--demo"]);
    shell.key(Key::Up);
    shell.key(Key::Up);
    shell.wait_for("$ ls docs");
    shell.key(Key::Enter);
    shell.wait_for("Lookout v1");
    wait_for_prompt(&shell);
    let screen = run(&mut shell, "history 2");
    assert!(screen.contains("\nls docs\nhistory 2\n"), "{screen}");
    leave(shell);
}

#[test]
fn ctrl_c_at_the_prompt_says_how_to_leave() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    shell.key(Key::CtrlC);
    shell.wait_for("Ctrl+D or `exit` leaves the shell");
    wait_for_prompt(&shell);
    run(&mut shell, "pwd");
    leave(shell);
}
