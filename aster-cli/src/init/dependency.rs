//! Where a new crate has `aster` from.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::failure::Failure;

/// The value of `aster` in `[dependencies]`.
#[derive(Debug)]
pub(super) enum Dependency {
    /// The published crate of this program's version.
    Published,
    /// A folder.
    Folder(PathBuf),
}

impl Dependency {
    pub(super) fn new(folder: Option<&Path>) -> Result<Self, Failure> {
        let Some(folder) = folder else { return Ok(Self::Published) };
        let manifest = folder.join("Cargo.toml");
        let hint = "name the folder `aster` of the sources";
        let text = fs::read_to_string(&manifest).map_err(|error| {
            Failure::usage(format!("cannot read {}: {error}", manifest.display())).hint(hint)
        })?;
        let name = text.parse::<Table>().ok();
        let name = name.as_ref().and_then(|table| table.get("package")?.get("name")?.as_str());
        if name != Some("aster") {
            return Err(
                Failure::usage(format!("{} is not the crate aster", folder.display())).hint(hint)
            );
        }
        let folder = fs::canonicalize(folder).map_err(|error| {
            Failure::usage(format!("cannot find {}: {error}", folder.display()))
        })?;
        Ok(Self::Folder(folder))
    }
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published => write!(f, "\"{}\"", env!("CARGO_PKG_VERSION")),
            Self::Folder(path) => {
                let path = Value::String(path.to_string_lossy().into_owned());
                write!(f, "{{ path = {path} }}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_toml() {
        let folder = Dependency::Folder(PathBuf::from("/a \"b\"\\c"));
        for dependency in [Dependency::Published, folder] {
            let line = format!("aster = {dependency}");
            assert!(line.parse::<Table>().is_ok(), "{line}");
        }
    }
}
