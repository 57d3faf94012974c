//! A file with a credential, in any of the formats.

use std::path::Path;

use super::chain::Chain;
use super::credential::Credential;
use super::identity_file::{IdentityFile, MAX_IDENTITY_FILE_BYTES};
use crate::private_file::{self, FileError};

/// What `--rcan FILE` and `ASTER_ENROLLMENT_CREDENTIAL` name: a credential
/// alone, or an identity file with the node's key.
#[derive(Clone, Debug)]
pub enum CredentialFile {
    /// JSON, of `trust sign`.
    Credential(Credential),
    /// A chain, of `trust delegate`.
    Chain(Chain),
    /// TOML, of `enroll node`.
    Identity(IdentityFile),
}

impl CredentialFile {
    /// Reads the file at `path`. One that begins as chains do is a chain, any
    /// other that begins with a brace is JSON, the rest TOML.
    ///
    /// # Errors
    /// [`FileError`]: a damaged file, or one that others can read although
    /// they could use what it holds. A credential alone that names its node
    /// is of no use to others.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let (text, exposed) = private_file::read_any(path, MAX_IDENTITY_FILE_BYTES)?;
        let file = if Chain::recognizes(&text) {
            Chain::from_text(&text).map(Self::Chain).map_err(|error| error.to_string())
        } else if text.trim_ascii_start().starts_with('{') {
            Credential::from_file_json(text.trim_ascii())
                .map(Self::Credential)
                .map_err(|error| error.to_string())
        } else {
            IdentityFile::parse(&text).map(Self::Identity).map_err(|error| error.to_string())
        };
        let file = file.map_err(|reason| FileError::content(path, reason))?;
        let harmless = match &file {
            Self::Credential(credential) => credential.node().is_some(),
            Self::Chain(_) => true,
            Self::Identity(_) => false,
        };
        match exposed {
            Some(error) if !harmless => Err(error),
            _ => Ok(file),
        }
    }
}

impl Credential {
    /// Writes the credential as JSON to a new file that only its owner can
    /// read.
    ///
    /// # Errors
    /// [`FileError::Exists`] when there is a file already.
    pub fn save_new(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        private_file::create(path.as_ref(), &self.to_file_json())
    }
}
