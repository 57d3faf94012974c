//! Who a peer is: its public key.

use std::str::FromStr;

use crate::hex::hex_text;

/// A peer's ed25519 public key, which is also its address on the network.
///
/// Displays as 64 lower-case hex characters.
///
/// ```
/// use aster_runtime::PeerId;
/// let id: PeerId = "00".repeat(32).parse().unwrap();
/// assert_eq!(id.short(), "0000000000");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId([u8; 32]);

impl PeerId {
    /// The id with these bytes. Whether they are a valid key shows when a
    /// connection is made.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

hex_text!(PeerId);

/// A text that is not 64 hex characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a peer id is 64 hex characters (a 32-byte public key)")]
pub struct InvalidPeerId;

impl FromStr for PeerId {
    type Err = InvalidPeerId;

    fn from_str(text: &str) -> Result<Self, InvalidPeerId> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .map_err(|_| InvalidPeerId)?;
        Ok(Self(bytes.try_into().map_err(|_| InvalidPeerId)?))
    }
}
