//! `aster profile create`, and a root key for a profile that has none.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::trust::{RootKey, RootPublicKey};
use clap::Args;
use serde_json::json;

use super::key_store::{self, Place};
use super::profile_name::ProfileName;
use super::profiles::Profiles;
use crate::failure::Failure;
use crate::output::{Output, Report};
use crate::root_pub;

/// Make a profile.
#[derive(Args, Debug)]
pub(super) struct Create {
    /// Its name: letters, digits, - and _.
    name: ProfileName,
    /// Use the root key in this file instead of a new one; the file stays.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["root_pub", "no_key"])]
    root_key: Option<PathBuf>,
    /// Only the public half: a profile that cannot sign. A file, or 64 hex
    /// characters.
    #[arg(long, value_name = "PATH|HEX", conflicts_with = "no_key")]
    root_pub: Option<String>,
    /// No key at all.
    #[arg(long)]
    no_key: bool,
    /// Keep the key in a file below ~/.aster/profiles, also where there is a
    /// keyring.
    #[arg(long)]
    no_keyring: bool,
    #[command(flatten)]
    output: Output,
}

impl Create {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Self { name, output, .. } = &self;
        let mut profiles = Profiles::load()?;
        if profiles.get(name.as_str()).is_some() {
            return Err(Failure::usage(format!("the profile {name} exists already"))
                .hint(format!("aster profile show {name}")));
        }
        let (root, place) = if let Some(source) = &self.root_pub {
            (Some(root_pub::read(source)?), None)
        } else if self.no_key {
            (None, None)
        } else {
            let given = self.root_key.as_ref().map(RootKey::load).transpose()?;
            let (root, place) = NewKey { given, use_keyring: !self.no_keyring }.keep(name)?;
            (Some(root), Some(place))
        };
        profiles.add(name, root.as_ref());
        profiles.save()?;
        let active = profiles.active_name() == name.as_str();
        output.print(&report(name, root.as_ref(), place.as_ref(), active))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes a root key for a profile: `aster keygen root --profile NAME`. A
/// profile that is not there yet is made; one that has a key keeps it.
pub(crate) fn give_key(name: &ProfileName, output: Output) -> Result<ExitCode, Failure> {
    let mut profiles = Profiles::load()?;
    let there = profiles.get(name.as_str());
    if let Some(root) =
        there.as_ref().map(super::profiles::Profile::root_pubkey).transpose()?.flatten()
    {
        return Err(Failure::usage(format!(
            "the profile {name} has the root key {} already, and nothing is overwritten",
            root.short()
        ))
        .hint("make another profile: `aster profile create NAME`"));
    }
    let is_new = there.is_none();
    let (root, place) = NewKey { given: None, use_keyring: true }.keep(name)?;
    match is_new {
        true => profiles.add(name, Some(&root)),
        false => profiles.set_root(name, &root),
    }
    profiles.save()?;
    let active = profiles.active_name() == name.as_str();
    output.print(&report(name, Some(&root), Some(&place), active))?;
    Ok(ExitCode::SUCCESS)
}

/// The key that a profile gets.
struct NewKey {
    given: Option<RootKey>,
    use_keyring: bool,
}

impl NewKey {
    /// Puts the key where profiles have theirs. A key that is there under this
    /// name, of a profile that was deleted, is used and never replaced
    /// (trust.md 13, B19).
    fn keep(self, name: &ProfileName) -> Result<(RootPublicKey, Place), Failure> {
        let wanted = self.given.as_ref().map(RootKey::public_key);
        let mut left = key_store::left(name)?.into_iter();
        if let Some(found) = left.next() {
            let root = found.key.public_key();
            let same = left.all(|other| other.key.public_key() == root);
            if !same || wanted.is_some_and(|wanted| wanted != root) {
                return Err(Failure::usage(format!(
                    "the root key {} of an earlier profile {name} is still in {}, and nothing \
                     is overwritten",
                    root.short(),
                    found.place
                ))
                .hint("choose another name"));
            }
            return Ok((root, found.place));
        }
        let key = self.given.unwrap_or_else(RootKey::generate);
        let place = key_store::keep(name, &key, self.use_keyring)?;
        Ok((key.public_key(), place))
    }
}

fn report(
    name: &ProfileName,
    root: Option<&RootPublicKey>,
    place: Option<&Place>,
    active: bool,
) -> Report {
    let root = root.map(ToString::to_string);
    let place = place.map(ToString::to_string);
    let mut text = format!("Profile {name}\n");
    text.push_str(&format!("  Root public key: {}\n", root.as_deref().unwrap_or("none")));
    if let Some(place) = &place {
        text.push_str(&format!("  Root key:        {place}\n"));
        text.push_str("  Keep a copy of the root key: who loses it can sign nothing any more.\n");
    }
    if active {
        text.push_str("  It is the active profile.\n");
    }
    Report {
        text,
        line: format!("{name} {}", root.as_deref().unwrap_or("-")),
        json: json!({ "name": name.as_str(), "root_pubkey": root, "root_key": place, "active": active }),
    }
}
