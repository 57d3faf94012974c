//! `~/.aster/config.toml`: the profiles of an operator, in the form of the
//! reference (trust.md 8).

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use aster::trust::RootPublicKey;
use toml::{Table, Value};

use super::profile_name::ProfileName;
use crate::failure::Failure;
use crate::files;

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The profile that the reference takes for active when the file names none.
const DEFAULT_PROFILE: &str = "default";

const ACTIVE: &str = "active_profile";
const PROFILES: &str = "profiles";
const ROOT_PUBKEY: &str = "root_pubkey";

/// The fields that the reference expects in each profile.
const PROFILE_FIELDS: [(&str, &str); 6] = [
    ("handle", ""),
    ("handle_status", "unregistered"),
    ("handle_claimed_at", ""),
    ("email", ""),
    ("signer", "local"),
    ("published_services", ""),
];

/// The content of the file. Whatever else it holds is kept when it is written
/// again; comments are not.
pub(crate) struct Profiles {
    path: PathBuf,
    table: Table,
}

/// One profile of it.
pub(crate) struct Profile<'a> {
    name: &'a str,
    table: &'a Table,
}

impl Profiles {
    /// Reads the file; where there is none, there are no profiles yet.
    pub(crate) fn load() -> Result<Self, Failure> {
        let path = files::aster_folder()?.join("config.toml");
        let failed = |error| Failure::usage(format!("cannot read {}: {error}", path.display()));
        let mut text = String::new();
        match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
            Ok(file) => {
                file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
            }
        }
        // A part of it must not be written back.
        if text.len() as u64 > MAX_FILE_BYTES {
            let shown = path.display();
            return Err(Failure::usage(format!("{shown} is larger than {MAX_FILE_BYTES} bytes")));
        }
        Self::parse(&text)
            .map(|table| Self { path: path.clone(), table })
            .map_err(|reason| Failure::usage(format!("{}: {reason}", path.display())))
    }

    fn parse(text: &str) -> Result<Table, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let end = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(end).filter(|byte| *byte == b'\n').count() + 1;
            format!("line {line} is not TOML: {}", error.message())
        })?;
        let is_text = table.get(ACTIVE).is_none_or(Value::is_str);
        let profiles = table.get(PROFILES).map(|profiles| {
            profiles.as_table().is_some_and(|all| all.iter().all(|(_, one)| one.is_table()))
        });
        if is_text && profiles != Some(false) {
            Ok(table)
        } else {
            Err(format!("{ACTIVE} is a text, and {PROFILES} a table of tables"))
        }
    }

    /// Writes the file, readable by its owner only.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        files::replace(&self.path, &self.to_toml()?)
    }

    fn to_toml(&self) -> Result<String, Failure> {
        let failed = |error| Failure::runtime(format!("cannot write the profiles: {error}"));
        // Values first: after a table they would belong to it.
        let (mut tables, mut values): (Table, Table) =
            self.table.clone().into_iter().partition(|(_, value)| value.is_table());
        values.entry(ACTIVE).or_insert_with(|| Value::String(DEFAULT_PROFILE.into()));
        if !tables.contains_key("aster_service") {
            let mut service = Table::new();
            service.insert("enabled".into(), true.into());
            service.insert("node_id".into(), "".into());
            service.insert("relay".into(), "".into());
            service.insert("offline_banner".into(), true.into());
            tables.insert("aster_service".into(), service.into());
        }
        let (values, tables) = (toml::to_string(&values), toml::to_string(&tables));
        Ok(format!("{}\n{}", values.map_err(failed)?, tables.map_err(failed)?))
    }

    /// The name of the active profile, which need not exist.
    pub(crate) fn active_name(&self) -> &str {
        self.table.get(ACTIVE).and_then(Value::as_str).unwrap_or(DEFAULT_PROFILE)
    }

    /// All names, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> =
            self.all().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn get(&self, name: &str) -> Option<Profile<'_>> {
        let (name, table) = self.all()?.get_key_value(name)?;
        Some(Profile { name, table: table.as_table()? })
    }

    /// The profile of this name, or an error that lists those that exist.
    pub(crate) fn require(&self, name: &ProfileName) -> Result<Profile<'_>, Failure> {
        self.get(name.as_str()).ok_or_else(|| {
            let names = self.names().join(", ");
            Failure::usage(format!("there is no profile {name}")).hint(if names.is_empty() {
                format!("make it with `aster profile create {name}`")
            } else {
                format!("there are: {names}")
            })
        })
    }

    fn all(&self) -> Option<&Table> {
        self.table.get(PROFILES)?.as_table()
    }

    fn all_mut(&mut self) -> Option<&mut Table> {
        self.table.entry(PROFILES).or_insert_with(|| Table::new().into()).as_table_mut()
    }

    /// Adds a profile; the first one becomes the active one.
    pub(crate) fn add(&mut self, name: &ProfileName, root: Option<&RootPublicKey>) {
        let mut profile = Table::new();
        for (field, value) in PROFILE_FIELDS {
            profile.insert(field.into(), value.into());
        }
        if let Some(root) = root {
            profile.insert(ROOT_PUBKEY.into(), root.to_string().into());
        }
        if let Some(all) = self.all_mut() {
            all.insert(name.to_string(), profile.into());
        }
        if self.names().len() == 1 {
            self.activate(name.as_str());
        }
    }

    /// Gives a profile its root.
    pub(crate) fn set_root(&mut self, name: &ProfileName, root: &RootPublicKey) {
        let profile = self.all_mut().and_then(|all| all.get_mut(name.as_str())?.as_table_mut());
        if let Some(profile) = profile {
            profile.insert(ROOT_PUBKEY.into(), root.to_string().into());
        }
    }

    pub(crate) fn activate(&mut self, name: &str) {
        self.table.insert(ACTIVE.into(), name.into());
    }

    /// Removes a profile; if it was the active one, the first of the others
    /// becomes that.
    pub(crate) fn remove(&mut self, name: &ProfileName) {
        if let Some(all) = self.all_mut() {
            all.remove(name.as_str());
        }
        if self.active_name() == name.as_str() {
            let next = self.names().first().copied().unwrap_or(DEFAULT_PROFILE).to_owned();
            self.activate(&next);
        }
    }
}

