//! The name of a contract: the hash of its canonical bytes.

use std::fmt;
use std::str::FromStr;

use crate::hex;

/// The BLAKE3 hash of a service's canonical bytes (contract.md 0.1): 32 bytes,
/// 64 lowercase hex digits as text.
///
/// ```
/// use aster_runtime::contract::ContractId;
///
/// let text = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530";
/// let id: ContractId = text.parse()?;
/// assert_eq!(id.to_string(), text);
/// # Ok::<(), aster_runtime::contract::InvalidContractId>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractId([u8; 32]);

impl ContractId {
    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContractId {
    type Err = InvalidContractId;

    /// # Errors
    /// If the text is not 64 lowercase hex digits.
    fn from_str(text: &str) -> Result<Self, InvalidContractId> {
        hex::decode(text).map(Self).ok_or(InvalidContractId)
    }
}

/// A text that is no contract id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a contract id is 64 lowercase hex digits")]
pub struct InvalidContractId;
