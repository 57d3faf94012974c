//! The credential of a server that joins others.

use std::fmt;

use crate::peer::PeerId;
use crate::trust::admission::{Claims, Presentation, Verified};
use crate::trust::attributes::Attributes;
use crate::trust::refusal::Refusal;
use crate::trust::root_key::RootKey;
use crate::trust::root_public_key::RootPublicKey;

/// A server's credential. It always names the node that it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct ProducerCredential {
    pub(super) root: RootPublicKey,
    pub(super) expires_at: u64,
    pub(super) attributes: Attributes,
    pub(super) node: PeerId,
    pub(super) signature: [u8; 64],
}

impl ProducerCredential {
    /// Signs a credential for the server `node` until `expires_at` (epoch
    /// seconds).
    #[must_use]
    pub fn sign(root: &RootKey, node: PeerId, expires_at: u64, attributes: Attributes) -> Self {
        let signature = [0; 64];
        let mut credential =
            Self { root: root.public_key(), expires_at, attributes, node, signature };
        credential.signature = root.sign(&credential.signed_bytes());
        credential
    }

    /// The bytes under the signature (trust.md 2.2): the node as text, the
    /// root, the end as a big-endian number, the attributes. They begin with
    /// a hex character, and those of a consumer never do.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = self.node.to_string().into_bytes();
        bytes.extend(self.root.as_bytes());
        bytes.extend(self.expires_at.to_be_bytes());
        bytes.extend(self.attributes.canonical_json().bytes());
        bytes
    }

    /// Whether the credential admits when presented like this; as for
    /// consumers, and its role may not be that of a consumer.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn verify(&self, presentation: &Presentation<'_>) -> Result<Verified, Refusal> {
        let admission = presentation.admit(&Claims {
            root: self.root,
            signed: self.has_valid_signature(),
            expires_at: self.expires_at,
            node: Some(self.node),
            attributes: &self.attributes,
        })?;
        let roles = admission.capabilities();
        if roles.contains("consumer") && !roles.contains("producer") {
            return Err(Refusal::NotProducer);
        }
        Ok(Verified::new(admission, None, presentation.now))
    }

    /// Whether the root that it names has signed it.
    #[must_use]
    pub fn has_valid_signature(&self) -> bool {
        self.root.has_signed(&self.signed_bytes(), &self.signature)
    }

    /// The root that is said to have signed it.
    #[must_use]
    pub fn root(&self) -> RootPublicKey {
        self.root
    }

    /// When it ends, in epoch seconds.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// What it says about its holder.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The node that it is for.
    #[must_use]
    pub fn node(&self) -> PeerId {
        self.node
    }
}

impl fmt::Debug for ProducerCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProducerCredential")
            .field("root", &self.root)
            .field("node", &self.node)
            .field("expires_at", &self.expires_at)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}
