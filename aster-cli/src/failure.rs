//! A failed command: what went wrong, what to do next, which exit code.

use std::process::ExitCode;

use aster::trust::FileError;
use aster::{Code, Status};

/// What kind of failure it is, as its exit code tells scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Nothing more to say: whoever read the output went away.
    Quiet = 0,
    /// Something failed that has no code of its own.
    Runtime = 1,
    /// The command line or a file is wrong.
    Usage = 2,
    /// The request is wrong.
    Invalid = 3,
    /// There is no such service, method or thing.
    NotFound = 4,
    /// Not admitted, or a capability is missing.
    Denied = 5,
    /// The server is not in the state that the call needs.
    State = 6,
    /// The deadline passed.
    Deadline = 7,
    /// The server cannot be reached.
    Unavailable = 8,
    /// A limit is used up.
    Exhausted = 9,
    /// The server failed.
    Server = 10,
    /// Ctrl+C, or the server cancelled the call.
    Interrupted = 130,
}

impl Exit {
    fn of(code: Code) -> Self {
        match code {
            Code::Ok => Self::Quiet,
            Code::InvalidArgument | Code::OutOfRange | Code::ContractViolation => Self::Invalid,
            Code::NotFound | Code::Unimplemented => Self::NotFound,
            Code::PermissionDenied | Code::Unauthenticated => Self::Denied,
            Code::FailedPrecondition | Code::AlreadyExists | Code::Aborted => Self::State,
            Code::DeadlineExceeded => Self::Deadline,
            Code::Unavailable => Self::Unavailable,
            Code::ResourceExhausted => Self::Exhausted,
            Code::Internal | Code::Unknown | Code::DataLoss => Self::Server,
            Code::Cancelled => Self::Interrupted,
            _ => Self::Runtime,
        }
    }
}

/// Reported on standard error.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit }
    }

    pub(crate) fn runtime(message: impl Into<String>) -> Self {
        Self::new(Exit::Runtime, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Exit::Invalid, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, message)
    }

    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new(Exit::Denied, message)
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Exit::Unavailable, message)
    }

    /// Ctrl+C.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted")
    }

    /// Output that could not be written. A reader that has seen enough, such
    /// as `head`, is no error.
    pub(crate) fn output(error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Quiet, "");
        }
        Self::runtime(format!("cannot write the output: {error}"))
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The message and the hint, for commands that report more than failures.
    pub(crate) fn into_parts(self) -> (String, Option<String>) {
        (self.message, self.hint)
    }

    /// The same, at a place.
    pub(crate) fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// What went wrong, without what to do; not yet safe for a terminal.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Message and hint, safe for a terminal; empty if there is nothing to say.
    pub(crate) fn text(&self) -> String {
        if self.exit == Exit::Quiet {
            return String::new();
        }
        let mut text = format!("Error: {}\n", printable(&self.message));
        if let Some(hint) = &self.hint {
            text.push_str(&format!("Hint: {}\n", printable(hint)));
        }
        text
    }

    /// Writes the message and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprint!("{}", self.text());
        ExitCode::from(self.exit as u8)
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let hint = match status.code() {
            Code::PermissionDenied => {
                Some("`aster shell` shows what each method requires, and whether you hold it")
            }
            Code::Unavailable => Some("check that the server runs and that the address is current"),
            Code::DeadlineExceeded => Some("give the call more time with --timeout"),
            _ => None,
        };
        let mut message = status.to_string();
        for (key, value) in status.details() {
            message.push_str(&format!("\n  {key}: {value}"));
        }
        let failure = Self::new(Exit::of(status.code()), message);
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
