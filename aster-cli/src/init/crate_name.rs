//! Names that Cargo takes.

use std::fmt;
use std::path::Path;

use crate::failure::Failure;

/// Longest name, in bytes: what leaves lines of the templates at 100 columns.
const MAX_NAME_BYTES: usize = 60;

/// Words of the language, and crates that the new one depends on.
const RESERVED: [&str; 62] = [
    "abstract",
    "alloc",
    "as",
    "aster",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "futures",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "tokio",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "build",
    "deps",
];

/// The name of a crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CrateName(String);

impl CrateName {
    /// The name of the crate in this folder.
    pub(super) fn of_folder(folder: &Path) -> Result<Self, Failure> {
        let name = folder.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
            Failure::usage(format!("{} does not end in a name", folder.display()))
                .hint("name the folder to make, for example `aster init fleet-agent`")
        })?;
        match Self::parse(name) {
            Ok(name) => Ok(name),
            Err(reason) => {
                Err(Failure::usage(format!("{name:?} is no name for a crate: {reason}"))
                    .hint("take lower-case letters, digits, - and _, for example fleet-agent"))
            }
        }
    }

    fn parse(name: &str) -> Result<Self, &'static str> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            Err("it does not start with a lower-case letter")
        } else if !name.chars().all(is_plain) {
            Err("it has other characters than lower-case letters, digits, - and _")
        } else if name.len() > MAX_NAME_BYTES {
            Err("it is longer than 60 characters")
        } else if RESERVED.contains(&name.replace('-', "_").as_str()) {
            Err("it is a word of Rust, or a crate that the new one depends on")
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// As `use` has it.
    pub(super) fn module(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl fmt::Display for CrateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_takes() {
        for name in ["a", "fleet-agent", "fleet_2"] {
            assert!(CrateName::parse(name).is_ok(), "{name}");
        }
        let long = "a".repeat(61);
        for name in ["", "2a", "A", "-a", "a b", "a.b", "é", "fn", "proc-macro", "aster", &long] {
            assert!(CrateName::parse(name).is_err(), "{name}");
        }
        assert_eq!(CrateName::parse("a-b_c").unwrap().module(), "a_b_c");
    }
}
