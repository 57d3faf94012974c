//! The root key that a command signs with. Nothing that does not sign names
//! this module.

use std::path::{Path, PathBuf};

use aster::trust::{RootKey, TrustFile};
use clap::Args;

use crate::failure::Failure;
use crate::files;
use crate::output::note;
use crate::profile::{ProfileName, Profiles, key_store};

/// The profile to use when the command line names none.
pub(crate) const PROFILE_VARIABLE: &str = "ASTER_PROFILE";

/// Which root key signs.
#[derive(Args, Clone, Debug)]
pub(crate) struct SigningKey {
    /// The file with the root key. Without it: the key of the profile, else
    /// ~/.aster/root.key.
    #[arg(long, value_name = "PATH")]
    root_key: Option<PathBuf>,
    /// The profile whose root key signs; without it ASTER_PROFILE, else the
    /// active one.
    #[arg(long, short, value_name = "NAME")]
    profile: Option<ProfileName>,
}

impl SigningKey {
    /// The key in this file.
    pub(crate) fn in_file(path: PathBuf) -> Self {
        Self { root_key: Some(path), profile: None }
    }

    /// Loads the key. A place that is named must have it: another key is
    /// never taken in its stead (trust.md 13, B14).
    pub(crate) fn load(&self) -> Result<RootKey, Failure> {
        match (&self.root_key, &self.profile) {
            (Some(path), None) => in_file(path),
            (Some(path), Some(name)) => {
                let key = in_file(path)?;
                let expected = Profiles::load()?.require(name)?.root_pubkey()?;
                match expected {
                    Some(expected) if expected != key.public_key() => Err(Failure::usage(format!(
                        "{} holds the root key {}, the profile {name} has {}",
                        path.display(),
                        key.public_key().short(),
                        expected.short()
                    ))
                    .hint("leave out --root-key or --profile")),
                    _ => Ok(key),
                }
            }
            (None, Some(name)) => of_profile(&Profiles::load()?, name),
            (None, None) => Self::usual(),
        }
    }

    /// What is used when nothing is named.
    fn usual() -> Result<RootKey, Failure> {
        let profiles = Profiles::load()?;
        if let Some(name) = std::env::var_os(PROFILE_VARIABLE).filter(|name| !name.is_empty()) {
            let name = name
                .to_string_lossy()
                .parse::<ProfileName>()
                .map_err(|error| Failure::usage(format!("{PROFILE_VARIABLE}: {error}")))?;
            return of_profile(&profiles, &name);
        }
        let active = profiles.active_name();
        if let Some(profile) = profiles.get(active)
            && profile.root_pubkey()?.is_some()
        {
            return of_profile(&profiles, &active.parse().map_err(Failure::usage)?);
        }
        let path = files::aster_folder()?.join("root.key");
        match RootKey::load(&path) {
            Err(error) if error.is_missing() => Err(Failure::usage("there is no root key").hint(
                "name its file with --root-key PATH, or make one with `aster trust keygen` or \
                     `aster profile create NAME`",
            )),
            Err(error) => Err(error.into()),
            Ok(key) => {
                note(&format!("Signing with {}", path.display()));
                Ok(key)
            }
        }
    }
}

fn in_file(path: &Path) -> Result<RootKey, Failure> {
    RootKey::load(path).map_err(|error| match TrustFile::load(path) {
        Ok((TrustFile::RootPublicKey(_), _)) => Failure::usage(format!(
            "{} holds the public half of a root key; only the private one signs",
            path.display()
        )),
        _ => error.into(),
    })
}

fn of_profile(profiles: &Profiles, name: &ProfileName) -> Result<RootKey, Failure> {
    let profile = profiles.require(name)?;
    let expected = profile.root_pubkey()?.ok_or_else(|| {
        Failure::usage(format!("the profile {name} has no root key"))
            .hint(format!("make one with `aster keygen root --profile {name}`"))
    })?;
    let found = key_store::find(name, &expected)?.ok_or_else(|| {
        Failure::usage(format!(
            "the private half of the root key {} of the profile {name} is not on this machine",
            expected.short()
        ))
        .hint("name its file with --root-key PATH")
    })?;
    note(&format!("Signing with the root key of the profile {name} ({})", found.place));
    Ok(found.key)
}
