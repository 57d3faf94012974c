//! Tests of the configuration, on files that exist in memory only.

mod environment;
mod example;
mod file;
mod gate;
mod limits;
mod mistakes;
mod precedence;
mod show;
mod usage;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::environment::Environment;
use super::file::ConfigFile;
use super::files::Files;
use super::{Config, ConfigErrors, Overrides};
use crate::identity::Identity;
use crate::trust::{FileError, RootKey, RootPublicKey};

/// Files in memory, with permission bits.
#[derive(Clone, Default)]
struct Memory(BTreeMap<PathBuf, (String, u32)>);

impl Files for Memory {
    fn private(&self, path: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
        match self.0.get(path) {
            Some((_, mode)) if mode & 0o077 != 0 => {
                Err(FileError::Exposed { path: path.to_owned(), mode: *mode })
            }
            _ => self.public(path, limit),
        }
    }

    fn public(&self, path: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
        self.check(path)?;
        let text = self.0[path].0.clone();
        if text.len() as u64 > limit {
            return Err(FileError::content(path, format!("it is larger than {limit} bytes")));
        }
        Ok(Zeroizing::new(text))
    }

    fn check(&self, path: &Path) -> Result<(), FileError> {
        let missing = || FileError::io("read", path, io::ErrorKind::NotFound.into());
        self.0.get(path).map(drop).ok_or_else(missing)
    }
}

/// The sources of one configuration.
#[derive(Clone, Default)]
struct Case {
    file: Option<String>,
    exposed: Option<u32>,
    variables: Vec<(String, String)>,
    code: Overrides,
    memory: Memory,
}

impl Case {
    fn file(mut self, text: &str) -> Self {
        self.file = Some(text.to_owned());
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn code(mut self, code: Overrides) -> Self {
        self.code = code;
        self
    }

    fn disk(self, path: &str, text: &str) -> Self {
        self.disk_mode(path, text, 0o600)
    }

    fn disk_mode(mut self, path: &str, text: &str, mode: u32) -> Self {
        self.memory.0.insert(path.into(), (text.to_owned(), mode));
        self
    }

    fn environment(&self) -> Environment {
        let variables = self.variables.iter().map(|(n, v)| (n.into(), v.into()));
        Environment::new(variables, Some("/home/ada".into()))
    }

    fn resolve(&self) -> Result<Config, ConfigErrors> {
        let file = self.file.as_ref().map(|text| ConfigFile {
            path: "aster.toml".into(),
            text: text.clone().into(),
            exposed: self.exposed,
        });
        Config::resolve(file.as_ref(), &self.environment(), self.code.clone(), &self.memory)
    }

    fn ok(&self) -> Config {
        self.resolve().unwrap()
    }

    /// The texts of all mistakes.
    fn errors(&self) -> Vec<String> {
        let errors = self.resolve().unwrap_err();
        errors.errors().iter().map(ToString::to_string).collect()
    }

    /// The text of the only mistake.
    #[track_caller]
    fn error(&self) -> String {
        let errors = self.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].clone()
    }
}

fn file(text: &str) -> Case {
    Case::default().file(text)
}

fn variable(name: &str, value: &str) -> Case {
    Case::default().variable(name, value)
}

/// The public keys of two roots.
fn roots() -> (RootPublicKey, RootPublicKey) {
    let root = |byte| RootKey::from_seed(&[byte; 32]).public_key();
    (root(1), root(2))
}

/// Base64 of 32 bytes 0x11, and a part of it that must never be seen.
const SECRET: &str = "ERERERERERERERERERERERERERERERERERERERERERE=";
const SECRET_PART: &str = "ERERERER";

fn secret_identity() -> Identity {
    Identity::from_secret([0x11; 32])
}

/// An identity file with these (role, root) credentials.
fn identity_text(peers: &[(&str, RootPublicKey)]) -> String {
    let mut text = format!("[node]\nsecret_key = \"{SECRET}\"\n");
    for (role, root) in peers {
        text.push_str(&format!("\n[[peers]]\nrole = \"{role}\"\nroot_pubkey = \"{root}\"\n"));
    }
    text
}
