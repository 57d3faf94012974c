//! Contracts as a file: `.aster/manifest.json`.
//!
//! The file has the reference's shape (contract.md 5.1), which describes the
//! direct request and response types only. What is missing there stands where
//! the reference's readers do not look, inside method objects: every method
//! also has its `description` and what it `requires`, and the first method has
//! an object `contract` with the service's `description`, what it `requires`,
//! and all its `types`, each complete.

mod check;
mod extension;
mod fields;
mod file;
mod json;
mod legacy;
mod literal;
mod node;
mod objects;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use super::MAX_MANIFEST_BYTES;

pub use check::ContractMismatch;
pub(crate) use check::{CheckError, check_file};
pub use file::{ManifestFileError, load};
pub use read::read;
pub use write::{Release, write, write_with};

/// Where a service keeps its manifest, from the directory of its project.
pub const MANIFEST_PATH: &str = ".aster/manifest.json";

/// The version of the field descriptions, `v`.
const FIELD_VERSION: i32 = 1;

/// The rules by which ids are made, `canonical_encoding`.
const CANONICAL_ENCODING: &str = "fory-xlang/0.15";

/// # Errors
/// If the text is longer than [`MAX_MANIFEST_BYTES`].
pub(super) fn check_size(text: &[u8]) -> Result<(), ManifestError> {
    if text.len() > MAX_MANIFEST_BYTES {
        return Err(ManifestError::whole(format!("more than {MAX_MANIFEST_BYTES} bytes")));
    }
    Ok(())
}

/// A text that is no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    line: usize,
    column: usize,
    path: String,
    problem: String,
}

impl ManifestError {
    /// The line of the mistake, counted from 1; 0 if it has no place.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column of the mistake in characters, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// The way from the whole manifest to the mistake, as in
    /// `methods[2].fields[0].kind`; empty if it is not within a value.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// A problem of the whole text.
    pub(super) fn whole(problem: impl Into<String>) -> Self {
        Self { line: 0, column: 0, path: String::new(), problem: problem.into() }
    }

    fn new(text: &str, fault: &node::Fault) -> Self {
        let (line, column) = json::locate(text, &fault.steps);
        let mut path = String::new();
        for step in &fault.steps {
            match step {
                json::Step::Key(key) if path.is_empty() => path.push_str(key),
                json::Step::Key(key) => path.extend([".", key]),
                json::Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        Self { line, column, path, problem: fault.problem.clone() }
    }

    pub(super) fn json(error: serde_json::Error) -> Self {
        let text = error.to_string();
        let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
        Self {
            line: error.line(),
            column: error.column(),
            path: String::new(),
            problem: problem.to_owned(),
        }
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for ManifestError {}
