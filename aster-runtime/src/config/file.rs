//! The configuration file: TOML, every section and key known.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::error::ConfigError;
use super::input::{Input, Written, kind};
use super::keys::{KEYS, Key};
use super::limit_keys::{self, LIMITS};
use super::reference::REFERENCE_KEYS;
use super::source::Source;
use super::text::{excerpt, nearest};
use super::values::Values;
use crate::trust::FileError;

/// Largest configuration file, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = 256 * 1024;

/// Most mistakes of one file that are reported.
const MAX_MISTAKES: usize = 50;

/// A file that was read.
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) text: Zeroizing<String>,
    /// What is wrong if the file holds a secret, because others can read it.
    pub(super) exposed: Option<FileError>,
}

impl ConfigFile {
    /// Puts the values of the file in force; the mistakes are returned in the
    /// order of their lines.
    pub(super) fn apply(&self, values: &mut Values, home: Option<&Path>) -> Vec<ConfigError> {
        let (document, mistakes) = DeTable::parse_recoverable(&self.text);
        let mut errors: Vec<_> = mistakes
            .iter()
            .take(MAX_MISTAKES)
            .map(|mistake| {
                let line = self.line(mistake.span().map_or(0, |span| span.start));
                (line, self.mistake(line, mistake.message()))
            })
            .collect();
        if errors.is_empty() {
            for (name, value) in document.get_ref() {
                if errors.len() > MAX_MISTAKES {
                    break;
                }
                self.apply_section(name, value, values, home, &mut errors);
            }
        }
        errors.sort_by_key(|(line, _)| *line);
        errors.truncate(MAX_MISTAKES);
        errors.into_iter().map(|(_, error)| error).collect()
    }

    fn apply_section(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        values: &mut Values,
        home: Option<&Path>,
        errors: &mut Vec<(usize, ConfigError)>,
    ) {
        let line = self.line(name.span().start);
        let Some(section) = sections().find(|section| section == name.get_ref()) else {
            return errors.push((line, self.mistake(line, &unknown_section(name.get_ref()))));
        };
        let DeValue::Table(table) = value.get_ref() else {
            let found = kind(value.get_ref());
            let reason = format!("[{section}] is a section, found {found}");
            return errors.push((line, self.mistake(line, &reason)));
        };
        for (name, value) in table {
            if errors.len() > MAX_MISTAKES {
                return;
            }
            let line = self.line(name.span().start);
            if let Err(error) = self.apply_key(section, name.get_ref(), value, line, values, home) {
                errors.push((line, error));
            }
        }
    }

    fn apply_key(
        &self,
        section: &'static str,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        line: usize,
        values: &mut Values,
        home: Option<&Path>,
    ) -> Result<(), ConfigError> {
        let directory = self.path.parent().unwrap_or_else(|| Path::new(""));
        let written = Written::Toml { value: value.get_ref(), directory };
        let input = Input { written, home };
        let source = Source::File { path: self.path.clone(), section, line };
        let place = source.clone();
        let (key, result) = if let Some(key) =
            KEYS.iter().find(|key| key.section == section && key.name == name)
        {
            let result = self.check_exposure(key).and_then(|()| (key.set)(values, &input, source));
            (key.name, result)
        } else if section == limit_keys::SECTION
            && let Some(key) = LIMITS.iter().find(|key| key.name == name)
        {
            (key.name, key.set(values, &input, source))
        } else if let Some(key) =
            REFERENCE_KEYS.iter().find(|key| key.section == section && key.name == name)
        {
            (key.name, key.check(&input))
        } else {
            return Err(self.mistake(line, &unknown_key(section, name)));
        };
        result.map_err(|reason| ConfigError::Value { key, place, reason })
    }

    fn check_exposure(&self, key: &Key) -> Result<(), String> {
        match &self.exposed {
            Some(error) if key.secret => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    fn mistake(&self, line: usize, reason: &str) -> ConfigError {
        ConfigError::Content { path: self.path.clone(), line, reason: reason.to_owned() }
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|byte| **byte == b'\n').count()
    }
}

/// The names of all sections, in order.
fn sections() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    let sections = KEYS.iter().map(|key| key.section).filter(move |section| {
        let new = *section != last;
        last = section;
        new
    });
    sections.chain([limit_keys::SECTION])
}

/// Section and name of every key.
fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let limits = LIMITS.iter().map(|key| (limit_keys::SECTION, key.name));
    KEYS.iter().map(|key| (key.section, key.name)).chain(limits)
}

fn unknown_section(name: &str) -> String {
    let shown = excerpt(name);
    if let Some((section, _)) = names().find(|(_, key)| *key == name) {
        return format!("`{shown}` stands outside of its section; put it under [{section}]");
    }
    match nearest(name, sections()) {
        Some(section) => format!("there is no section [{shown}]; did you mean [{section}]?"),
        None => {
            let all: Vec<_> = sections().collect();
            format!("there is no section [{shown}]; the sections are {}", all.join(", "))
        }
    }
}

fn unknown_key(section: &str, name: &str) -> String {
    let shown = excerpt(name);
    if let Some((other, _)) = names().find(|(_, key)| *key == name) {
        return format!("[{section}] has no key `{shown}`; it belongs to [{other}]");
    }
    let here = names().filter(|(other, _)| *other == section).map(|(_, key)| key);
    match nearest(name, here) {
        Some(key) => format!("[{section}] has no key `{shown}`; did you mean `{key}`?"),
        None => {
            let here = names().filter(|(other, _)| *other == section);
            let all: Vec<_> = here.map(|(_, key)| key).collect();
            format!("[{section}] has no key `{shown}`; it has {}", all.join(", "))
        }
    }
}
