//! `~/.aster/peers.toml`: servers by name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use aster::Address;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::files;

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Longest name, in bytes. Shorter than every address.
const MAX_NAME_BYTES: usize = 40;

/// The content of the file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    peers: BTreeMap<String, Peer>,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Peer {
    /// Its address, as a server prints it.
    pub(crate) address: String,
    /// The credential to present to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credential: Option<PathBuf>,
}

/// The servers that the user gave names.
#[derive(Debug)]
pub(crate) struct AddressBook {
    path: PathBuf,
    content: Content,
}

impl AddressBook {
    /// Reads it; where there is none, it is empty.
    ///
    /// # Errors
    /// There is a file, and it is no address book.
    pub(crate) fn load() -> Result<Self, Failure> {
        let path = files::aster_folder()?.join("peers.toml");
        let failed = |error: std::io::Error| {
            Failure::usage(format!("cannot read {}: {error}", path.display()))
        };
        let mut text = String::new();
        match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
            Ok(file) => {
                let size = file.metadata().map_err(failed)?.len();
                if size > MAX_FILE_BYTES {
                    let shown = path.display();
                    return Err(Failure::usage(format!(
                        "{shown} is larger than {MAX_FILE_BYTES} bytes"
                    )));
                }
                file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(failed)?;
            }
        }
        let content = toml::from_str(&text).map_err(|error| {
            Failure::usage(format!("{} is no address book: {}", path.display(), error.message()))
                .hint("mend the file, or remove it")
        })?;
        Ok(Self { path, content })
    }

    /// Writes it back, in one step.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        let text = toml::to_string(&self.content)
            .map_err(|error| Failure::runtime(format!("cannot write the address book: {error}")))?;
        files::replace(&self.path, &text)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Peer> {
        self.content.peers.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.content.peers.keys().map(String::as_str)
    }

    pub(crate) fn peers(&self) -> impl Iterator<Item = (&str, &Peer)> {
        self.content.peers.iter().map(|(name, peer)| (name.as_str(), peer))
    }

    /// Adds a server, or replaces the one of that name.
    pub(crate) fn set(&mut self, name: &str, peer: Peer) {
        self.content.peers.insert(name.to_owned(), peer);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Peer> {
        self.content.peers.remove(name)
    }

    /// Whether a server may have this name: letters, digits, `-`, `_` and `.`,
    /// and nothing that is an address.
    pub(crate) fn could_be_name(name: &str) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=MAX_NAME_BYTES).contains(&name.len())
            && name.bytes().all(plain)
            && !name.starts_with(['-', '.'])
            && name.parse::<Address>().is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_no_addresses() {
        for name in ["prod", "edge-7", "a", "eu.control_1"] {
            assert!(AddressBook::could_be_name(name), "{name:?}");
        }
        let id = aster::Identity::generate().peer().to_string();
        for name in ["", "-x", ".x", "a b", "a/b", "\u{e9}", "a\n", &"x".repeat(41), &id] {
            assert!(!AddressBook::could_be_name(name), "{name:?}");
        }
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Content>("[peers.a]\naddress = \"x\"\n").is_ok());
        assert!(toml::from_str::<Content>("[peers.a]\naddress = \"x\"\nadress = \"y\"\n").is_err());
        assert!(toml::from_str::<Content>("[peer.a]\naddress = \"x\"\n").is_err());
    }
}
