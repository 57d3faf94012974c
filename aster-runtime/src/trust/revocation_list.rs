//! A root key's list of what it has withdrawn.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde::Deserialize;

use super::credential_id::CredentialId;
use super::expiry::MAX_EXPIRES_AT;
use super::root_key::RootKey;
use super::root_public_key::RootPublicKey;
use super::signed_form::signed_form;
use crate::hex;
use crate::limits::{MAX_REVOCATION_LIST_BYTES, MAX_REVOCATIONS};
use crate::peer::PeerId;
use crate::private_file::{self, FileError};

/// What is signed, in the bytes that are signed.
const KIND: &str = "aster revocation list v1";

const TYPE: &str = "revocations";
const VERSION: u64 = 1;

/// A signed list of revoked credentials and keys. Whoever has a value of this
/// type knows that the root key it names has signed it; that this root is
/// trusted is checked by [`Revocations::merge`](super::Revocations::merge).
///
/// A list replaces the one with the serial before, so it holds everything that
/// is revoked, not only what is new.
///
/// ```
/// use aster_runtime::trust::{CredentialId, RevocationList, RootKey};
/// let root = RootKey::generate();
/// let stolen = CredentialId::of(b"its signed bytes");
/// let list = RevocationList::first(&root, 1_800_000_000, [stolen], [])?;
/// assert_eq!(RevocationList::from_text(&list.to_text())?, list);
/// # Ok::<(), aster_runtime::trust::InvalidRevocationList>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RevocationList {
    claims: Claims,
    signature: [u8; 64],
}

/// What the root key signs.
#[derive(Clone, PartialEq, Eq)]
struct Claims {
    root: RootPublicKey,
    serial: u64,
    issued_at: u64,
    ids: BTreeSet<CredentialId>,
    keys: BTreeSet<PeerId>,
}

impl Claims {
    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = self.root.as_bytes().to_vec();
        out.extend_from_slice(&self.serial.to_be_bytes());
        out.extend_from_slice(&self.issued_at.to_be_bytes());
        out.extend_from_slice(&(self.ids.len() as u32).to_be_bytes());
        for id in &self.ids {
            out.extend_from_slice(id.as_bytes());
        }
        out.extend_from_slice(&(self.keys.len() as u32).to_be_bytes());
        for key in &self.keys {
            out.extend_from_slice(key.as_bytes());
        }
        signed_form(KIND, &out)
    }

    fn check(&self) -> Result<(), InvalidRevocationList> {
        if self.serial == 0 {
            return Err(InvalidRevocationList::Serial);
        }
        if self.issued_at > MAX_EXPIRES_AT {
            return Err(InvalidRevocationList::Time);
        }
        if self.ids.len() + self.keys.len() > MAX_REVOCATIONS {
            return Err(InvalidRevocationList::Count);
        }
        Ok(())
    }

    fn sign(self, root: &RootKey) -> Result<RevocationList, InvalidRevocationList> {
        self.check()?;
        let signature = root.sign(&self.signed_bytes());
        Ok(RevocationList { claims: self, signature })
    }
}

/// The file; nothing in it needs escaping.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    v: u64,
    root_pubkey: &'a str,
    serial: u64,
    issued_at: u64,
    #[serde(borrow)]
    ids: Vec<&'a str>,
    #[serde(borrow)]
    keys: Vec<&'a str>,
    signature: &'a str,
}

/// A JSON array with one text a line.
fn array<T: fmt::Display>(entries: &BTreeSet<T>) -> String {
    let lines: Vec<_> = entries.iter().map(|entry| format!("\n    \"{entry}\"")).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[{}\n  ]", lines.join(",")) }
}

impl RevocationList {
    /// The first list of a root key, with the serial 1.
    ///
    /// # Errors
    /// [`InvalidRevocationList`]: too many entries, a time beyond the year
    /// 9999.
    pub fn first(
        root: &RootKey,
        issued_at: u64,
        ids: impl IntoIterator<Item = CredentialId>,
        keys: impl IntoIterator<Item = PeerId>,
    ) -> Result<Self, InvalidRevocationList> {
        let (ids, keys) = (ids.into_iter().collect(), keys.into_iter().collect());
        Claims { root: root.public_key(), serial: 1, issued_at, ids, keys }.sign(root)
    }

    /// The list that follows this one: everything in it, and these entries.
    ///
    /// # Errors
    /// [`InvalidRevocationList`]: also when `root` is another key than the
    /// one that signed this list.
    pub fn next(
        &self,
        root: &RootKey,
        issued_at: u64,
        ids: impl IntoIterator<Item = CredentialId>,
        keys: impl IntoIterator<Item = PeerId>,
    ) -> Result<Self, InvalidRevocationList> {
        if root.public_key() != self.claims.root {
            return Err(InvalidRevocationList::OtherRoot);
        }
        let mut claims = self.claims.clone();
        claims.serial = claims.serial.checked_add(1).ok_or(InvalidRevocationList::Serial)?;
        claims.issued_at = issued_at;
        claims.ids.extend(ids);
        claims.keys.extend(keys);
        claims.sign(root)
    }

