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
use super::files::{Files, Text};
use super::{Config, ConfigErrors, Overrides};
use crate::identity::Identity;
use crate::trust::{
    Attributes, ConsumerCredential, FileError, IdentityFile, ProducerCredential, RootKey,
    RootPublicKey,
};

/// Files in memory, with permission bits.
#[derive(Clone, Default)]
struct Memory(BTreeMap<PathBuf, (String, u32)>);

impl Files for Memory {
    fn read(&self, path: &Path, limit: u64) -> Result<Text, FileError> {
        self.check(path)?;
        let (text, mode) = self.0[path].clone();
        if text.len() as u64 > limit {
            return Err(FileError::content(path, format!("it is larger than {limit} bytes")));
        }
        let exposed = FileError::Exposed { path: path.to_owned(), mode };
        Ok((Zeroizing::new(text), Some(exposed).filter(|_| mode & 0o077 != 0)))
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
            exposed: None,
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
    let mut file = IdentityFile::new(secret_identity());
    let node = secret_identity().peer();
    for (index, (role, root)) in peers.iter().enumerate() {
        let keys = [1, 2].map(|byte| RootKey::from_seed(&[byte; 32]));
        let key = keys.iter().find(|key| key.public_key() == *root).unwrap();
        let (name, end, attributes) = (format!("c{index}"), 1_800_000_000, Attributes::new());
        if *role == "producer" {
            file.add(&name, ProducerCredential::sign(key, node, end, attributes)).unwrap();
        } else {
            let credential = ConsumerCredential::sign_policy(key, Some(node), end, attributes);
            file.add(&name, credential).unwrap();
        }
    }
    file.to_toml().to_string()
}
