//! The key that a node is known by.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::Deserialize;

use crate::peer::PeerId;

/// A node's secret key. Its public half is the node's [`PeerId`].
///
/// The key is kept out of `Debug` and of every error.
#[derive(Clone)]
pub struct Identity {
    secret: [u8; 32],
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
        let mut secret = [0; 32];
        #[expect(clippy::expect_used, reason = "nothing can be kept secret without it")]
        getrandom::fill(&mut secret).expect("the operating system gives random bytes");
        Self { secret }
    }

    /// The identity with this ed25519 seed.
    #[must_use]
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self { secret }
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
        match fs::read_to_string(path) {
            Ok(text) => Self::from_file(path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(source) => {
                Err(IdentityError::File { action: "read", path: path.to_owned(), source })
            }
        }
    }

    fn from_file(path: &Path, text: &str) -> Result<Self, IdentityError> {
        check_mode(path)?;
        let content = |reason| IdentityError::Content { path: path.to_owned(), reason };
        let file: File = toml::from_str(text)
            .map_err(|_| content("it is not TOML with a [node] table that holds secret_key"))?;
        let secret = BASE64
            .decode(file.node.secret_key.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| content("secret_key is not base64 of 32 bytes"))?;
        let identity = Self { secret };
        let named = file.node.endpoint_id.as_deref();
        if named.is_some_and(|id| id != identity.peer().to_string()) {
            return Err(content("endpoint_id does not belong to secret_key"));
        }
        Ok(identity)
    }

    fn create(path: &Path) -> Result<Self, IdentityError> {
        let identity = Self::generate();
        let failed =
            |source| IdentityError::File { action: "create", path: path.to_owned(), source };
        let mut options = fs::OpenOptions::new();
        // Never over a file that another process made in the meantime.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = match options.open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let text = fs::read_to_string(path).map_err(failed)?;
                return Self::from_file(path, &text);
            }
            Err(error) => return Err(failed(error)),
        };
        let text = format!(
            "# Aster identity: keep it secret, keep a copy.\n\n[node]\nsecret_key = \"{}\"\nendpoint_id = \"{}\"\n",
            BASE64.encode(&identity.secret),
            identity.peer()
        );
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(identity)
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

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), IdentityError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|source| IdentityError::File {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(IdentityError::Exposed { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_path: &Path) -> Result<(), IdentityError> {
    Ok(())
}

#[cfg(test)]
mod tests {
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
    fn the_file_is_private_and_an_exposed_one_is_refused() {
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
    fn a_damaged_file_is_refused_and_kept() {
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
    fn the_secret_is_not_in_the_debug_text() {
        let identity = Identity::from_secret([0x11; 32]);
        assert_eq!(
            identity.peer().to_string(),
            "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737"
        );
        assert_eq!(format!("{identity:?}"), "Identity(d04ab23274)");
    }
}
