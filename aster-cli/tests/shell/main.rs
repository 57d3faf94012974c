//! `aster shell` on a terminal and in a pipe, against real servers. The screens
//! of `docs/shell.md` are compared with what the shell shows;
//! `SNAPSHOTS=overwrite` writes them: read them before committing.
#![cfg(unix)]

mod background;
mod completion;
mod credentials;
mod guide;
mod history;
mod hostile;
mod input;
mod manual;
mod pipe;
mod session;
mod stand;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use terminal_tests::{Key, Server, Terminal, program};

/// The screen: high enough that nothing leaves it at the top.
const ROWS: u16 = 60;
const COLUMNS: u16 = 110;

/// A folder to work in, with a home of its own.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program(name));
        command.args(arguments).current_dir(self.0.path()).env("HOME", self.at("home"));
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("ASTER_")) {
            command.env_remove(name);
        }
        command.env("ASTER_RELAY_MODE", "disabled").env("LC_ALL", "C.UTF-8");
        command
    }

    /// The control plane of the guide, open to everybody.
    fn mission_control(&self) -> Server {
        Server::start(self.command("mission-control", &["serve"]))
    }

    /// The shell on a terminal.
    fn shell(&self, arguments: &[&str]) -> Terminal {
        let mut command = self.command("aster", &["shell"]);
        command.args(arguments);
        let terminal = Terminal::start(command, ROWS, COLUMNS);
        wait_for_prompt(&terminal);
        terminal
    }

    /// The shell with lines of standard input.
    fn pipe(&self, arguments: &[&str], lines: &str) -> Output {
        use std::io::Write;
        let mut command = self.command("aster", &["shell"]);
        command.args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A shell that stops early closes its input.
        let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
        child.wait_with_output().unwrap()
    }
}

/// Runs a line and waits for the next prompt; gives the screen.
fn run(terminal: &mut Terminal, line: &str) -> String {
    wait_for_prompt(terminal);
    terminal.type_text(line);
    terminal.wait_until(|screen| !ends_with_prompt(screen));
    terminal.key(Key::Enter);
    wait_for_prompt(terminal)
}

/// Waits until the shell takes lines again: keys pressed before may get lost.
fn wait_for_prompt(terminal: &Terminal) -> String {
    terminal.wait_until(ends_with_prompt)
}

/// Whether nothing is typed yet.
fn ends_with_prompt(screen: &str) -> bool {
    let last = screen.lines().last().unwrap_or_default();
    last.ends_with('~') || last.contains(":/") && last.ends_with('$')
}

/// Leaves the shell, which must end well.
fn leave(mut terminal: Terminal) -> String {
    wait_for_prompt(&terminal);
    terminal.key(Key::CtrlD);
    let status = terminal.finish();
    assert!(status.success(), "{status:?}\n{}", terminal.screen());
    terminal.screen()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
