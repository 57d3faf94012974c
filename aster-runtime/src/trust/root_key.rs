//! The private half of a root key, for commands that sign.

use std::fmt;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::root_public_key::RootPublicKey;
use crate::hex;
use crate::private_file::{self, FileError};

/// Largest file with a root key, in bytes.
const MAX_FILE_BYTES: u64 = 4096;

/// A root key, both halves. Servers and clients never load one: they need the
/// [`RootPublicKey`] alone.
///
/// The private half is wiped from memory when the value is dropped, and is in
/// no `Debug` text and no error.
///
/// ```
/// use aster_runtime::trust::{RootKey, RootPublicKey};
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("root.key");
/// let key = RootKey::generate();
/// let public = key.save_new(&path)?;
/// assert_eq!(RootKey::load(&path)?.public_key(), key.public_key());
/// assert_eq!(RootPublicKey::load(public)?, key.public_key());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RootKey {
    key: SigningKey,
}

impl RootKey {
    /// A new random key.
    ///
    /// # Panics
    /// If the operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        #[expect(clippy::expect_used, reason = "nothing can be kept secret without it")]
        getrandom::fill(&mut *seed).expect("the operating system gives random bytes");
        Self::from_seed(&seed)
    }

    /// The key with this ed25519 seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self { key: SigningKey::from_bytes(seed) }
    }

    /// The key with this seed, 64 lower-case hex characters: the form in
    /// which the reference keeps it in the keyring of the system.
    ///
    /// # Errors
    /// Any other text. The error does not show it.
    pub fn from_hex(seed: &str) -> Result<Self, RootKeyError> {
        let seed = hex::decode(seed).map(Zeroizing::new).ok_or(RootKeyError::PrivateKey)?;
        Ok(Self::from_seed(&seed))
    }

    /// The seed as 64 hex characters, for a keyring. Show it to nobody.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.key.as_bytes()))
    }

    /// The key in a file: JSON with `private_key` and `public_key`
    /// (trust.md 1.2).
    ///
    /// # Errors
    /// [`FileError`]: a file that others can read, or whose halves do not
    /// belong together.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let text = private_file::read(path, MAX_FILE_BYTES)?;
        Self::from_file_text(&text).map_err(|error| FileError::content(path, error.to_string()))
    }

    /// The key in the text of a file.
    ///
    /// # Errors
    /// [`RootKeyError`], without anything of the text.
    pub fn from_file_text(text: &str) -> Result<Self, RootKeyError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File<'a> {
            private_key: &'a str,
            public_key: Option<&'a str>,
        }
        let file: File<'_> = serde_json::from_str(text).map_err(|_| RootKeyError::Content)?;
        let key = Self::from_hex(file.private_key)?;
        match file.public_key {
            Some(public) if public != key.public_key().to_string() => Err(RootKeyError::Mismatch),
            _ => Ok(key),
        }
    }

    /// Writes the key to a new file that only its owner can read, and the
    /// public half beside it, with the extension `pub`. The path of the
    /// latter is returned.
    ///
    /// # Errors
    /// [`FileError`]: neither file may be there before, unless the one with
    /// the public half holds this key's.
    pub fn save_new(&self, path: impl AsRef<Path>) -> Result<PathBuf, FileError> {
        let path = path.as_ref();
        let public = public_path(path);
        if public == path {
            let reason = "this name is for the public half; end it in .key";
            return Err(FileError::content(path, reason));
        }
        // Told before anything about the file beside it.
        if path.symlink_metadata().is_ok() {
            return Err(FileError::Exists { path: path.to_owned() });
        }
        let beside = match RootPublicKey::load(&public) {
            Ok(found) if found == self.public_key() => Some(found),
            Err(error) if error.is_missing() => None,
            _ => return Err(FileError::Exists { path: public }),
        };
        let seed = self.to_hex();
        let text = Zeroizing::new(format!(
            "{{\n  \"private_key\": \"{}\",\n  \"public_key\": \"{}\"\n}}\n",
            *seed,
            self.public_key()
        ));
        private_file::create(path, &text)?;
        if beside.is_none() {
            self.public_key().save_new(&public)?;
        }
        Ok(public)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> RootPublicKey {
        RootPublicKey::claimed(self.key.verifying_key().to_bytes())
    }

    /// Signs bytes that one of our own types laid out. Not public: what is
    /// signed is never chosen by a peer.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

/// Where the public half of the key at `path` is kept.
fn public_path(path: &Path) -> PathBuf {
    path.with_extension("pub")
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", self.public_key().short())
    }
}

/// Why a text is not a root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootKeyError {
    /// It is not the file that `keygen` writes.
    #[error("it is not JSON with private_key and public_key")]
    Content,
    /// The private half is no seed.
    #[error("private_key is not 64 lower-case hex characters (32 bytes)")]
    PrivateKey,
    /// The halves are from two keys.
    #[error("public_key does not belong to private_key; the file was changed by hand")]
    Mismatch,
}
