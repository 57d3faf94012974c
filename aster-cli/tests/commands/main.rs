//! Transcripts of `aster init`, `doctor`, `completions` and the help, with exit
//! codes. `SNAPSHOTS=overwrite` writes what the command printed into these
//! files: read it before committing. `[..]` stands for what differs from run
//! to run.
#![cfg(unix)]

mod completions;
mod doctor;
mod help;
mod init;

use std::path::{Path, PathBuf};

use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use tempfile::TempDir;

/// A folder to work in, with a home of its own.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap();
    }

    /// The command, ready for more settings; without a relay.
    fn command(&self, arguments: &[&str]) -> Command {
        let command = Command::new(cargo_bin!("aster"))
            .args(arguments)
            .current_dir(self.path())
            .env("HOME", self.at("home"))
            .env("USERPROFILE", self.at("home"));
        let ours =
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ASTER_"));
        let command = ours.fold(command, |command, (name, _)| command.env_remove(name));
        command.env("ASTER_RELAY_MODE", "disabled")
    }

    fn aster(&self, arguments: &[&str]) -> OutputAssert {
        self.command(arguments).assert()
    }
}

/// What a command wrote to standard output.
fn stdout(output: &OutputAssert) -> String {
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}
