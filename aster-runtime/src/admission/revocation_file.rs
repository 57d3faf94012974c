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

#[cfg(test)]
mod tests {
    use super::super::tests::{admissions, node, root};
    use super::*;
    use crate::trust::RootKey;

    /// The first list of the root key, of one node.
    fn list(number: u8) -> RevocationList {
        RevocationList::first(&root(), 1, [], [node(number)]).unwrap()
    }

    fn written(path: &Path, list: &RevocationList) {
        fs::write(path, list.to_text()).unwrap();
    }

    #[test]
    fn a_list_is_in_force_when_its_file_has_been_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("revoked.json");
        let admissions = admissions(10);
        let missing = RevocationFile::open(&path, &admissions).unwrap_err();
        assert!(matches!(missing, RevocationFileError::File(error) if error.is_missing()));
        written(&path, &list(1));
        let mut file = RevocationFile::open(&path, &admissions).unwrap();
        assert!(admissions.is_revoked(&node(1)) && !admissions.is_revoked(&node(2)));
        assert!(!file.read(&admissions).unwrap(), "nothing is new in it");
        written(&path, &list(1).next(&root(), 2, [], [node(2)]).unwrap());
        assert!(file.read(&admissions).unwrap());
        assert!(admissions.is_revoked(&node(2)));
    }

    #[test]
    fn a_list_of_another_root_is_named_with_its_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("revoked.json");
        let admissions = admissions(10);
        let other = RevocationList::first(&RootKey::generate(), 1, [], [node(1)]).unwrap();
        written(&path, &other);
        let error = RevocationFile::open(&path, &admissions).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        assert!(!admissions.is_revoked(&node(1)));
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_damaged_one_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("revoked.json");
        let admissions = admissions(10);
        written(&path, &list(1));
        let mut file = RevocationFile::open(&path, &admissions).unwrap();
        fs::write(&path, "damaged").unwrap();
        file.reload(&admissions);
        fs::remove_file(&path).unwrap();
        file.reload(&admissions);
        assert!(admissions.is_revoked(&node(1)) && !admissions.is_revoked(&node(2)));
        written(&path, &list(1).next(&root(), 2, [], [node(2)]).unwrap());
        file.reload(&admissions);
        assert!(admissions.is_revoked(&node(1)) && admissions.is_revoked(&node(2)));
    }

    /// A second list of the same length within one tick of the file system's
    /// clock: the file is another one all the same.
    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_is_another_one_whatever_its_time_and_length() {
        let directory = tempfile::tempdir().unwrap();
        let (path, new) = (directory.path().join("revoked.json"), directory.path().join("new"));
        let admissions = admissions(10);
        // With the serials 1 and 2 and one node each, as no tool writes them.
        written(&path, &list(1));
        let mut file = RevocationFile::open(&path, &admissions).unwrap();
        let next = RevocationList::first(&root(), 1, [], []).unwrap();
        let next = next.next(&root(), 2, [], [node(2)]).unwrap();
        written(&new, &next);
        let old = fs::metadata(&path).unwrap();
        fs::File::options()
            .write(true)
            .open(&new)
            .unwrap()
            .set_modified(old.modified().unwrap())
            .unwrap();
        assert_eq!(fs::metadata(&new).unwrap().len(), old.len());
        fs::rename(&new, &path).unwrap();
        file.reload(&admissions);
        assert!(admissions.is_revoked(&node(2)));
    }
}
