//! The lines of earlier sessions, in a file that only its owner can read.
//! Lines that hold secrets are never kept.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use reedline::{
    FileBackedHistory, History, HistoryItem, HistoryItemId, HistorySessionId, SearchQuery,
};

/// Most lines that are kept.
const MAX_LINES: usize = 2000;

/// Longest line that is kept, in bytes.
const MAX_KEPT_BYTES: usize = 4096;

/// Largest file that is read, in bytes: a file of ours is smaller.
const MAX_FILE_BYTES: u64 = (MAX_LINES * MAX_KEPT_BYTES) as u64;

/// What the names of secrets hold.
const SECRET_NAMES: [&str; 10] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "key",
    "credential",
    "rcan",
    "auth",
];

/// Whether a line is kept out of the history.
pub(super) fn is_private(line: &str) -> bool {
    line.starts_with(char::is_whitespace) || line.len() > MAX_KEPT_BYTES || names_secret(line)
}

/// Whether a name before `=` or `:` is that of a secret.
fn names_secret(line: &str) -> bool {
    let line = line.to_lowercase();
    line.match_indices(['=', ':']).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().trim_end();
        let before = before.trim_end_matches(['"', '\'', '\\']);
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = before.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
        // The character before a name may have more than one byte.
        let name = before.get(start..).unwrap_or(before);
        SECRET_NAMES.iter().any(|secret| name.contains(secret))
    })
}

/// A history that keeps nothing private.
pub(super) struct DiscreetHistory(FileBackedHistory);

impl DiscreetHistory {
    /// Opens the file, or keeps the lines in memory if that cannot be done.
    pub(super) fn open(file: Option<PathBuf>) -> (Self, Option<String>) {
        let opened = file.map(|path| {
            prepare(&path)
                .map_err(|error| error.to_string())
                .and_then(|()| {
                    FileBackedHistory::with_file(MAX_LINES, path.clone())
                        .map_err(|error| error.to_string())
                })
                .map_err(|error| format!("no history: {}: {error}", path.display()))
        });
        match opened {
            Some(Ok(history)) => (Self(history), None),
            Some(Err(problem)) => (Self(FileBackedHistory::default()), Some(problem)),
            None => (Self(FileBackedHistory::default()), None),
        }
    }
}

/// Makes the file readable by its owner only.
fn prepare(path: &Path) -> std::io::Result<()> {
    crate::files::make_folder_of(path)
        .map_err(|failure| std::io::Error::other(failure.message().to_owned()))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other("it is no history of this shell; move it away"));
    }
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

impl History for DiscreetHistory {
    fn save(&mut self, item: HistoryItem) -> reedline::Result<HistoryItem> {
        if is_private(&item.command_line) {
            return Ok(item);
        }
        let saved = self.0.save(item)?;
        // A shell that is killed loses nothing.
        let _ = self.0.sync();
        Ok(saved)
    }

    fn load(&self, id: HistoryItemId) -> reedline::Result<HistoryItem> {
        self.0.load(id)
    }

    fn count(&self, query: SearchQuery) -> reedline::Result<i64> {
        self.0.count(query)
    }

    fn search(&self, query: SearchQuery) -> reedline::Result<Vec<HistoryItem>> {
        self.0.search(query)
    }

    fn update(
        &mut self,
        id: HistoryItemId,
        change: &dyn Fn(HistoryItem) -> HistoryItem,
    ) -> reedline::Result<()> {
        self.0.update(id, change)
    }

    fn clear(&mut self) -> reedline::Result<()> {
        self.0.clear()
    }

    fn delete(&mut self, id: HistoryItemId) -> reedline::Result<()> {
        self.0.delete(id)
    }

    fn sync(&mut self) -> std::io::Result<()> {
        self.0.sync()
    }

    fn session(&self) -> Option<HistorySessionId> {
        self.0.session()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_secrets_are_private() {
        for line in [
            " ls",
            "./login token=abc",
            "./login user=a api_key=abc",
            "./login auth.password='x y'",
            r#"./login {"user": "a", "Secret" : "b"}"#,
            r#"./set name="credential\": x""#,
            "invoke login passphrase = x",
            &"x".repeat(MAX_KEPT_BYTES + 1),
        ] {
            assert!(is_private(line), "{line}");
        }
        for line in
            ["ls", "./tailLogs level=warn", "help password", "cd services/KeyStore", "é=1 ü: x"]
        {
            assert!(!is_private(line), "{line}");
        }
    }

    #[test]
    fn the_file_holds_what_is_not_private_and_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("shell_history");
        let (mut history, problem) = DiscreetHistory::open(Some(path.clone()));
        assert_eq!(problem, None);
        for line in ["ls", "./login token=abc", " cd", "pwd"] {
            history.save(HistoryItem::from_command_line(line)).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "ls\npwd\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        for number in 0..MAX_LINES + 10 {
            history.save(HistoryItem::from_command_line(format!("cd {number}"))).unwrap();
        }
        drop(history);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), MAX_LINES);
    }

    #[test]
    fn a_history_that_cannot_be_read_is_done_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        std::fs::write(&path, [0xff, 0xfe, b'\n']).unwrap();
        let (_, problem) = DiscreetHistory::open(Some(path));
        assert!(problem.is_some_and(|problem| problem.starts_with("no history: ")));
    }

    proptest::proptest! {
        #[test]
        fn no_line_panics(line in ".{0,40}[=:].{0,40}") {
            let _ = is_private(&line);
        }
    }
}
