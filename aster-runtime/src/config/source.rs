//! Where a value comes from.

use std::fmt;
use std::path::PathBuf;

use super::text::printable_path;

/// Where a value comes from: what to change to change it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// Nothing else names a value.
    Default,
    /// The configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// Its section, without brackets.
        section: &'static str,
        /// The line, counted from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(&'static str),
    /// The program itself.
    Code,
    /// A credential in the identity file.
    Identity {
        /// The identity file.
        path: PathBuf,
        /// What names the identity file.
        named_by: Box<Self>,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, section, line } => {
                write!(f, "file {} [{section}] line {line}", printable_path(path))
            }
            Self::Variable(name) => f.write_str(name),
            Self::Code => f.write_str("code"),
            Self::Identity { path, named_by } => {
                write!(f, "identity file {}, named by {named_by}", printable_path(path))
            }
        }
    }
}

/// A value and where it comes from.
#[derive(Clone)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) source: Source,
}

impl<T> Setting<T> {
    pub(super) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    pub(super) fn default(value: T) -> Self {
        Self::new(value, Source::Default)
    }
}