    /// The list with this text, if the root key that it names has signed it.
    /// Every list has one text, and no other is read.
    ///
    /// # Errors
    /// [`InvalidRevocationList`].
    pub fn from_text(text: &str) -> Result<Self, InvalidRevocationList> {
        if text.len() > MAX_REVOCATION_LIST_BYTES {
            return Err(InvalidRevocationList::Size);
        }
        let content = InvalidRevocationList::Content;
        let file: File<'_> = serde_json::from_str(text).map_err(|_| content)?;
        if file.kind != TYPE {
            return Err(content);
        }
        if file.v != VERSION {
            return Err(InvalidRevocationList::Version(file.v));
        }
        let ids = file.ids.iter().map(|text| text.parse().ok());
        let keys = file.keys.iter().map(|text| hex::decode(text).map(PeerId::from_bytes));
        let claims = Claims {
            root: file.root_pubkey.parse().map_err(|_| content)?,
            serial: file.serial,
            issued_at: file.issued_at,
            ids: ids.collect::<Option<_>>().ok_or(content)?,
            keys: keys.collect::<Option<_>>().ok_or(content)?,
        };
        claims.check()?;
        let list = Self { claims, signature: hex::decode(file.signature).ok_or(content)? };
        // Order, doubles, spaces, spellings of numbers: all at once.
        if list.to_text() != text {
            return Err(content);
        }
        if !list.claims.root.has_signed(&list.claims.signed_bytes(), &list.signature) {
            return Err(InvalidRevocationList::Signature);
        }
        Ok(list)
    }

    /// The text: JSON, one entry a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Claims { root, serial, issued_at, ids, keys } = &self.claims;
        let (ids, keys, signature) = (array(ids), array(keys), hex::encode(&self.signature));
        format!(
            r#"{{
  "type": "{TYPE}",
  "v": {VERSION},
  "root_pubkey": "{root}",
  "serial": {serial},
  "issued_at": {issued_at},
  "ids": {ids},
  "keys": {keys},
  "signature": "{signature}"
}}
"#
        )
    }

    /// The list in a file.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let (text, _) = private_file::read_any(path, MAX_REVOCATION_LIST_BYTES as u64)?;
        Self::from_text(&text).map_err(|error| FileError::content(path, error.to_string()))
    }

    /// Writes the list to a file that anybody may read: a new one, or in place
    /// of an older list of the same root key that has nothing that this one
    /// lacks.
    ///
    /// # Errors
    /// [`FileError`]; what is there and is not such a list is kept.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        let older = match Self::load(path) {
            Err(error) if error.is_missing() => {
                return private_file::create_public(path, &self.to_text());
            }
            found => found?,
        };
        if older == *self {
            return Ok(());
        }
        match self.replaces(&older) {
            true => private_file::replace_public(path, &self.to_text()),
            false => Err(FileError::content(path, "it holds a list that this one does not follow")),
        }
    }

    fn replaces(&self, older: &Self) -> bool {
        self.root() == older.root()
            && self.serial() > older.serial()
            && self.ids().is_superset(older.ids())
            && self.keys().is_superset(older.keys())
    }

    /// The root key that signed it.
    #[must_use]
    pub fn root(&self) -> RootPublicKey {
        self.claims.root
    }

    /// Its number; the next list of the root key has a higher one.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.claims.serial
    }

    /// When it was signed, in seconds since 1970. Lists are ordered by their
    /// serials alone.
    #[must_use]
    pub fn issued_at(&self) -> u64 {
        self.claims.issued_at
    }

    /// The revoked credentials.
    #[must_use]
    pub fn ids(&self) -> &BTreeSet<CredentialId> {
        &self.claims.ids
    }

    /// The revoked keys: of nodes, and of holders that delegated.
    #[must_use]
    pub fn keys(&self) -> &BTreeSet<PeerId> {
        &self.claims.keys
    }

    /// What is the same for every text and signature of these claims.
    pub(super) fn id(&self) -> CredentialId {
        CredentialId::of(&self.claims.signed_bytes())
    }
}

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationList")
            .field("root", &self.root())
            .field("serial", &self.serial())
            .field("ids", &self.ids().len())
            .field("keys", &self.keys().len())
            .finish_non_exhaustive()
    }
}

/// Why there is no such revocation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRevocationList {
    /// The text is larger than any list.
    #[error("it is larger than {MAX_REVOCATION_LIST_BYTES} bytes")]
    Size,
    /// The text is something else, or was changed by hand.
    #[error("it is not a revocation list as `aster trust revoke` writes it")]
    Content,
    /// It is of another version of this format.
    #[error("it has version {0} of the revocation format; this program reads version {VERSION}")]
    Version(u64),
    /// The serial is 0, or there is none after it.
    #[error("serials of revocation lists begin at 1 and end at 2^64 - 1")]
    Serial,
    /// The time of issue is beyond the year 9999.
    #[error("its time of issue is beyond the year 9999; times are in seconds")]
    Time,
    /// There are too many entries.
    #[error(
        "it has more than {MAX_REVOCATIONS} entries; revoke a key instead of many of its credentials"
    )]
    Count,
    /// The list before was signed by another root key.
    #[error("the list is of another root key")]
    OtherRoot,
    /// The root key that it names has not signed it.
    #[error("it is not signed by the root key that it names")]
    Signature,
}

#[cfg(test)]
mod tests;
