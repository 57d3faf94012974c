//! A file with a revocation list, read again when it changes.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Admissions;
use crate::trust::{FileError, RevocationConflict, RevocationList};

/// Why a file with revocations cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationFileError {
    /// The file, or what is in it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A list that cannot be put in force.
    #[error("{path}: {conflict}", path = path.display())]
    Conflict {
        /// The file.
        path: PathBuf,
        /// Why not.
        conflict: RevocationConflict,
    },
}

/// A file that is watched.
#[derive(Debug)]
pub(crate) struct RevocationFile {
    path: PathBuf,
    /// What the file looked like when it was read.
    stamp: Option<Stamp>,
}

/// What changes when a file is written or replaced.
type Stamp = (Option<SystemTime>, u64, u64);

impl RevocationFile {
    /// Reads the file and puts its list in force.
    pub(crate) fn open(path: &Path, admissions: &Admissions) -> Result<Self, RevocationFileError> {
        let mut file = Self { path: path.to_owned(), stamp: None };
        file.read(admissions)?;
        Ok(file)
    }

    /// Reads the file again if it has changed. What cannot be read changes
    /// nothing that is in force.
    pub(super) fn reload(&mut self, admissions: &Admissions) {
        let stamp = stamp(&self.path);
        if stamp == self.stamp {
            return;
        }
        match self.read(admissions) {
            Ok(true) => tracing::info!(file = %self.path.display(), "revocations reloaded"),
            Ok(false) => {}
            Err(error) => {
                // Once for each state of the file.
                self.stamp = stamp;
                tracing::error!(
                    %error,
                    "the revocation list cannot be read; what was revoked stays revoked"
                );
            }
        }
    }

    fn read(&mut self, admissions: &Admissions) -> Result<bool, RevocationFileError> {
        // Looked at first: a change while it is read shows the next time.
        let stamp = stamp(&self.path);
        let list = RevocationList::load(&self.path)?;
        let changed = admissions.revoke(&list).map_err(|conflict| {
            RevocationFileError::Conflict { path: self.path.clone(), conflict }
        })?;
        self.stamp = stamp;
        Ok(changed)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok(), metadata.len(), number(&metadata)))
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}
