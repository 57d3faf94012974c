//! Which root is trusted: every place that names one must name the same.

use std::path::Path;

use super::error::ConfigError;
use super::files::Files;
use super::source::{Setting, Source};
use super::text::excerpt;
use super::values::Values;
use crate::identity::Identity;
use crate::trust::{FileError, IdentityFile, MAX_IDENTITY_FILE_BYTES, NodeRole, RootPublicKey};

/// Largest file with a root key, in bytes.
const MAX_ROOT_BYTES: u64 = 4096;

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
    let (text, _) = files.read(path, MAX_ROOT_BYTES).map_err(|error| error.to_string())?;
    RootPublicKey::from_file_text(&text)
        .map_err(|error| FileError::content(path, error.to_string()).to_string())
}

/// The roots of the producer credentials in an identity file. A file that is
/// not there yet names none; it is created with a new key when the node starts.
/// Consumer credentials do not count: they are for servers of others.
fn producer_roots(path: &Path, files: &dyn Files) -> Result<Vec<RootPublicKey>, String> {
    let text = match files.read(path, MAX_IDENTITY_FILE_BYTES) {
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        Err(error) | Ok((_, Some(error))) => return Err(error.to_string()),
        Ok((text, None)) => text,
    };
    let content = |reason: String| FileError::content(path, reason).to_string();
    let file = IdentityFile::parse(&text).map_err(|error| content(error.to_string()))?;
    let node = file.node().map(Identity::peer);
    let producers = file.peers().iter().filter(|peer| peer.role() == NodeRole::Producer.as_str());
    producers
        .map(|peer| {
            let refused = |reason: &str| {
                content(format!("credential \"{}\": {reason}", excerpt(peer.name())))
            };
            let credential = peer.credential().map_err(|error| refused(&error.to_string()))?;
            if !credential.has_valid_signature() {
                return Err(refused("it is not signed by the root that it names"));
            }
            if credential.node() != node {
                return Err(refused("it was made for another node"));
            }
            Ok(credential.root())
        })
        .collect()
}
