//! The environment: `ASTER_*` variables.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::error::{ConfigError, ConfigWarning};
use super::input::{Input, Reason, Written};
use super::keys::KEYS;
use super::limit_keys::{self, LIMITS};
use super::reference::REFERENCE_KEYS;
use super::source::Source;
use super::text::{excerpt, nearest};
use super::values::Values;

const PREFIX: &str = "ASTER_";

/// Names the configuration file.
pub(super) const FILE_VARIABLE: &str = "ASTER_CONFIG";

/// Variables that other parts of Aster for Rust read.
const ELSEWHERE: &[&str] =
    &[FILE_VARIABLE, "ASTER_PROFILE", "ASTER_CONTRACT_DRIFT", "ASTER_CONTRACT_EXPORT"];

/// Most unknown variables that are named.
const MAX_WARNINGS: usize = 20;

/// The variables of a process and the home directory of its user.
#[derive(Clone, Default)]
pub(super) struct Environment {
    /// `None` is a value that is not UTF-8.
    variables: BTreeMap<String, Option<String>>,
    pub(super) home: Option<PathBuf>,
}

impl Environment {
    /// Those of this process.
    pub(super) fn of_process() -> Self {
        let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        Self::new(std::env::vars_os(), home)
    }

    pub(super) fn new(
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        home: Option<PathBuf>,
    ) -> Self {
        let relevant = |name: &str| {
            name.starts_with(PREFIX) || KEYS.iter().any(|k| k.variables.contains(&name))
        };
        let variables = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| relevant(name))
            .map(|(name, value)| (name, value.into_string().ok()))
            .collect();
        Self { variables, home }
    }

    /// The value without the spaces around it. `None` if the variable is not
    /// set.
    fn get(&self, name: &str) -> Option<Result<&str, Reason>> {
        let value = self.variables.get(name)?;
        Some(value.as_deref().map(str::trim).ok_or_else(|| "the value is not UTF-8".to_owned()))
    }

    /// The configuration file that a variable names.
    pub(super) fn file(&self) -> Result<Option<PathBuf>, ConfigError> {
        let path = self.get(FILE_VARIABLE).map(|text| {
            let written = Written::Variable(text?);
            Input { written, home: self.home.as_deref() }.path()
        });
        path.transpose().map_err(|reason| ConfigError::File {
            named_by: Source::Variable(FILE_VARIABLE),
            reason,
        })
    }

    /// Puts the values of the variables in force.
    pub(super) fn apply(&self, values: &mut Values) -> Vec<ConfigError> {
        self.apply_where(|_| true, values)
    }

    /// The same for the variables of one section.
    pub(super) fn apply_section(&self, section: &str, values: &mut Values) -> Vec<ConfigError> {
        self.apply_where(|other| other == section, values)
    }

    fn apply_where(&self, wanted: impl Fn(&str) -> bool, values: &mut Values) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        for key in KEYS.iter().filter(|key| wanted(key.section)) {
            errors.extend(self.check_same(key.name, key.variables).err());
            // The documented variable last, so that it is the one that is shown.
            for variable in key.variables.iter().rev() {
                errors.extend(
                    self.read(key.name, variable, |input, source| (key.set)(values, input, source)),
                );
            }
        }
        for key in LIMITS.iter().filter(|_| wanted(limit_keys::SECTION)) {
            errors.extend(
                self.read(key.name, key.variable, |input, source| key.set(values, input, source)),
            );
        }
        for key in REFERENCE_KEYS.iter().filter(|key| wanted(key.section)) {
            errors.extend(self.read(key.name, key.variable, |input, _| key.check(input)));
        }
        errors
    }

    fn read(
        &self,
        key: &'static str,
        variable: &'static str,
        set: impl FnOnce(&Input<'_>, Source) -> Result<(), Reason>,
    ) -> Option<ConfigError> {
        let source = Source::Variable(variable);
        let result = self.get(variable)?.and_then(|text| {
            let written = Written::Variable(text);
            set(&Input { written, home: self.home.as_deref() }, source.clone())
        });
        result.err().map(|reason| ConfigError::Value { key, place: source, reason })
    }

    /// Two names of one setting must not say different things.
    fn check_same(
        &self,
        key: &'static str,
        variables: &'static [&'static str],
    ) -> Result<(), ConfigError> {
        let value = |name: &str| self.get(name)?.ok().filter(|value| !value.is_empty());
        let mut set = variables.iter().filter_map(|name| Some((name, value(name)?)));
        let Some((first, value)) = set.next() else { return Ok(()) };
        match set.find(|(_, other)| *other != value) {
            None => Ok(()),
            Some((other, _)) => Err(ConfigError::Contradiction(format!(
                "{key}: {first} and {other} are set to different values; unset one of the two"
            ))),
        }
    }

    /// Variables that look like ours and are not. No mistake, because other
    /// programs may read them.
    pub(super) fn warnings(&self) -> Vec<ConfigWarning> {
        let known = || {
            let keys = KEYS.iter().flat_map(|key| key.variables.iter().copied());
            keys.chain(LIMITS.iter().map(|key| key.variable))
        };
        let reference = |name: &str| REFERENCE_KEYS.iter().any(|key| key.variable == name);
        let unknown = self.variables.keys().filter(|name| {
            let name = name.as_str();
            !known().chain(ELSEWHERE.iter().copied()).any(|k| k == name) && !reference(name)
        });
        let warning = |name: &String| {
            let bare = name.strip_prefix(PREFIX).unwrap_or(name);
            let near = nearest(bare, known().filter_map(|name| name.strip_prefix(PREFIX)));
            let nearest = known().find(|name| near.is_some() && name.strip_prefix(PREFIX) == near);
            ConfigWarning::UnknownVariable { name: excerpt(name), nearest }
        };
        unknown.take(MAX_WARNINGS).map(warning).collect()
    }
}
