//! The keyring of the system: Keychain, Credential Manager or Secret Service.

use zeroize::Zeroizing;

use super::profile_name::ProfileName;

/// Why the keyring cannot be used.
pub(super) enum KeyringError {
    /// There is none, as on machines without a desktop.
    Missing(String),
    /// It is locked, or refuses.
    #[cfg_attr(not(feature = "keyring"), expect(dead_code, reason = "what is missing cannot fail"))]
    Failed(String),
}

#[cfg(feature = "keyring")]
mod system {
    use keyring::{Entry, Error};

    use super::{KeyringError, ProfileName, Zeroizing};

    /// The names under which the reference keeps a root key (trust.md 8).
    const SERVICE: &str = "aster";

    fn entry(name: &ProfileName) -> Result<Entry, KeyringError> {
        let missing = |error: &Error| KeyringError::Missing(error.to_string());
        Entry::store_status().as_ref().map_err(missing)?;
        Entry::new(SERVICE, &format!("root_privkey:{name}")).map_err(|error| missing(&error))
    }

    fn failed(error: Error) -> KeyringError {
        KeyringError::Failed(error.to_string())
    }

    /// The private keys that are kept for a profile, as hex. More than one
    /// where the reference put its own beside ours.
    pub(in super::super) fn get(
        name: &ProfileName,
    ) -> Result<Vec<Zeroizing<String>>, KeyringError> {
        match entry(name)?.get_password() {
            Ok(key) => Ok(vec![Zeroizing::new(key)]),
            Err(Error::NoEntry) => Ok(Vec::new()),
            Err(Error::Ambiguous(entries)) => {
                let keys = entries.iter().map(|entry| entry.get_password().map(Zeroizing::new));
                keys.collect::<Result<_, _>>().map_err(failed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Keeps the private key of a profile that has none there.
    pub(in super::super) fn set(name: &ProfileName, key: &str) -> Result<(), KeyringError> {
        entry(name)?.set_password(key).map_err(failed)
    }

    /// Forgets this private key of a profile.
    pub(in super::super) fn delete(name: &ProfileName, key: &str) -> Result<(), KeyringError> {
        let entry = entry(name)?;
        match entry.get_password().map(Zeroizing::new) {
            Ok(found) if *found == *key => entry.delete_credential().map_err(failed),
            Ok(_) | Err(Error::NoEntry) => Ok(()),
            Err(Error::Ambiguous(entries)) => {
                for entry in entries {
                    if *Zeroizing::new(entry.get_password().map_err(failed)?) == *key {
                        entry.delete_credential().map_err(failed)?;
                    }
                }
                Ok(())
            }
            Err(error) => Err(failed(error)),
        }
    }
}

#[cfg(not(feature = "keyring"))]
mod system {
    use super::{KeyringError, ProfileName, Zeroizing};

    fn missing<T>() -> Result<T, KeyringError> {
        Err(KeyringError::Missing("this program was built without it".to_owned()))
    }

    pub(in super::super) fn get(_: &ProfileName) -> Result<Vec<Zeroizing<String>>, KeyringError> {
        missing()
    }

    pub(in super::super) fn set(_: &ProfileName, _: &str) -> Result<(), KeyringError> {
        missing()
    }

    pub(in super::super) fn delete(_: &ProfileName, _: &str) -> Result<(), KeyringError> {
        missing()
    }
}

pub(super) use system::{delete, get, set};