impl Profile<'_> {
    /// The root that the profile stands for.
    pub(crate) fn root_pubkey(&self) -> Result<Option<RootPublicKey>, Failure> {
        match self.table.get(ROOT_PUBKEY) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(value) => {
                value.as_str().and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| {
                    Failure::usage(format!("{ROOT_PUBKEY} of the profile {} is damaged", self.name))
                        .hint("it is in ~/.aster/config.toml: 64 lower-case hex characters")
                })
            }
        }
    }

    /// The other fields that are not empty.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, String)> {
        self.table.iter().filter(|(field, _)| *field != ROOT_PUBKEY).filter_map(|(field, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (!text.is_empty()).then_some((field.as_str(), text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(text: &str) -> Profiles {
        Profiles { path: PathBuf::new(), table: Profiles::parse(text).unwrap() }
    }

    fn name(text: &str) -> ProfileName {
        text.parse().unwrap()
    }

    #[test]
    fn what_the_reference_wrote_is_kept() {
        let text = "active_profile = \"prod\"\n\n[aster_service]\nenabled = false\n\n\
                    [profiles.prod]\nhandle = \"me\"\nmore = 1\n";
        let mut all = profiles(text);
        all.add(&name("dev"), None);
        assert_eq!((all.active_name(), all.names()), ("prod", vec!["dev", "prod"]));
        let again = profiles(&all.to_toml().unwrap());
        assert_eq!(again.table, all.table);
        let prod = again.get("prod").unwrap();
        let fields: Vec<_> = prod.fields().collect();
        assert_eq!(fields.len(), 2);
        assert_eq!(again.table.get("aster_service").unwrap().get("enabled"), Some(&false.into()));
    }

    #[test]
    fn the_active_profile_always_exists_if_any_does() {
        let mut all = profiles("");
        assert_eq!(all.active_name(), "default");
        assert!(all.get("default").is_none());
        all.add(&name("b"), None);
        assert_eq!(all.active_name(), "b");
        all.add(&name("a"), None);
        assert_eq!(all.active_name(), "b");
        all.remove(&name("b"));
        assert_eq!(all.active_name(), "a");
        all.remove(&name("a"));
        assert_eq!(all.active_name(), "default");
    }

    #[test]
    fn a_damaged_file_is_told_and_not_replaced() {
        let error = Profiles::parse("active_profile = \"a\"\n[profiles.a b]\n").unwrap_err();
        assert!(error.starts_with("line 2 is not TOML"), "{error}");
        for text in ["active_profile = 1", "profiles = 1", "[profiles]\na = 1"] {
            assert!(Profiles::parse(text).is_err(), "{text}");
        }
        let all = profiles("[profiles.a]\nroot_pubkey = \"00\"\n[profiles.b]\nroot_pubkey = \"\"");
        assert!(all.get("a").unwrap().root_pubkey().is_err());
        assert!(matches!(all.get("b").unwrap().root_pubkey(), Ok(None)));
    }
}
