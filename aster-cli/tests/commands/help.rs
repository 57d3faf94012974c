use snapbox::str;
use terminal_tests::Terminal;

use super::{Folder, cargo_bin};

#[test]
fn version() {
    let folder = Folder::new();
    folder.aster(&["-V"]).code(0).stdout_eq(str![]).stderr_eq(str![]);
    folder.aster(&["--version"]).code(0).stdout_eq(str![]).stderr_eq(str![]);
}

#[test]
fn help_with_commands_in_groups() {
    Folder::new().aster(&["--help"]).code(0).stdout_eq(str![]).stderr_eq(str![]);
}

#[test]
fn long_help_has_examples_and_short_help_has_none() {
    let folder = Folder::new();
    folder.aster(&["doctor", "--help"]).code(0).stdout_eq(str![]);
    folder.aster(&["doctor", "-h"]).code(0).stdout_eq(str![]);
}

#[test]
fn without_a_command_the_help_is_an_error() {
    let output = Folder::new().aster(&[]).code(2).stdout_eq("");
    let text = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(text.contains("Call services:"), "{text}");
}

#[test]
fn a_mistyped_command() {
    Folder::new().aster(&["docter"]).code(2).stdout_eq("").stderr_eq(str![]);
}

#[test]
fn a_terminal_gets_colours_and_a_pipe_none() {
    let folder = Folder::new();
    let mut command = std::process::Command::new(cargo_bin!("aster"));
    command.arg("--help").current_dir(folder.path()).env_remove("NO_COLOR");
    let mut terminal = Terminal::start(command, 50, 100);
    assert!(terminal.finish().success());
    let screen = terminal.screen();
    let piped = super::stdout(&folder.aster(&["--help"]));
    assert_eq!(screen.trim_end(), piped.trim_end());
    assert!(terminal.output().contains("\x1b[1m"), "{}", terminal.output());
    assert!(!piped.contains('\x1b'));
}
