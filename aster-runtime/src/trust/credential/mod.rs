//! Signed statements of a root about a node.

mod consumer;
mod json;
mod producer;

use std::fmt;

pub use consumer::ConsumerCredential;
pub use json::{InvalidCredential, MAX_CREDENTIAL_BYTES};
pub(crate) use json::{Parts, parse_kind};
pub use producer::ProducerCredential;

use super::admission::{Presentation, Verified};
use super::attributes::Attributes;
use super::nonce::Nonce;
use super::refusal::Refusal;
use super::root_public_key::RootPublicKey;
use crate::peer::PeerId;

/// What kind of credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A consumer's, for any number of uses until it ends.
    Policy,
    /// A consumer's, for one use.
    OneTime,
    /// A producer's.
    Producer,
}

impl CredentialKind {
    /// The word for it in files and on the wire: `policy`, `ott`, `producer`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::OneTime => "ott",
            Self::Producer => "producer",
        }
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A credential of any kind, as files hold them.
///
/// ```
/// use aster_runtime::trust::{Attributes, ConsumerCredential, Credential, RootKey};
/// let root = RootKey::generate();
/// let node = aster_runtime::Identity::generate().peer();
/// let mut attributes = Attributes::new();
/// attributes.insert("aster.role", "ops.status")?;
/// let signed = ConsumerCredential::sign_policy(&root, Some(node), 1_800_086_400, attributes);
/// let credential = Credential::from(signed);
/// assert_eq!(Credential::from_file_json(&credential.to_file_json())?, credential);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// For a client.
    Consumer(ConsumerCredential),
    /// For a server that joins others.
    Producer(ProducerCredential),
}

impl Credential {
    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::Consumer(credential) => credential.kind(),
            Self::Producer(_) => CredentialKind::Producer,
        }
    }

    /// The root that is said to have signed it.
    #[must_use]
    pub fn root(&self) -> RootPublicKey {
        match self {
            Self::Consumer(credential) => credential.root(),
            Self::Producer(credential) => credential.root(),
        }
    }

    /// When it ends, in epoch seconds.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        match self {
            Self::Consumer(credential) => credential.expires_at(),
            Self::Producer(credential) => credential.expires_at(),
        }
    }

    /// What it says about its holder.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        match self {
            Self::Consumer(credential) => credential.attributes(),
            Self::Producer(credential) => credential.attributes(),
        }
    }

    /// The node that it is for, if it names one.
    #[must_use]
    pub fn node(&self) -> Option<PeerId> {
        match self {
            Self::Consumer(credential) => credential.node(),
            Self::Producer(credential) => Some(credential.node()),
        }
    }

    /// What makes it good for one use, if it is.
    #[must_use]
    pub fn nonce(&self) -> Option<Nonce> {
        match self {
            Self::Consumer(credential) => credential.nonce(),
            Self::Producer(_) => None,
        }
    }

    pub(crate) fn signature_hex(&self) -> String {
        match self {
            Self::Consumer(credential) => credential.signature_hex(),
            Self::Producer(credential) => credential.signature_hex(),
        }
    }

    /// Whether the root that it names has signed it. Says nothing about
    /// whether that root is trusted.
    #[must_use]
    pub fn has_valid_signature(&self) -> bool {
        match self {
            Self::Consumer(credential) => credential.has_valid_signature(),
            Self::Producer(credential) => credential.has_valid_signature(),
        }
    }

    /// Whether a presented credential admits; see
    /// [`ConsumerCredential::verify`].
    ///
    /// # Errors
    /// [`Refusal`], the first thing that is wrong.
    pub fn verify(&self, presentation: &Presentation<'_>) -> Result<Verified, Refusal> {
        match self {
            Self::Consumer(credential) => credential.verify(presentation),
            Self::Producer(credential) => credential.verify(presentation),
        }
    }
}

impl From<ConsumerCredential> for Credential {
    fn from(credential: ConsumerCredential) -> Self {
        Self::Consumer(credential)
    }
}

impl From<ProducerCredential> for Credential {
    fn from(credential: ProducerCredential) -> Self {
        Self::Producer(credential)
    }
}
