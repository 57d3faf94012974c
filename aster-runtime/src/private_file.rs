//! Files with secrets: never readable by others, never half written, never
//! replaced by accident.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Why a file of the trust system cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system refused.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// `read`, `create`, `replace`, `lock`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others can read a secret.
    #[error("{path} can be read by others (mode {mode:03o}); run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file is there already, and is left as it is.
    #[error("{path} exists already and is not replaced; use another path or move it away")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The content is not what the file should hold.
    #[error("{path}: {reason}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, without any secret of the file.
        reason: String,
    },
}

impl FileError {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn content(path: &Path, reason: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), reason: reason.into() }
    }

    /// Whether the file is simply not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// The text of a file that only its owner can read, of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
    match read_any(path, limit)? {
        (text, None) => Ok(text),
        (_, Some(exposed)) => Err(exposed),
    }
}

/// The text of a file of at most `limit` bytes, and the error that it is if
/// the text should have been secret and is not.
pub(crate) fn read_any(
    path: &Path,
    limit: u64,
) -> Result<(Zeroizing<String>, Option<FileError>), FileError> {
    let failed = |source| FileError::io("read", path, source);
    // Before opening, because opening a pipe would wait for its other end.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(FileError::content(path, "it is not a regular file"));
    }
    let file = File::open(path).map_err(failed)?;
    let exposed = exposed(path, &file.metadata().map_err(failed)?);
    let mut text = Zeroizing::new(String::new());
    file.take(limit + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > limit {
        return Err(FileError::content(path, format!("it is larger than {limit} bytes")));
    }
    Ok((text, exposed))
}

#[cfg(unix)]
fn exposed(path: &Path, metadata: &fs::Metadata) -> Option<FileError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| FileError::Exposed { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn exposed(_path: &Path, _metadata: &fs::Metadata) -> Option<FileError> {
    None
}

/// Writes a new file that only its owner can read. A file that is there
/// already stays as it is.
pub(crate) fn create(path: &Path, text: &str) -> Result<(), FileError> {
    create_with_mode(path, text, 0o600)
}

/// Writes a new file that anybody may read.
pub(crate) fn create_public(path: &Path, text: &str) -> Result<(), FileError> {
    create_with_mode(path, text, 0o644)
}

fn create_with_mode(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    let temporary = Temporary::write(path, text, mode)?;
    // Linking fails when the name is taken, so no half-written file is ever
    // seen under the name, and no other file is lost.
    match fs::hard_link(&temporary.path, path) {
        Ok(()) => {
            sync_directory(path);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(FileError::Exists { path: path.to_owned() })
        }
        // Not every file system has links.
        Err(_) => write_new(path, text, mode),
    }
}

fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
        _ => FileError::io("create", path, source),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = fs::remove_file(path);
        failed(error)
    })
}

/// Writes a file that only its owner can read, over the one that is there.
/// Either the old or the new content is there at any time.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    replace_with_mode(path, text, 0o600)
}

/// Writes a file that anybody may read, over the one that is there.
pub(crate) fn replace_public(path: &Path, text: &str) -> Result<(), FileError> {
    replace_with_mode(path, text, 0o644)
}

fn replace_with_mode(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    // The link would be replaced, and what it points to would be kept.
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Err(FileError::content(path, "it is a symbolic link; name the file itself"));
    }
    let temporary = Temporary::write(path, text, mode)?;
    fs::rename(&temporary.path, path).map_err(|source| FileError::io("replace", path, source))?;
    sync_directory(path);
    Ok(())
}

/// Makes the directory that `path` is in, closed to others where it is new.
pub(crate) fn create_directory(path: &Path) -> Result<(), FileError> {
    let Some(directory) = directory(path) else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|source| FileError::io("create", directory, source))
}

