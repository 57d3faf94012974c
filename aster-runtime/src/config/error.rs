//! What is wrong with a configuration.

use std::fmt;
use std::path::PathBuf;

use super::source::Source;
use super::text::printable_path;

/// One mistake in a configuration. No text of it holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The configuration file cannot be read.
    #[error("the configuration file ({named_by}): {reason}")]
    File {
        /// What names the file.
        named_by: Source,
        /// What the system says.
        reason: String,
    },
    /// The file is not TOML, or has a section or key that does not exist.
    #[error("{} line {line}: {reason}", printable_path(path))]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong, and what was probably meant.
        reason: String,
    },
    /// A value that cannot be used.
    #[error("{key} ({place}): {reason}")]
    Value {
        /// The name of the setting.
        key: &'static str,
        /// Where the value stands.
        place: Source,
        /// What is wrong, and what to write.
        reason: String,
    },
    /// Two values that exclude each other.
    #[error("{0}")]
    Contradiction(String),
    /// Nothing says who may come in.
    #[error(
        "nothing says who may call this server: name the key of your root with root_pubkey or root_pubkey_file; for a server that everybody may call, set allow_all_consumers = true"
    )]
    NoGate,
}

/// All mistakes of a configuration, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// `Err` if there are any.
    pub(super) fn check(errors: Vec<ConfigError>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// The mistakes: the file's, the environment's, then contradictions.
    #[must_use]
    pub fn errors(&self) -> &[ConfigError] {
        &self.0
    }
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [error] = self.0.as_slice() {
            return write!(f, "configuration: {error}");
        }
        write!(f, "configuration: {} mistakes", self.0.len())?;
        self.0.iter().try_for_each(|error| write!(f, "\n  - {error}"))
    }
}

impl std::error::Error for ConfigErrors {}

/// Something that is no mistake, but probably not what was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigWarning {
    /// A variable that looks like one of ours.
    #[error(
        "{name} is no variable of this program and has no effect{}",
        nearest.map(|n| format!("; did you mean {n}?")).unwrap_or_default()
    )]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The one that was probably meant.
        nearest: Option<&'static str>,
    },
    /// An identity file in the current directory, which the reference would
    /// use.
    #[error(
        "./.aster-identity is not used, because nothing names it; to use it, set identity_file = \".aster-identity\" or ASTER_IDENTITY_FILE"
    )]
    UnusedIdentity,
    /// A relay that is not used.
    #[error("relay_url ({url}) has no effect, because relay_mode is disabled ({mode})")]
    UnusedRelay {
        /// What names the relay.
        url: Source,
        /// What disables it.
        mode: Source,
    },
}
