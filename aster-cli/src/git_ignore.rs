//! Keeps files with keys out of git.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::output::note;

/// Largest `.gitignore` that is looked at, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Adds the file at `path` to `.gitignore` if it is in a work tree of git and
/// not ignored yet. What goes wrong is told and is no error: the file itself is
/// written already.
pub(crate) fn add(path: &Path) {
    let shown = path.display();
    match add_entry(path) {
        Ok(None) => {}
        Ok(Some(ignored_by)) => {
            note(&format!("Added {shown} to {}: it holds a key.", ignored_by.display()));
        }
        Err(error) => note(&format!(
            "Warning: {shown} holds a key and is in a git work tree; it could not be added to \
             .gitignore: {error}"
        )),
    }
}

/// The `.gitignore` that has a new entry now, if it needed one.
fn add_entry(path: &Path) -> io::Result<Option<PathBuf>> {
    let path = fs::canonicalize(path)?;
    let Some(tree) = path.ancestors().skip(1).find(|folder| folder.join(".git").exists()) else {
        return Ok(None);
    };
    if is_ignored(&path) {
        return Ok(None);
    }
    let inside = path.strip_prefix(tree).map_err(io::Error::other)?;
    let entry =
        entry(inside).ok_or_else(|| io::Error::other("its name cannot be written there"))?;
    let ignore = tree.join(".gitignore");
    let mut text = String::new();
    match File::open(&ignore) {
        Ok(file) => {
            file.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if text.lines().any(|line| line == entry) {
        return Ok(None);
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let mut file = OpenOptions::new().append(true).create(true).open(&ignore)?;
    write!(file, "{gap}# Holds a secret key.\n{entry}\n")?;
    Ok(Some(ignore))
}

/// Whether git ignores the file already. Without git, nobody knows.
fn is_ignored(path: &Path) -> bool {
    let Some((folder, name)) = path.parent().zip(path.file_name()) else { return false };
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["check-ignore", "--quiet", "--no-index", "--"]).arg(name);
    // Set in hooks of git, for another work tree perhaps.
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    git.status().is_ok_and(|status| status.success())
}

/// The line for this file and no other.
fn entry(inside: &Path) -> Option<String> {
    let mut line = String::new();
    for part in inside.components() {
        line.push('/');
        for character in part.as_os_str().to_str()?.chars() {
            match character {
                '\n' | '\r' => return None,
                '\\' | '*' | '?' | '[' | ' ' => line.push('\\'),
                _ => {}
            }
            line.push(character);
        }
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_for_one_file() {
        for (path, line) in [
            ("edge.cred", "/edge.cred"),
            ("keys/a b.cred", "/keys/a\\ b.cred"),
            ("*[x]?.cred", "/\\*\\[x]\\?.cred"),
        ] {
            assert_eq!(entry(Path::new(path)).unwrap(), line);
        }
        assert_eq!(entry(Path::new("a\nb")), None);
    }
}
