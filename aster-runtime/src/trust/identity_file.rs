//! The file with a node's key and the credentials made for it:
//! `.aster-identity`, or `NAME.cred`.

use std::fmt;
use std::path::Path;

use toml::{Table, Value};
use zeroize::Zeroizing;

use super::credential::Credential;
use super::identity_peer::{IdentityPeer, NodeRole};
use crate::identity::Identity;
use crate::peer::PeerId;
use crate::private_file::{self, FileError};

/// Largest identity file, in bytes.
pub const MAX_IDENTITY_FILE_BYTES: u64 = 1024 * 1024;

/// Most credentials in one file.
pub const MAX_IDENTITY_PEERS: usize = 1000;

/// Longest name of a credential, in bytes.
pub const MAX_IDENTITY_NAME_BYTES: usize = 256;

/// The first line. Readers of the reference know the format by the `#`.
const HEADER: &str = "# Aster identity: keep it secret, keep a copy.\n\n";

/// A node's key and its credentials, as TOML that the reference reads and
/// writes too (trust.md 1.3).
///
/// What the file holds beside them, published services for example, is kept
/// when the file is written again; comments are not.
///
/// ```
/// use aster_runtime::Identity;
/// use aster_runtime::trust::{Attributes, ConsumerCredential, IdentityFile, NodeRole, RootKey};
/// let root = RootKey::generate();
/// let mut file = IdentityFile::new(Identity::generate());
/// let node = file.node().map(Identity::peer);
/// let mut attributes = Attributes::new();
/// attributes.insert("aster.role", "ops.status")?;
/// let credential = ConsumerCredential::sign_policy(&root, node, 1_800_086_400, attributes);
/// file.add("edge-node-7", credential)?;
/// let read = IdentityFile::parse(&file.to_toml())?;
/// assert_eq!(read.with_role(NodeRole::Consumer).unwrap().name(), "edge-node-7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IdentityFile {
    node: Option<Identity>,
    peers: Vec<IdentityPeer>,
    /// Of `[node]`, without the key.
    node_rest: Table,
    /// Of the file, without `[node]` and `[[peers]]`.
    rest: Table,
}

