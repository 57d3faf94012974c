//! What a credential is revoked by.

use std::str::FromStr;

use super::credential::Credential;
use crate::hex::{self, hex_text};

/// The id of a credential of any kind: the BLAKE3 hash of the bytes that its
/// issuer signed. 32 bytes, 64 lower-case hex characters as text.
///
/// Nobody chooses an id, so no credential can take the id of another one, and
/// a second signature over the same claims has the same id. Interoperable
/// credentials (trust.md 2.2), which carry no id of their own, have one too.
///
/// ```
/// use aster_runtime::trust::CredentialId;
/// let id = CredentialId::of(b"signed bytes");
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId([u8; 32]);

impl CredentialId {
    /// The id of the credential with these signed bytes.
    #[must_use]
    pub fn of(signed_bytes: &[u8]) -> Self {
        Self(blake3::hash(signed_bytes).into())
    }

    /// The id of an interoperable credential.
    #[must_use]
    pub fn of_credential(credential: &Credential) -> Self {
        Self::of(&match credential {
            Credential::Consumer(credential) => credential.signed_bytes(),
            Credential::Producer(credential) => credential.signed_bytes(),
        })
    }

    /// The id with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

hex_text!(CredentialId);

/// A text that is not 64 lower-case hex characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a credential id is 64 lower-case hex characters, as `aster trust inspect` prints it")]
pub struct InvalidCredentialId;

impl FromStr for CredentialId {
    type Err = InvalidCredentialId;

    fn from_str(text: &str) -> Result<Self, InvalidCredentialId> {
        hex::decode(text).map(Self).ok_or(InvalidCredentialId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::fixtures::{NOW, peer, root};
    use crate::trust::{Attributes, ConsumerCredential, ProducerCredential};

    #[test]
    fn the_id_is_the_blake3_hash() {
        // The digest of no bytes, from the BLAKE3 specification.
        let id = CredentialId::of(b"");
        assert_eq!(
            id.to_string(),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(CredentialId::from_bytes(*id.as_bytes()), id);
        assert_eq!(format!("{id:?} {id:>65}"), format!("CredentialId(af1349b9f5)  {id}"));
        assert_ne!(CredentialId::of(b"x"), id);
    }

    #[test]
    fn interoperable_credentials_have_ids_too() {
        let (root, end) = (root(), NOW + 100);
        let policy = ConsumerCredential::sign_policy(&root, Some(peer(1)), end, Attributes::new());
        let id = CredentialId::of(&policy.signed_bytes());
        assert_eq!(CredentialId::of_credential(&policy.into()), id);
        let producer = ProducerCredential::sign(&root, peer(1), end, Attributes::new());
        let id = CredentialId::of(&producer.signed_bytes());
        assert_eq!(CredentialId::of_credential(&producer.into()), id);
    }

    #[test]
    fn only_the_one_text_of_an_id_is_read() {
        let text = CredentialId::of(b"").to_string();
        for bad in ["", &text[1..], &text.to_uppercase(), &format!("{text} ")] {
            assert_eq!(bad.parse::<CredentialId>(), Err(InvalidCredentialId));
        }
    }
}
