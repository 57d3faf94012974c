//! The files that a configuration names, behind a trait: decisions are tested
//! without a disk.

use std::path::Path;

use zeroize::Zeroizing;

use crate::private_file;
use crate::trust::FileError;

/// The text of a file, and the error that it is if the text should have been
/// secret and is not.
pub(super) type Text = (Zeroizing<String>, Option<FileError>);

/// The files of a machine.
pub(super) trait Files {
    /// The text of a file of at most `limit` bytes.
    fn read(&self, path: &Path, limit: u64) -> Result<Text, FileError>;

    /// Whether the file is there and can be read.
    fn check(&self, path: &Path) -> Result<(), FileError>;
}

/// The real ones.
pub(super) struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<Text, FileError> {
        private_file::read_any(path, limit)
    }

    fn check(&self, path: &Path) -> Result<(), FileError> {
        let failed = |source| FileError::io("read", path, source);
        // Before opening, because opening a pipe would wait for its other end.
        if !std::fs::metadata(path).map_err(failed)?.is_file() {
            return Err(FileError::content(path, "it is not a regular file"));
        }
        std::fs::File::open(path).map(drop).map_err(failed)
    }
}
