//! Transcripts of `aster call` and `aster peers` with real servers, with exit
//! codes. `SNAPSHOTS=overwrite` writes what the commands printed into these
//! files: read it before committing. `[..]` stands for what differs from run
//! to run.
#![cfg(unix)]

mod failures;
mod fleet;
mod interruption;
mod peers;
mod requests;
mod streams;

use std::path::PathBuf;

use fleet::Server;
use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use tempfile::TempDir;

/// A folder to work in, with a home of its own.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let command = Command::new(cargo_bin!("aster"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.at("home"));
        let ours = names_of_ours();
        ours.fold(command, Command::env_remove).env("ASTER_RELAY_MODE", "disabled")
    }

    fn aster(&self, arguments: &[&str]) -> OutputAssert {
        self.command(arguments).assert()
    }

    /// A process to talk to.
    fn process(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(cargo_bin!("aster"));
        command.args(arguments).current_dir(self.0.path()).env("HOME", self.at("home"));
        for name in names_of_ours() {
            command.env_remove(name);
        }
        command.env("ASTER_RELAY_MODE", "disabled");
        command
    }
}

/// What the person who runs the tests has set.
fn names_of_ours() -> impl Iterator<Item = std::ffi::OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_string_lossy().starts_with("ASTER_"))
}
