//! The section of AGENTS.md that teaches the API.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The file that AI tools read first.
pub(super) const FILE: &str = "AGENTS.md";

/// Largest file that is looked at, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

const BEGIN: &str =
    "<!-- aster: begin. `aster init --ai` writes what is between the two marks. -->";
const END: &str = "<!-- aster: end -->";

/// How the marks are known, whatever version wrote them.
const BEGIN_MARK: &str = "<!-- aster: begin";
const END_MARK: &str = "<!-- aster: end";

const SECTION: &str = include_str!("templates/agents.md");

/// Writes the section into the file; says what that did.
pub(super) fn update(path: &Path) -> Result<&'static str, Failure> {
    let shown = path.display();
    let failed = |error: io::Error| Failure::runtime(format!("cannot write {shown}: {error}"));
    let old = read(path)?;
    let new = merge(old.as_deref().unwrap_or_default()).map_err(|reason| {
        Failure::usage(format!("{shown}: {reason}")).hint(format!(
            "put `{BEGIN_MARK} -->` before the section and `{END_MARK} -->` after it, or remove it"
        ))
    })?;
    match old {
        None => {
            let file = OpenOptions::new().write(true).create_new(true).open(path);
            file.and_then(|mut file| file.write_all(new.as_bytes())).map_err(failed)?;
            Ok("Wrote")
        }
        Some(old) if old == new => Ok("Nothing to change in"),
        Some(_) => {
            replace(path, &new).map_err(failed)?;
            Ok("Updated")
        }
    }
}

/// The text of the file, if there is one.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    let failed =
        |error: io::Error| Failure::usage(format!("cannot read {}: {error}", path.display()));
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        let shown = path.display();
        return Err(Failure::usage(format!("{shown} is larger than {MAX_FILE_BYTES} bytes")));
    }
    Ok(Some(text))
}

/// Replaces the file in one step; who may read it stays.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or_else(|| Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The text with the section in it: in place of the one between the marks, or
/// at the end.
fn merge(text: &str) -> Result<String, String> {
    let section = format!("{BEGIN}\n{SECTION}{END}\n");
    match (text.find(BEGIN_MARK), text.find(END_MARK)) {
        (None, None) if text.trim().is_empty() => Ok(section),
        (None, None) => Ok(format!("{}\n\n{section}", text.trim_end())),
        (Some(begin), Some(end)) if begin < end => {
            let after = text.get(end..).unwrap_or_default();
            let after = after.split_once('\n').map_or("", |(_, after)| after);
            Ok(format!("{}{section}{after}", text.get(..begin).unwrap_or_default()))
        }
        (Some(_), _) => Err("the section begins and does not end".to_owned()),
        (None, Some(_)) => Err("the section ends and does not begin".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_others_is_kept() {
        for text in ["", "\n", "# Mine\n", "# Mine"] {
            let once = merge(text).unwrap();
            assert!(once.starts_with(text.trim()), "{once}");
            assert!(once.contains("## Aster"), "{once}");
            assert_eq!(merge(&once).unwrap(), once);
        }
        let both =
            format!("# Mine\n\n{BEGIN_MARK} of before -->\nYesterday\n{END}\n\n# Also mine\n");
        let new = merge(&both).unwrap();
        assert!(
            new.starts_with("# Mine\n\n<!--") && new.ends_with("-->\n\n# Also mine\n"),
            "{new}"
        );
        assert!(!new.contains("Yesterday"), "{new}");
        assert_eq!(merge(&new).unwrap(), new);
    }

    #[test]
    fn half_a_section_is_told() {
        for text in [BEGIN, END, &format!("{END}\n{BEGIN}\n")] {
            assert!(merge(text).is_err(), "{text}");
        }
    }
}
