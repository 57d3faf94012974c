//! Manifests on disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::super::Contract;
use super::super::limits::MAX_MANIFEST_BYTES;
use super::{ManifestError, check_size, read};

/// Why a manifest file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestFileError {
    /// The system does not give the file.
    #[error("cannot read the manifest {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no manifest.
    #[error("{path} is not a manifest: {source}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: ManifestError,
    },
}

impl ManifestFileError {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File { path, .. } | Self::Content { path, .. } => path,
        }
    }

    /// Whether there simply is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        use io::ErrorKind::{NotADirectory, NotFound};
        matches!(self, Self::File { source, .. } if matches!(source.kind(), NotFound | NotADirectory))
    }
}

/// Reads a manifest file.
///
/// # Errors
/// [`ManifestFileError`], if the file cannot be read, is longer than
/// [`MAX_MANIFEST_BYTES`], or is refused by [`read`].
pub fn load(path: impl AsRef<Path>) -> Result<Vec<Contract>, ManifestFileError> {
    let path = path.as_ref();
    let text = text(path)?;
    read(&text).map_err(|source| ManifestFileError::Content { path: path.to_owned(), source })
}

/// The text of a file of bounded length.
pub(super) fn text(path: &Path) -> Result<String, ManifestFileError> {
    let failed = |source| ManifestFileError::File { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // Opening a pipe would wait for somebody to write.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("it is not a regular file")));
    }
    let limit = MAX_MANIFEST_BYTES as u64 + 1;
    File::open(path).map_err(failed)?.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    check_size(&bytes)
        .map_err(|source| ManifestFileError::Content { path: path.to_owned(), source })?;
    String::from_utf8(bytes)
        .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))
}
