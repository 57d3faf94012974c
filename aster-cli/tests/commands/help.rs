use snapbox::str;
use terminal_tests::Terminal;

use super::{Folder, cargo_bin};

#[test]
fn version() {
    let folder = Folder::new();
    folder
        .aster(&["-V"])
        .code(0)
        .stdout_eq(str![[r#"
aster 0.1.0

"#]])
        .stderr_eq(str![]);
    folder
        .aster(&["--version"])
        .code(0)
        .stdout_eq(str![[r#"
aster 0.1.0
wire aster/1, as aster-rpc 0.1.2 (Python)

"#]])
        .stderr_eq(str![]);
}

#[test]
fn help_with_commands_in_groups() {
    Folder::new()
        .aster(&["--help"])
        .code(0)
        .stdout_eq(str![[r#"
Call services of Aster peers, and decide who may

Usage: aster <COMMAND>

Call services:
  call         Call a method, of any pattern
  shell        Explore a server and call it, line by line
  peers        Names for servers

Begin:
  init         Make a crate with a service that builds; AGENTS.md for AI tools
  doctor       Say what works here and with a server, and what to do next
  completions  Print the completion script for a shell

Agree on services:
  contract     Contracts: write, check, compare, show, export, import, generate clients

Decide who may:
  trust        Keys and credentials: make, sign, inspect, verify, revoke, pass on
  enroll       Give a node a key and a credential
  profile      Profiles: the roots that you work with, by name
  config       The configuration that a server or client here would have

Options:
  -h, --help     Print help
  -V, --version  Print version

`aster COMMAND --help` explains a command, with examples.
Data goes to standard output, everything else to standard error.

"#]])
        .stderr_eq(str![]);
}

#[test]
fn long_help_has_examples_and_short_help_has_none() {
    let folder = Folder::new();
    folder.aster(&["doctor", "--help"]).code(0).stdout_eq(str![[r#"
Say what works here and with a server, and what to do next.

Looks at the configuration, the identity, the credential, the files in this folder, the profile, the UDP port and the relay; with an address also at the server there. Nothing is changed, no file is made, and each step ends in time, with or without a network. Exit code 1 if a line says `fail`.

Usage: aster doctor [OPTIONS] [ADDRESS]

Arguments:
  [ADDRESS]
          A server to connect to: its address, or a name from `aster peers list`

Options:
      --rcan <FILE>
          The credential to present: NAME.cred, a credential in JSON, or a chain
          
          [alias: --credential]

      --json
          Print JSON

  -h, --help
          Print help (see a summary with '-h')

Examples:
  # this machine
  aster doctor
  # a server, as the holder of a credential
  aster doctor aster1... --rcan edge-7.cred
  # for programs
  aster doctor --json

"#]]);
    folder.aster(&["doctor", "-h"]).code(0).stdout_eq(str![[r#"
Say what works here and with a server, and what to do next

Usage: aster doctor [OPTIONS] [ADDRESS]

Arguments:
  [ADDRESS]  A server to connect to: its address, or a name from `aster peers list`

Options:
      --rcan <FILE>  The credential to present: NAME.cred, a credential in JSON, or a chain [alias: --credential]
      --json         Print JSON
  -h, --help         Print help (see more with '--help')

"#]]);
}

#[test]
fn without_a_command_the_help_is_an_error() {
    let output = Folder::new().aster(&[]).code(2).stdout_eq("");
    let text = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(text.contains("Call services:"), "{text}");
}

#[test]
fn a_mistyped_command() {
    Folder::new().aster(&["docter"]).code(2).stdout_eq("").stderr_eq(str![[r#"
error: unrecognized subcommand 'docter'

  tip: a similar subcommand exists: 'doctor'

Usage: aster <COMMAND>

For more information, try '--help'.

"#]]);
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