impl IdentityFile {
    /// A file with a key and no credentials yet.
    #[must_use]
    pub fn new(node: Identity) -> Self {
        let (node_rest, rest) = (Table::new(), Table::new());
        Self { node: Some(node), peers: Vec::new(), node_rest, rest }
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`FileError`]: a file that others can read, or that is damaged.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let text = private_file::read(path, MAX_IDENTITY_FILE_BYTES)?;
        Self::parse(&text).map_err(|error| FileError::content(path, error.to_string()))
    }

    /// Reads the text of a file. A damaged credential is an error of its
    /// entry alone, so that the others can be used and nothing is lost when
    /// the file is written again.
    ///
    /// # Errors
    /// [`InvalidIdentityFile`], without anything of the text.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentityFile> {
        let mut rest: Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            InvalidIdentityFile::Toml { line: before.map_or(1, |text| text.split('\n').count()) }
        })?;
        let mut node_rest = match rest.remove("node") {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => return Err(InvalidIdentityFile::Node("it is not a table")),
        };
        let node = match (node_rest.remove("secret_key"), node_rest.remove("endpoint_id")) {
            (None, None) => None,
            (None, Some(_)) => return Err(InvalidIdentityFile::Node("secret_key is missing")),
            (Some(Value::String(key)), id @ (None | Some(Value::String(_)))) => {
                let key = Zeroizing::new(key);
                let id = id.as_ref().and_then(Value::as_str);
                Some(Identity::from_texts(&key, id).map_err(InvalidIdentityFile::Node)?)
            }
            _ => return Err(InvalidIdentityFile::Node("secret_key or endpoint_id is no text")),
        };
        let entries = match rest.remove("peers") {
            None => Vec::new(),
            Some(Value::Array(entries)) if entries.len() <= MAX_IDENTITY_PEERS => entries,
            Some(Value::Array(_)) => return Err(InvalidIdentityFile::TooManyPeers),
            Some(_) => return Err(InvalidIdentityFile::Peers),
        };
        let peers = entries.into_iter().map(|entry| match entry {
            Value::Table(table) => Ok(IdentityPeer::read(table)),
            _ => Err(InvalidIdentityFile::Peers),
        });
        Ok(Self { node, peers: peers.collect::<Result<_, _>>()?, node_rest, rest })
    }

    /// Writes a new file.
    ///
    /// # Errors
    /// [`FileError::Exists`] when there is one already.
    pub fn save_new(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        private_file::create(path.as_ref(), &self.to_toml())
    }

    /// Writes the file, over an earlier one of the same node.
    ///
    /// # Errors
    /// [`FileError`]: a file with the key of another node, or one that cannot
    /// be read, stays as it is.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        match Self::load(path) {
            Ok(there) => {
                let id = |file: &Self| file.node().map(Identity::peer);
                match id(&there) {
                    Some(kept) if id(self) != Some(kept) => {
                        let kept = kept.short();
                        let reason =
                            format!("it holds the key of node {kept}, which would be lost");
                        Err(FileError::content(path, reason))
                    }
                    _ => private_file::replace(path, &self.to_toml()),
                }
            }
            Err(error) if error.is_missing() => self.save_new(path),
            Err(error) => Err(error),
        }
    }

    /// The text of the file. It holds the key.
    #[must_use]
    pub fn to_toml(&self) -> Zeroizing<String> {
        // Values first: after a table they would belong to it.
        let (tables, values): (Table, Table) =
            self.rest.clone().into_iter().partition(|(_, value)| is_table(value));
        let mut peers = Table::new();
        if !self.peers.is_empty() {
            let entries = self.peers.iter().map(|peer| Value::Table(peer.table().clone()));
            peers.insert("peers".into(), Value::Array(entries.collect()));
        }
        let (values, peers, tables) = (written(&values), written(&peers), written(&tables));
        let node = self.node.as_ref().map(Identity::to_texts);
        // Large enough from the start, so that no copy of the key is left.
        let mut text =
            Zeroizing::new(String::with_capacity(1024 + values.len() + peers.len() + tables.len()));
        text.push_str(HEADER);
        text.push_str(&values);
        text.push_str("[node]\n");
        if let Some((key, id)) = node {
            for part in ["secret_key = \"", &key, "\"\nendpoint_id = \"", &id, "\"\n"] {
                text.push_str(part);
            }
        }
        let mut node = Table::new();
        node.insert("node".into(), Value::Table(self.node_rest.clone()));
        text.push_str(written(&node).trim_start_matches("[node]\n"));
        for part in [peers, tables].iter().filter(|part| !part.is_empty()) {
            text.push('\n');
            text.push_str(part);
        }
        text
    }

    /// The node's key.
    #[must_use]
    pub fn node(&self) -> Option<&Identity> {
        self.node.as_ref()
    }

    /// Gives a file that has no key one.
    ///
    /// # Errors
    /// [`InvalidIdentityFile::KeyPresent`]: a key is never replaced.
    pub fn set_node(&mut self, node: Identity) -> Result<(), InvalidIdentityFile> {
        if self.node.is_some() {
            return Err(InvalidIdentityFile::KeyPresent);
        }
        self.node = Some(node);
        Ok(())
    }

    /// The credentials, in the order of the file.
    #[must_use]
    pub fn peers(&self) -> &[IdentityPeer] {
        &self.peers
    }

    /// The credential with this name, whatever its role.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&IdentityPeer> {
        self.peers.iter().find(|peer| peer.name() == name)
    }

    /// The first credential with this role.
    #[must_use]
    pub fn with_role(&self, role: NodeRole) -> Option<&IdentityPeer> {
        self.peers.iter().find(|peer| peer.role() == role.as_str())
    }

    /// The credential that a client takes from a file it was given: the first
    /// consumer's, else the first.
    #[must_use]
    pub fn for_client(&self) -> Option<&IdentityPeer> {
        self.with_role(NodeRole::Consumer).or_else(|| self.peers.first())
    }

    /// Adds a credential of this node, in place of the one with the same
    /// name.
    ///
    /// # Errors
    /// [`InvalidIdentityFile`]: no name, or a credential for another node.
    pub fn add(
        &mut self,
        name: &str,
        credential: impl Into<Credential>,
    ) -> Result<(), InvalidIdentityFile> {
        let credential = credential.into();
        if name.is_empty() || name.len() > MAX_IDENTITY_NAME_BYTES {
            return Err(InvalidIdentityFile::Name);
        }
        let node = self.node.as_ref().ok_or(InvalidIdentityFile::KeyMissing)?.peer();
        if let Some(bound_to) = credential.node().filter(|bound_to| *bound_to != node) {
            return Err(InvalidIdentityFile::OtherNode { bound_to, node });
        }
        let kept = self.peers.iter().filter(|peer| peer.name() != name).count();
        if kept >= MAX_IDENTITY_PEERS {
            return Err(InvalidIdentityFile::TooManyPeers);
        }
        self.peers.retain(|peer| peer.name() != name);
        self.peers.push(IdentityPeer::write(name, credential));
        Ok(())
    }
}

/// Whether a value is written as tables of its own.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Table(_) => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_table),
        _ => false,
    }
}

fn written(table: &Table) -> String {
    #[expect(clippy::expect_used, reason = "every TOML value can be written")]
    toml::to_string(table).expect("a TOML table is TOML")
}

/// Shows neither the key nor any credential.
impl fmt::Debug for IdentityFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityFile")
            .field("node", &self.node)
            .field("peers", &self.peers)
            .finish_non_exhaustive()
    }
}

/// Why a text is not an identity file, or a credential does not fit into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidIdentityFile {
    /// Not TOML.
    #[error("it is not an identity file: line {line} is not TOML")]
    Toml {
        /// The line, from 1.
        line: usize,
    },
    /// The key is damaged.
    #[error("[node] of the identity file is damaged: {0}")]
    Node(&'static str),
    /// The credentials are damaged.
    #[error("peers of the identity file is not a list of tables")]
    Peers,
    /// Too many credentials.
    #[error("an identity file holds at most {MAX_IDENTITY_PEERS} credentials")]
    TooManyPeers,
    /// The name is empty or too long.
    #[error("a credential's name has 1 to {MAX_IDENTITY_NAME_BYTES} bytes")]
    Name,
    /// There is no key to which credentials could belong.
    #[error("the identity file has no key")]
    KeyMissing,
    /// There is a key already.
    #[error("the identity file has a key, which is never replaced")]
    KeyPresent,
    /// The credential is for another node.
    #[error(
        "the credential is bound to node {}, the identity file is of node {}",
        .bound_to.short(), .node.short()
    )]
    OtherNode {
        /// The credential's node.
        bound_to: PeerId,
        /// The file's node.
        node: PeerId,
    },
}
