//! The files of a new crate.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::crate_name::CrateName;
use super::dependency::Dependency;
use crate::failure::Failure;

/// Where each file goes, and its text. The manifest of contracts is that of
/// the service in `lib.rs`.
const FILES: [(&str, &str); 7] = [
    ("Cargo.toml", include_str!("templates/manifest.toml")),
    ("src/lib.rs", include_str!("templates/lib.rs")),
    ("src/main.rs", include_str!("templates/main.rs")),
    ("tests/greeter.rs", include_str!("templates/test.rs")),
    (".aster/manifest.json", include_str!("templates/contracts.json")),
    (".github/workflows/ci.yml", include_str!("templates/ci.yml")),
    (".gitignore", include_str!("templates/gitignore")),
];

/// A crate that is about to be.
pub(super) struct Scaffold<'a> {
    pub(super) folder: &'a Path,
    pub(super) name: &'a CrateName,
    pub(super) dependency: &'a Dependency,
}

impl Scaffold<'_> {
    /// Writes all files into a folder that is new or empty; gives their paths.
    pub(super) fn write(&self) -> Result<Vec<PathBuf>, Failure> {
        let shown = self.folder.display();
        let is_empty = match fs::read_dir(self.folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(Failure::usage(format!("cannot read {shown}: {error}"))),
        };
        if !is_empty {
            return Err(Failure::usage(format!("{shown} is there already and is not empty"))
                .hint("take another name; in a crate that exists, `aster init --ai` writes AGENTS.md alone"));
        }
        FILES.iter().map(|(path, template)| self.write_file(path, template)).collect()
    }

    fn write_file(&self, path: &str, template: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(path);
        let failed = |error: std::io::Error| {
            Failure::runtime(format!("cannot write {}: {error}", path.display()))
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // What came into being meanwhile is kept as well.
        let mut file =
            OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed)?;
        file.write_all(self.fill(template).as_bytes()).map_err(failed)?;
        Ok(path)
    }

    /// The text of a template for this crate.
    fn fill(&self, template: &str) -> String {
        template
            .replace("CRATE_NAME", &self.name.to_string())
            .replace("CRATE_MODULE", &self.name.module())
            .replace("ASTER_DEPENDENCY", &self.dependency.to_string())
            .replace("ASTER_VERSION", env!("CARGO_PKG_VERSION"))
    }
}
