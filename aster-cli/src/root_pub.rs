//! The root that is trusted, as the command line names it.

use aster::trust::RootPublicKey;

use crate::failure::Failure;

/// The key that `source` is, 64 hex characters, or that the file at `source`
/// holds.
pub(crate) fn read(source: &str) -> Result<RootPublicKey, Failure> {
    match source.parse() {
        Ok(key) => Ok(key),
        Err(_) => Ok(RootPublicKey::load(source)?),
    }
}
