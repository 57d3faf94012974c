//! Which root is trusted: every place that names one must name the same.

use std::path::Path;

use serde::Deserialize;

use super::error::ConfigError;
use super::files::Files;
use super::source::{Setting, Source};
use super::values::Values;
use crate::trust::{FileError, RootPublicKey};

/// Largest file with a root key, in bytes.
const MAX_ROOT_BYTES: u64 = 4096;

/// Largest identity file, in bytes.
const MAX_IDENTITY_BYTES: u64 = 1024 * 1024;

/// The root key, and what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) key: RootPublicKey,
    name: &'static str,
    pub(super) source: Source,
}

impl Root {
    /// What names the key, for messages.
    pub(super) fn place(&self) -> String {
        format!("{} ({})", self.name, self.source)
    }
}

/// The root that all places agree on, if there is one. Places that cannot be
/// read are mistakes, never places that say nothing.
pub(super) fn resolve(
    values: &Values,
    files: &dyn Files,
) -> Result<Option<Root>, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let mut roots = Vec::new();
    if let Setting { value: Some(key), source } = &values.root_pubkey {
        roots.push(Root { key: *key, name: "root_pubkey", source: source.clone() });
    }
    if let Setting { value: Some(path), source } = &values.root_pubkey_file {
        match read_root(path, files) {
            Ok(key) => roots.push(Root { key, name: "root_pubkey_file", source: source.clone() }),
            Err(reason) => errors.push(ConfigError::Value {
                key: "root_pubkey_file",
                place: source.clone(),
                reason,
            }),
        }
    }
    if let Setting { value: Some(path), source } = &values.identity_file {
        match producer_roots(path, files) {
            Ok(keys) => roots.extend(keys.into_iter().map(|key| Root {
                key,
                name: "root_pubkey",
                source: Source::Identity { path: path.clone(), named_by: Box::new(source.clone()) },
            })),
            Err(reason) => errors.push(ConfigError::Value {
                key: "identity_file",
                place: source.clone(),
                reason,
            }),
        }
    }
    let mut roots = roots.into_iter();
    let first = roots.next();
    if let Some(first) = &first {
        errors.extend(roots.filter(|other| other.key != first.key).map(|other| {
            ConfigError::Contradiction(format!(
                "two roots are named: {} is {}, {} is {}; remove the one that is not yours",
                first.place(),
                first.key.short(),
                other.place(),
                other.key.short()
            ))
        }));
    }
    if errors.is_empty() { Ok(first) } else { Err(errors) }
}

fn read_root(path: &Path, files: &dyn Files) -> Result<RootPublicKey, String> {
    let text = files.public(path, MAX_ROOT_BYTES).map_err(|error| error.to_string())?;
    RootPublicKey::from_file_text(&text)
        .map_err(|error| FileError::content(path, error.to_string()).to_string())
}

/// The part of an identity file that names roots.
#[derive(Deserialize)]
struct IdentityFile {
    #[serde(default)]
    peers: Vec<Peer>,
}

#[derive(Deserialize)]
struct Peer {
    role: String,
    root_pubkey: String,
}

/// The roots of the producer credentials in an identity file. A file that is
/// not there yet names none; it is created with a new key when the node starts.
/// Consumer credentials do not count: they are for servers of others.
fn producer_roots(path: &Path, files: &dyn Files) -> Result<Vec<RootPublicKey>, String> {
    let text = match files.private(path, MAX_IDENTITY_BYTES) {
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        text => text.map_err(|error| error.to_string())?,
    };
    let content = |reason: &str| FileError::content(path, reason).to_string();
    // The error of the parser would show the line, and with it the secret key.
    let file: IdentityFile = toml::from_str(&text)
        .map_err(|_| content("it is not an identity file: TOML with [node] and [[peers]]"))?;
    let producers = file.peers.iter().filter(|peer| peer.role == "producer");
    producers
        .map(|peer| {
            let key = peer.root_pubkey.parse();
            key.map_err(|error| content(&format!("root_pubkey of a producer: {error}")))
        })
        .collect()
}
