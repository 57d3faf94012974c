//! Files that commands of the trust group write, beside those that the library
//! writes itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The user's folder for everything of Aster, `~/.aster` as in the reference.
pub(crate) fn aster_folder() -> Result<PathBuf, Failure> {
    match std::env::home_dir() {
        Some(home) if !home.as_os_str().is_empty() => Ok(home.join(".aster")),
        _ => Err(Failure::usage("there is no home directory to look for keys and profiles in")
            .hint("set HOME, or name the files on the command line")),
    }
}

/// Makes the folder that a new file goes into; folders that are new are closed
/// to others.
pub(crate) fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Failure::usage(format!("cannot create the folder {}: {error}", folder.display()))
    })
}

/// Replaces a file in one step by one that only its owner can read.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    // What a link points to is replaced, not the link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |error: std::io::Error| {
        Failure::runtime(format!("cannot write {}: {error}", path.display()))
    };
    make_folder_of(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // Temporary files are readable by their owner only.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
