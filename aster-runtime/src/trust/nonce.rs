//! The number that makes a credential good for one use.

use std::fmt;

use crate::hex;

/// 32 random bytes of a one-time credential. Whoever knows them and the
/// signature holds the credential, so they stay out of `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce([u8; 32]);

impl Nonce {
    /// A new random nonce.
    ///
    /// # Panics
    /// If the operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = [0; 32];
        #[expect(clippy::expect_used, reason = "a nonce that can be guessed is worse than none")]
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes)
    }

    /// The nonce with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }

    pub(crate) fn to_hex(self) -> String {
        hex::encode(&self.0)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_differ_and_are_not_shown() {
        let (one, two) = (Nonce::generate(), Nonce::generate());
        assert_ne!(one, two);
        assert_eq!(format!("{one:?}"), "Nonce(..)");
        assert_eq!(Nonce::from_hex(&one.to_hex()), Some(one));
        assert_eq!(Nonce::from_bytes([7; 32]).as_bytes(), &[7; 32]);
    }
}
