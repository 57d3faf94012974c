//! The key that a node is known by.

use std::fmt;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::peer::PeerId;
use crate::private_file::{self, FileError};
use crate::trust::{IdentityFile, MAX_IDENTITY_FILE_BYTES as MAX_FILE_BYTES};

/// A node's secret key. Its public half is the node's [`PeerId`].
///
/// The key is kept out of `Debug` and of every error, and is wiped from memory
/// when the value is dropped.
#[derive(Clone)]
pub struct Identity {
    secret: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.peer().short())
    }
}

/// Why an identity file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Reading or creating the file failed.
    #[error("cannot {action} the identity file {path}: {source}")]
    File {
        /// `read`, `create`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others can read the secret key.
    #[error(
        "the identity file {path} can be read by others (mode {mode:03o}); run: chmod 600 {path}"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is no identity file.
    #[error("{path} is not an identity file: {reason}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, without any of its content.
        reason: &'static str,
    },
}

/// The part of the file that is read here; credentials are for the gates.
#[derive(Deserialize)]
struct File {
    node: Node,
}

#[derive(Deserialize)]
struct Node {
    secret_key: String,
    endpoint_id: Option<String>,
}

impl Identity {
    /// A new random identity.
    ///
    /// # Panics
    /// If the operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        #[expect(clippy::expect_used, reason = "nothing can be kept secret without it")]
        getrandom::fill(&mut *secret).expect("the operating system gives random bytes");
        Self { secret }
    }

    /// The identity with this ed25519 seed.
    #[must_use]
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self { secret: Zeroizing::new(secret) }
    }

    /// The identity in the file at `path`; a missing file is created with a
    /// new key, readable by its owner only.
    ///
    /// The format is that of the reference's `.aster-identity`: TOML with a
    /// `[node]` table that holds `secret_key` (base64) and `endpoint_id`.
    ///
    /// # Errors
    /// [`IdentityError`]; a file that others can read is refused, one that is
    /// damaged is never replaced.
    pub fn load_or_create(path: impl AsRef<Path>) -> Result<Self, IdentityError> {
        let path = path.as_ref();
        match private_file::read(path, MAX_FILE_BYTES) {
            Ok(text) => Self::from_file(path, &text),
            Err(error) if error.is_missing() => Self::create(path),
            Err(error) => Err(error.into()),
        }
    }

    fn from_file(path: &Path, text: &str) -> Result<Self, IdentityError> {
        let content = |reason| IdentityError::Content { path: path.to_owned(), reason };
        let file: File = toml::from_str(text)
            .map_err(|_| content("it is not TOML with a [node] table that holds secret_key"))?;
        let key = Zeroizing::new(file.node.secret_key);
        Self::from_texts(&key, file.node.endpoint_id.as_deref()).map_err(content)
    }

    /// The identity with the key in base64, which the id must belong to.
    pub(crate) fn from_texts(key: &str, id: Option<&str>) -> Result<Self, &'static str> {
        let bytes = BASE64.decode(key.as_bytes()).ok().map(Zeroizing::new);
        let secret = bytes.and_then(|bytes| bytes.as_slice().try_into().ok());
        let identity = Self::from_secret(secret.ok_or("secret_key is not base64 of 32 bytes")?);
        if id.is_some_and(|id| id != identity.peer().to_string()) {
            return Err("endpoint_id does not belong to secret_key");
        }
        Ok(identity)
    }

    /// The key in base64, and the id.
    pub(crate) fn to_texts(&self) -> (Zeroizing<String>, String) {
        (Zeroizing::new(BASE64.encode(&*self.secret)), self.peer().to_string())
    }

    fn create(path: &Path) -> Result<Self, IdentityError> {
        let identity = Self::generate();
        // Never over a file that another process made in the meantime.
        match private_file::create(path, &IdentityFile::new(identity.clone()).to_toml()) {
            Ok(()) => Ok(identity),
            Err(FileError::Exists { .. }) => {
                Self::from_file(path, &private_file::read(path, MAX_FILE_BYTES)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The public key.
    #[must_use]
    pub fn peer(&self) -> PeerId {
        let key = ed25519_dalek::SigningKey::from_bytes(&self.secret);
        PeerId::from_bytes(key.verifying_key().to_bytes())
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl From<FileError> for IdentityError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { action, path, source } => Self::File { action, path, source },
            FileError::Exposed { path, mode } => Self::Exposed { path, mode },
            FileError::Exists { path } => Self::Content { path, reason: "it exists already" },
            FileError::Content { path, .. } => {
                Self::Content { path, reason: "it is too large, or no regular file" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_missing_file_is_created_and_read_again() {
        let directory = directory();
        let path = directory.path().join("id");
        let first = Identity::load_or_create(&path).unwrap();
        let second = Identity::load_or_create(&path).unwrap();
        assert_eq!(first.peer(), second.peer());
    }

    #[cfg(unix)]
    #[test]
    fn b20_a45_the_file_is_private_and_an_exposed_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = directory();
        let path = directory.path().join("id");
        Identity::load_or_create(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Identity::load_or_create(&path).unwrap_err();
        assert!(matches!(error, IdentityError::Exposed { .. }), "{error}");
        assert!(error.to_string().contains("chmod 600"));
    }

    #[test]
    fn a45_a_damaged_file_is_refused_and_kept() {
        let directory = directory();
        let path = directory.path().join("id");
        Identity::load_or_create(&path).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        let other = Identity::generate().peer().to_string();
        let id_line = good.lines().last().unwrap().to_owned();
        for bad in [
            String::new(),
            good.replace("secret_key", "secret"),
            good.replace("secret_key = \"", "secret_key = \"!"),
            good.replace(&id_line, &format!("endpoint_id = \"{other}\"")),
        ] {
            fs::write(&path, &bad).unwrap();
            let error = Identity::load_or_create(&path).unwrap_err();
            assert!(matches!(error, IdentityError::Content { .. }), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), bad);
        }
    }

    #[test]
    fn b26_a42_the_secret_is_not_in_the_debug_text() {
        let identity = Identity::from_secret([0x11; 32]);
        assert_eq!(
            identity.peer().to_string(),
            "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737"
        );
        assert_eq!(format!("{identity:?}"), "Identity(d04ab23274)");
    }
}
