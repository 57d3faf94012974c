//! Transcripts of `aster trust`, `enroll`, `profile` and `config`, with exit
//! codes and the modes of files. `SNAPSHOTS=overwrite` writes what the command
//! printed into these files: read it before committing. `[..]` stands for what
//! differs from run to run.

mod config;
mod delegate;
mod enroll;
mod inspect;
mod keygen;
mod profile;
mod revoke;
mod sign;
mod verify;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{IdentityFile, RootKey};
use aster::{Identity, PeerId};
use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use tempfile::TempDir;

/// In the year 2100, as `--expires` and as credentials have it.
const END: &str = "2100-01-01T00:00:00Z";
const END_SECONDS: u64 = 4_102_444_800;

/// A folder to work in, with a home of its own.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// With the root key `root()` in root.key and root.pub.
    fn with_root() -> Self {
        let folder = Self::new();
        root().save_new(folder.at("root.key")).unwrap();
        folder
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

    /// The command, ready for more settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let command = Command::new(cargo_bin!("aster"))
            .args(arguments)
            .current_dir(self.path())
            .env("HOME", self.at("home"))
            .env("USERPROFILE", self.at("home"))
            // No keyring, whatever the machine has.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env_remove("XDG_RUNTIME_DIR")
            .env("GIT_CEILING_DIRECTORIES", self.path().parent().unwrap());
        let ours =
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ASTER_"));
        ours.fold(command, |command, (name, _)| command.env_remove(name))
    }

    fn aster(&self, arguments: &[&str]) -> OutputAssert {
        self.command(arguments).assert()
    }

    /// Runs a command that must succeed, and gives what it printed.
    fn output(&self, arguments: &[&str]) -> String {
        let output = self.aster(arguments).success().get_output().stdout.clone();
        String::from_utf8(output).unwrap()
    }

    /// Runs a command that prints one JSON value.
    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.output(arguments)).unwrap()
    }

    /// Saves the key of a node, and gives its id.
    fn node(&self, name: &str, seed: u8) -> String {
        let identity = Identity::from_secret([seed; 32]);
        let id = identity.peer();
        IdentityFile::new(identity).save_new(self.at(name)).unwrap();
        id.to_string()
    }

    #[cfg(unix)]
    fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(self.at(name)).unwrap().permissions().mode() & 0o777
    }

    #[cfg(not(unix))]
    fn mode(&self, _: &str) -> u32 {
        0o600
    }

    /// All names in the folder, sorted.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The same root in all tests.
fn root() -> RootKey {
    RootKey::from_seed(&[1; 32])
}

fn peer(seed: u8) -> PeerId {
    Identity::from_secret([seed; 32]).peer()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn no_secret_is_in_any_output() {
    let folder = Folder::with_root();
    folder.node("node.cred", 7);
    let enroll = ["enroll", "node", "-r", "consumer", "-n", "a", "-t", "ott"];
    folder.aster(&[&enroll[..], &["--root-key", "root.key", "-i", "node.cred"]].concat()).success();
    let secrets = [
        "01".repeat(32),
        "07".repeat(32),
        // Base64 of 32 bytes of 7.
        "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned(),
        nonce(&folder.read("node.cred")),
    ];
    for file in ["root.key", "root.pub", "node.cred"] {
        for form in [&[][..], &["--json"], &["--quiet"]] {
            let arguments = [&["trust", "inspect", file], form].concat();
            let output = folder.aster(&arguments).success();
            let output = output.get_output();
            for stream in [&output.stdout, &output.stderr] {
                let text = String::from_utf8_lossy(stream).to_lowercase();
                for secret in &secrets {
                    assert!(!text.contains(&secret.to_lowercase()), "{file}: {text}");
                }
            }
        }
    }
}

/// The nonce in the text of an identity file.
fn nonce(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("nonce = ")).unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}
