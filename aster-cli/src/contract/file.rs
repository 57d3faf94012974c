//! Files of contracts: bounded reading, atomic writing.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::failure::Failure;

/// Largest manifest or exported contract that is read, in bytes.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Whether a file is JSON rather than a program.
pub(super) fn is_text(path: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    open(path)?.take(64).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(matches!(first, None | Some(b'{' | b'[')) || path.extension().is_some_and(|e| e == "json"))
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    open(path)?
        .take(MAX_FILE_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(path, &error))?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::usage(format!(
            "{} is larger than {MAX_FILE_BYTES} bytes: it is no contract",
            path.display()
        )));
    }
    Ok(text)
}

/// Replaces a file in one step; folders on the way are made.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::runtime(format!("cannot write {}: {error}", path.display()))
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(".aster-")
        .permissions(permissions())
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A committed file is for everyone to read, unlike a temporary one.
#[cfg(unix)]
fn permissions() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot read {}: {error}", path.display()))
}