/// A complete file beside the one to be, removed when dropped.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn write(beside: &Path, text: &str, mode: u32) -> Result<Self, FileError> {
        let failed = |source| FileError::io("create", beside, source);
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| failed(error.into()))?;
        let mut name = std::ffi::OsString::from(".");
        name.push(beside.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?);
        name.push(format!(".{:016x}.tmp", u64::from_ne_bytes(random)));
        let path = beside.with_file_name(name);
        write_new(&path, text, mode)?;
        Ok(Self { path })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.path);
    }
}

/// The directory that holds `path`, if the path names one.
fn directory(path: &Path) -> Option<&Path> {
    path.parent().filter(|parent| !parent.as_os_str().is_empty())
}

/// Makes a new name survive a loss of power. Not every file system can.
fn sync_directory(path: &Path) {
    #[cfg(unix)]
    if let Ok(directory) = File::open(directory(path).unwrap_or_else(|| Path::new("."))) {
        let _ = directory.sync_all();
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn b20_a45_a_secret_is_never_readable_by_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, "one").unwrap();
        assert_eq!(mode(&path), 0o600);
        replace(&path, "two").unwrap();
        assert_eq!(mode(&path), 0o600);
        let temporary = Temporary::write(&path, "three", 0o600).unwrap();
        assert_eq!(mode(&temporary.path), 0o600);
        assert_eq!(temporary.path.parent(), Some(directory.path()));
        drop(temporary);
        assert_eq!(entries(directory.path()), ["secret"]);

        let public = directory.path().join("public");
        create_public(&public, "open").unwrap();
        assert_eq!(mode(&public) & 0o177, 0o044, "as the umask allows");
        assert_eq!(*read_any(&public, 4).unwrap().0, "open");
        replace_public(&public, "more").unwrap();
        assert_eq!(mode(&public) & 0o177, 0o044, "as the umask allows");
        assert_eq!(*read_any(&public, 4).unwrap().0, "more");
    }

    #[cfg(unix)]
    #[test]
    fn b20_a45_an_exposed_secret_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, "text").unwrap();
        assert_eq!(*read(&path, 4).unwrap(), "text");
        for exposed in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
            let error = read(&path, 4).unwrap_err();
            assert!(matches!(error, FileError::Exposed { mode, .. } if mode == exposed));
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(*read(&path, 4).unwrap(), "text");
    }

    #[test]
    fn a45_a_file_that_is_there_is_not_created_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, "one").unwrap();
        assert!(matches!(create(&path, "two"), Err(FileError::Exists { .. })));
        assert!(matches!(create_public(&path, "two"), Err(FileError::Exists { .. })));
        assert!(matches!(write_new(&path, "two", 0o600), Err(FileError::Exists { .. })));
        assert_eq!(*read(&path, 100).unwrap(), "one");
        assert_eq!(entries(directory.path()), ["secret"]);
    }

    #[test]
    fn what_is_too_large_or_no_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, "12345").unwrap();
        assert!(read(&path, 5).is_ok());
        assert!(matches!(read(&path, 4), Err(FileError::Content { .. })));
        assert!(matches!(read(directory.path(), 4), Err(FileError::Content { .. })));
        let missing = read(&directory.path().join("none"), 4).unwrap_err();
        assert!(missing.is_missing());
        assert!(!read(&path, 4).unwrap_err().is_missing());
        let nowhere = directory.path().join("none").join("secret");
        assert!(matches!(create(&nowhere, ""), Err(FileError::Io { action: "create", .. })));
        assert!(create(Path::new("/"), "").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a45_a_link_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("secret"), directory.path().join("link"));
        create(&path, "one").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(*read(&link, 100).unwrap(), "one");
        assert!(matches!(replace(&link, "two"), Err(FileError::Content { .. })));
        assert_eq!(*read(&path, 100).unwrap(), "one");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_directory_is_closed_to_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a").join("b").join("secret");
        create_directory(&path).unwrap();
        create_directory(&path).unwrap();
        create_directory(Path::new("secret")).unwrap();
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        create(&path, "one").unwrap();
        create_directory(&path.join("c")).unwrap_err();
    }
}
