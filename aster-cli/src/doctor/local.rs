//! What this machine, this user and this folder give a program.

use std::fs;
use std::path::Path;

use aster::ClientCredential;
use aster::config::Config;
use aster::trust::{IdentityFile, NodeRole, expiry};

use super::check::Check;
use crate::clock;
use crate::failure::Failure;
use crate::profile::Profiles;
use crate::signing_key::PROFILE_VARIABLE;

/// A credential that ends sooner is worth a warning.
const SOON_SECONDS: u64 = 3 * 24 * 3600;

/// Most entries of the folder that are looked at.
const MAX_ENTRIES: usize = 10_000;

/// Names of files that hold secrets: these, and those that end so.
const SECRET_NAMES: [&str; 1] = [".aster-identity"];
const SECRET_ENDINGS: [&str; 2] = [".cred", ".key"];

/// Where the settings come from.
pub(super) fn configuration(config: &Config) -> Option<Check> {
    let json = config.show_json();
    let sections = json.as_object()?.iter().filter(|(section, _)| *section != "effective");
    let settings = sections.flat_map(|(_, settings)| settings.as_object().into_iter().flatten());
    let set: Vec<_> = settings
        .filter_map(|(name, setting)| Some((name, setting.get("source")?.as_str()?)))
        .filter(|(_, source)| *source != "default")
        .map(|(name, source)| format!("{name} ({source})"))
        .collect();
    Some(Check::ok(
        "configuration",
        if set.is_empty() {
            "defaults: ASTER_CONFIG names no file, and no ASTER_* variable is set".to_owned()
        } else {
            set.join(", ")
        },
    ))
}

/// The key that this program would have.
pub(super) fn identity(config: &Config) -> Option<Check> {
    let name = "identity";
    Some(match config.identity_file() {
        Some(path) => match IdentityFile::load(path) {
            Ok(file) => match file.node() {
                Some(node) => Check::ok(name, format!("{} ({})", node.peer(), path.display())),
                None => Check::fail(
                    name,
                    format!("{} has no key", path.display()),
                    format!("`aster trust keygen node --out {}`", path.display()),
                ),
            },
            Err(error) if error.is_missing() => {
                Check::ok(name, format!("{} will be made when it is needed", path.display()))
            }
            Err(error) => Check::failed(name, error.into()),
        },
        None if config.has_identity() => match config.identity() {
            Ok(identity) => Check::ok(name, format!("{} (secret_key)", identity.peer())),
            Err(error) => Check::failed(name, Failure::usage(error.to_string())),
        },
        // A credential with its key is told below.
        None if config.enrollment_credential().is_some() => return None,
        None => Check::ok(name, "none is configured: each start has a new key"),
    })
}

/// The credential that a client here would present.
pub(super) fn credential(config: &Config, rcan: Option<&Path>) -> Option<Check> {
    let name = "credential";
    let in_identity = || {
        let path = config.identity_file()?;
        let file = IdentityFile::load(path).ok()?;
        file.with_role(NodeRole::Consumer).map(|_| path)
    };
    let Some(path) = rcan.or_else(|| config.enrollment_credential()).or_else(in_identity) else {
        return Some(Check::ok(name, "none: only servers with an open gate let this client in"));
    };
    let shown = path.display();
    let (credential, key) = match ClientCredential::load(path) {
        Ok(loaded) => loaded,
        Err(error) => {
            let failure = Failure::from(error);
            return Some(Check::failed(
                name,
                failure.hint(format!("`aster trust inspect {shown}` shows what it holds")),
            ));
        }
    };
    let (end, now) = (credential.expires_at(), clock::now());
    let key = key.map(|key| format!(", with the key {}", key.peer())).unwrap_or_default();
    let hint = "ask its issuer for a new one; `aster enroll node` makes it";
    Some(match end.saturating_sub(now) {
        0 => {
            let text = format!("{shown} expired {} ago: {credential}", expiry::span(now - end));
            Check::fail(name, text, hint)
        }
        left @ 1..SOON_SECONDS => {
            let text = format!("{shown} expires in {}: {credential}{key}", expiry::span(left));
            Check::warn(name, text, hint)
        }
        _ => Check::ok(name, format!("{shown}: {credential}{key}")),
    })
}

/// The files with secrets in this folder, and which of them others can read.
pub(super) fn secret_files() -> Vec<Check> {
    let name = "files";
    let entries = match fs::read_dir(".") {
        Ok(entries) => entries,
        Err(error) => {
            let text = format!("cannot read this folder: {error}");
            return vec![Check::warn(name, text, "go to another folder, or change its mode")];
        }
    };
    let names = entries.take(MAX_ENTRIES).flatten().map(|entry| entry.file_name());
    let mut secrets: Vec<String> = names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| {
            SECRET_NAMES.contains(&name.as_str())
                || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
        })
        .collect();
    secrets.sort();
    let (open, closed): (Vec<_>, Vec<_>) = secrets.into_iter().partition(|name| is_open(name));
    let mut checks = Vec::new();
    if !closed.is_empty() {
        checks.push(Check::ok(name, format!("{} (closed to others)", closed.join(", "))));
    }
    checks.extend(open.into_iter().map(|file| {
        let hint = format!("`chmod 600 {file}`; if others may have read it, make another key");
        Check::warn(name, format!("others can read {file}, which holds a secret"), hint)
    }));
    checks
}

/// Whether others than its owner can read a file.
#[cfg(unix)]
fn is_open(name: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(name).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &str) -> bool {
    false
}

/// The root that this user works with.
pub(super) fn profile() -> Option<Check> {
    let name = "profile";
    let profiles = match Profiles::load() {
        Ok(profiles) => profiles,
        Err(failure) => return Some(Check::failed(name, failure)),
    };
    let named = std::env::var(PROFILE_VARIABLE).ok().filter(|value| !value.is_empty());
    let active = named.as_deref().unwrap_or_else(|| profiles.active_name());
    let names = profiles.names().join(", ");
    Some(match (profiles.get(active), &named) {
        (None, Some(_)) => {
            let text = format!("{PROFILE_VARIABLE} names {active}, which is not there");
            let all = if names.is_empty() { "none".to_owned() } else { names };
            Check::fail(name, text, format!("there are: {all}; or `aster profile create {active}`"))
        }
        (None, None) => Check::ok(name, "none; only who signs credentials needs one"),
        (Some(profile), _) => match profile.root_pubkey() {
            Ok(Some(root)) => Check::ok(name, format!("{active}, root {root}")),
            Ok(None) => Check::warn(
                name,
                format!("{active} has no root key"),
                format!("`aster trust keygen root --profile {active}` makes one"),
            ),
            Err(failure) => Check::failed(name, failure),
        },
    })
}
