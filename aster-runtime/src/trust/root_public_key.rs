//! The public half of a root key: what servers trust.

use std::path::Path;
use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;

use crate::hex::{self, hex_text};
use crate::private_file::{self, FileError};

/// Largest file with a public key, in bytes.
const MAX_FILE_BYTES: u64 = 4096;

/// The public key of a root: whoever holds the private half decides who comes
/// in. 32 bytes (ed25519), shown as 64 lower-case hex characters.
///
/// ```
/// use aster_runtime::trust::RootKey;
/// let root = RootKey::generate().public_key();
/// assert_eq!(root.to_string().parse(), Ok(root));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootPublicKey([u8; 32]);

impl RootPublicKey {
    /// The key with these bytes.
    ///
    /// # Errors
    /// Bytes that are no ed25519 key, or one of the few keys for which
    /// signatures can be made without a secret.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, InvalidRootPublicKey> {
        match VerifyingKey::from_bytes(&bytes) {
            Ok(key) if key.is_weak() => Err(InvalidRootPublicKey::Weak),
            Ok(_) => Ok(Self(bytes)),
            Err(_) => Err(InvalidRootPublicKey::NoKey),
        }
    }

    /// A key as a credential claims it; nothing verifies with one that
    /// [`from_bytes`](Self::from_bytes) refuses.
    pub(crate) const fn claimed(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key in a file: JSON with `public_key`, or 64 hex characters alone
    /// (trust.md 1.2).
    ///
    /// # Errors
    /// [`FileError`]; a file that holds a private key is refused, because
    /// servers have no use for it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let (text, _) = private_file::read_any(path, MAX_FILE_BYTES)?;
        Self::from_file_text(&text).map_err(|error| FileError::content(path, error.to_string()))
    }

    /// Writes the key as JSON to a new file that anybody may read.
    ///
    /// # Errors
    /// [`FileError::Exists`] when there is a file already.
    pub fn save_new(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        private_file::create_public(path.as_ref(), &self.file_text())
    }

    /// The key in the text of a file.
    ///
    /// # Errors
    /// [`InvalidRootPublicKey`].
    pub fn from_file_text(text: &str) -> Result<Self, InvalidRootPublicKey> {
        let text = text.trim_ascii();
        if !text.starts_with('{') {
            return text.parse();
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File<'a> {
            #[serde(borrow)]
            public_key: std::borrow::Cow<'a, str>,
            private_key: Option<serde::de::IgnoredAny>,
        }
        let file: File<'_> =
            serde_json::from_str(text).map_err(|_| InvalidRootPublicKey::Content)?;
        if file.private_key.is_some() {
            return Err(InvalidRootPublicKey::Private);
        }
        file.public_key.parse()
    }

    /// The text of the key's file.
    #[must_use]
    pub fn file_text(&self) -> String {
        format!("{{\n  \"public_key\": \"{self}\"\n}}\n")
    }

    /// Whether the root signed exactly these bytes. Strict: weak keys and
    /// second encodings of a signature are refused.
    pub(crate) fn has_signed(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok())
    }
}

hex_text!(RootPublicKey);

/// Why a text or file is not a root public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRootPublicKey {
    /// The text is something else.
    #[error("a root public key is 64 lower-case hex characters (32 bytes), with nothing before it")]
    Length,
    /// The bytes are no point of the curve.
    #[error("these 32 bytes are not an ed25519 public key")]
    NoKey,
    /// Anybody could sign for this key.
    #[error("this public key is weak: signatures for it need no secret")]
    Weak,
    /// The file is JSON, but another.
    #[error("the file is not JSON with public_key alone")]
    Content,
    /// The file holds the private half too.
    #[error("the file holds a private root key; use the file with the public half (root.pub)")]
    Private,
}

impl FromStr for RootPublicKey {
    type Err = InvalidRootPublicKey;

    fn from_str(text: &str) -> Result<Self, InvalidRootPublicKey> {
        Self::from_bytes(hex::decode(text).ok_or(InvalidRootPublicKey::Length)?)
    }
}
