//! The keyring of the system: Keychain, Credential Manager or Secret Service.

use zeroize::Zeroizing;

use super::profile_name::ProfileName;

/// The names under which the reference keeps a root key (trust.md 8).
#[cfg(feature = "keyring")]
const SERVICE: &str = "aster";

/// Why there is no keyring to use. Machines without a desktop have none.
pub(super) struct Unavailable(pub(super) String);

#[cfg(feature = "keyring")]
fn entry(name: &ProfileName) -> Result<keyring::Entry, Unavailable> {
    keyring::Entry::store_status().as_ref().map_err(|error| Unavailable(error.to_string()))?;
    keyring::Entry::new(SERVICE, &format!("root_privkey:{name}"))
        .map_err(|error| Unavailable(error.to_string()))
}

/// The private key of a profile, as hex.
#[cfg(feature = "keyring")]
pub(super) fn get(name: &ProfileName) -> Result<Option<Zeroizing<String>>, Unavailable> {
    match entry(name)?.get_password() {
        Ok(key) => Ok(Some(Zeroizing::new(key))),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(Unavailable(error.to_string())),
    }
}

/// Keeps the private key of a profile, over whatever is there.
#[cfg(feature = "keyring")]
pub(super) fn set(name: &ProfileName, key: &str) -> Result<(), Unavailable> {
    entry(name)?.set_password(key).map_err(|error| Unavailable(error.to_string()))
}

/// Forgets the private key of a profile.
#[cfg(feature = "keyring")]
pub(super) fn delete(name: &ProfileName) -> Result<(), Unavailable> {
    entry(name)?.delete_credential().map_err(|error| Unavailable(error.to_string()))
}

#[cfg(not(feature = "keyring"))]
mod none {
    use super::{ProfileName, Unavailable, Zeroizing};

    fn unavailable() -> Unavailable {
        Unavailable("this program was built without it".to_owned())
    }

    pub(in super::super) fn get(_: &ProfileName) -> Result<Option<Zeroizing<String>>, Unavailable> {
        Err(unavailable())
    }

    pub(in super::super) fn set(_: &ProfileName, _: &str) -> Result<(), Unavailable> {
        Err(unavailable())
    }

    pub(in super::super) fn delete(_: &ProfileName) -> Result<(), Unavailable> {
        Err(unavailable())
    }
}

#[cfg(not(feature = "keyring"))]
pub(super) use none::{delete, get, set};
