//! Client code from contracts: types, typed methods, all four patterns and
//! sessions, for Rust, Python and TypeScript.
//!
//! `model` turns contracts into names and order, one emitter per language
//! writes text. The same contracts give the same bytes: nothing here knows an
//! address, a clock or a path. Names and documentation come from a stranger's
//! contract; `names` and `text` are the two ways by which they get into code.

mod check;
mod default;
mod model;
mod names;
mod prose;
mod python;
mod rust;
#[cfg(test)]
mod tests;
mod text;
mod typescript;

use std::fmt;
use std::path::PathBuf;

use aster::contract::Contract;

/// A language that code is made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// For the `aster` crate.
    Rust,
    /// For the package `aster-rpc` 0.1.2.
    Python,
    /// For the package `@aster-rpc/aster` 0.1.2.
    Typescript,
}

impl Language {
    /// The name in messages.
    fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Typescript => "TypeScript",
        }
    }

    /// The name on the command line.
    fn argument(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Typescript => "typescript",
        }
    }
}

/// What may be chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// The directory below the chosen one, which is also the name of the Rust
    /// module or Python package. Without it, the name of the service, or
    /// `clients` if there are several.
    pub(crate) package: Option<String>,
}

/// One file of generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GeneratedFile {
    /// Where it belongs: relative, below the package's directory, and made of
    /// lower-case ASCII letters, digits, `_`, `-` and one `.`.
    pub(crate) path: PathBuf,
    /// What is in it.
    pub(crate) text: String,
}

/// Why no code can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GenerateError {
    /// There is no contract to begin with.
    Nothing,
    /// The contract does not say what a type that it mentions looks like.
    Unknown { service: String, tag: String, user: String },
    /// Two parts of one thing have the same name.
    Duplicate { service: String, what: &'static str, name: String },
    /// Every value of the type holds another one.
    Endless { service: String, tag: String },
    /// The language, or the package that the code is for, cannot do it.
    Inexpressible { language: Language, service: String, what: String },
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is no contract to make code from"),
            Self::Unknown { service, tag, user } => write!(
                f,
                "the contract of {service:?} does not say what {tag:?} looks like, which {user} needs: manifests of aster-rpc 0.1.2 leave nested types out; take the contract from the running server, which publishes all types, or from a manifest written by `aster contract`"
            ),
            Self::Duplicate { service, what, name } => {
                write!(f, "the contract of {service:?} has two {what} called {name:?}")
            }
            Self::Endless { service, tag } => write!(
                f,
                "the contract of {service:?} is wrong: every {tag:?} holds another one without end"
            ),
            Self::Inexpressible { language, service, what } => {
                write!(f, "{service:?} has no client in {}: {what}", language.name())
            }
        }
    }
}

impl std::error::Error for GenerateError {}

/// Makes the client code of `contracts`.
///
/// The files do not depend on the order of the contracts. Types that several
/// services share are declared once.
///
/// # Errors
/// [`GenerateError`], which names the service and says what is missing or
/// impossible.
pub(crate) fn generate(
    contracts: &[Contract],
    language: Language,
    options: &Options,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    match language {
        Language::Rust => rust::files(contracts, options),
        Language::Python => python::files(contracts, options),
        Language::Typescript => typescript::files(contracts, options),
    }
}
