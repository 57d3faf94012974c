//! A failed command: what went wrong, what to do next, which exit code.

use std::process::ExitCode;

use aster::trust::FileError;
use aster::{Code, Status};

/// The network, the peer or the call failed.
const EXIT_RUNTIME: u8 = 1;

/// The command line or a file is wrong.
const EXIT_USAGE: u8 = 2;

/// Reported on standard error.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    exit: u8,
}

impl Failure {
    pub(crate) fn runtime(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit: EXIT_RUNTIME }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit: EXIT_USAGE }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The message and the hint, for commands that report more than failures.
    pub(crate) fn into_parts(self) -> (String, Option<String>) {
        (self.message, self.hint)
    }

    /// Writes the message and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        eprintln!("Error: {}", printable(&self.message));
        if let Some(hint) = &self.hint {
            eprintln!("Hint: {}", printable(hint));
        }
        ExitCode::from(self.exit)
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let hint = match status.code() {
            Code::PermissionDenied => Some("the method needs a capability that you do not hold"),
            Code::Unavailable => Some("check that the server runs and that the address is current"),
            Code::DeadlineExceeded => Some("give the call more time with --timeout"),
            Code::FailedPrecondition | Code::Unimplemented | Code::NotFound => None,
            _ => None,
        };
        let mut message = status.to_string();
        for (key, value) in status.details() {
            message.push_str(&format!("\n  {key}: {value}"));
        }
        let failure = Self::runtime(message);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::usage(error.to_string())
    }
}

/// What a server sent must not steer the terminal: control characters other
/// than line breaks are shown escaped.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let plain = !c.is_control() || c == '\n';
            let escaped = (!plain).then(|| c.escape_default());
            let kept = plain.then_some(c);
            escaped.into_iter().flatten().chain(kept)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a48_escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(printable("a\x1b[31mb\nc\u{9b}d\u{e9}"), "a\\u{1b}[31mb\nc\\u{9b}d\u{e9}");
    }
}
