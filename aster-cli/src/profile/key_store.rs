//! Where the private root keys of profiles are: in the keyring of the system,
//! or in a file below `~/.aster` on machines that have none.

use std::fmt;
use std::path::PathBuf;

use aster::trust::{RootKey, RootPublicKey};

use super::keyring::{self, KeyringError};
use super::profile_name::ProfileName;
use crate::failure::Failure;
use crate::files;
use crate::output::note;

/// Where a key is.
pub(crate) enum Place {
    Keyring,
    File(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("the keyring of the system"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// A private root key and where it was found.
pub(crate) struct StoredKey {
    pub(crate) key: RootKey,
    pub(crate) place: Place,
}

/// The file of a profile's key: `~/.aster/profiles/NAME/root.key`.
fn file(name: &ProfileName) -> Result<PathBuf, Failure> {
    Ok(files::aster_folder()?.join("profiles").join(name.as_str()).join("root.key"))
}

/// The key of a profile with this public half.
pub(crate) fn find(
    name: &ProfileName,
    public: &RootPublicKey,
) -> Result<Option<StoredKey>, Failure> {
    Ok(left(name)?.into_iter().find(|stored| stored.key.public_key() == *public))
}

/// Whatever keys are kept under this name; the file's comes first.
pub(super) fn left(name: &ProfileName) -> Result<Vec<StoredKey>, Failure> {
    let path = file(name)?;
    let mut keys = Vec::new();
    match RootKey::load(&path) {
        Ok(key) => keys.push(StoredKey { key, place: Place::File(path) }),
        Err(error) if error.is_missing() => {}
        Err(error) => return Err(error.into()),
    }
    let in_keyring = match keyring::get(name) {
        Ok(texts) => texts,
        // A keyring that is not there holds no key.
        Err(KeyringError::Missing(_)) => Vec::new(),
        Err(KeyringError::Failed(reason)) => {
            return Err(Failure::runtime(format!(
                "the keyring does not give the root key of the profile {name}: {reason}"
            ))
            .hint("unlock the keyring, or name the file of the key with --root-key PATH"));
        }
    };
    for text in in_keyring {
        let key = RootKey::from_hex(&text).map_err(|_| {
            Failure::usage(format!("what the keyring holds for the profile {name} is no root key"))
        })?;
        keys.push(StoredKey { key, place: Place::Keyring });
    }
    Ok(keys)
}

/// Keeps a new key for a profile under whose name there is none yet.
pub(super) fn keep(name: &ProfileName, key: &RootKey, use_keyring: bool) -> Result<Place, Failure> {
    if use_keyring {
        let text = key.to_hex();
        let kept = keyring::set(name, &text).and_then(|()| keyring::get(name));
        match kept {
            Ok(kept) if kept.contains(&text) => return Ok(Place::Keyring),
            Ok(_) => note("The keyring does not keep the key; it goes into a file."),
            Err(KeyringError::Missing(reason)) => {
                note(&format!("There is no keyring here ({reason}); the key goes into a file."));
            }
            Err(KeyringError::Failed(reason)) => {
                note(&format!(
                    "The keyring does not take the key ({reason}); it goes into a file."
                ));
            }
        }
    }
    let path = file(name)?;
    files::make_folder_of(&path)?;
    key.save_new(&path)?;
    Ok(Place::File(path))
}

/// Destroys a stored key.
pub(super) fn destroy(name: &ProfileName, stored: &StoredKey) -> Result<(), Failure> {
    match &stored.place {
        Place::Keyring => {
            keyring::delete(name, &stored.key.to_hex()).map_err(|error| match error {
                KeyringError::Missing(reason) | KeyringError::Failed(reason) => {
                    Failure::runtime(format!("cannot delete the key from the keyring: {reason}"))
                }
            })
        }
        Place::File(path) => {
            let public = path.with_extension("pub");
            let removed = std::fs::remove_file(path);
            // Beside a key that is gone it would be in the way of the next.
            let _ = std::fs::remove_file(public);
            removed.map_err(|error| {
                Failure::runtime(format!("cannot delete {}: {error}", path.display()))
            })
        }
    }
}
