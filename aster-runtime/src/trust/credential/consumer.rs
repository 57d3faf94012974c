//! The credential of a client.

use std::fmt;

use super::CredentialKind;
use crate::peer::PeerId;
use crate::trust::admission::{Claims, Presentation, Verified};
use crate::trust::attributes::Attributes;
use crate::trust::nonce::Nonce;
use crate::trust::refusal::Refusal;
use crate::trust::root_key::RootKey;
use crate::trust::root_public_key::RootPublicKey;

/// A client's credential: until when its holder comes in, and with which
/// attributes. Made by signing or by strict parsing alone, so a one-time
/// credential without nonce, or a policy with one, cannot exist.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsumerCredential {
    pub(super) root: RootPublicKey,
    pub(super) expires_at: u64,
    pub(super) attributes: Attributes,
    pub(super) node: Option<PeerId>,
    /// There for one-time credentials alone.
    pub(super) nonce: Option<Nonce>,
    pub(super) signature: [u8; 64],
}

impl ConsumerCredential {
    /// Signs a credential for any number of uses until `expires_at` (epoch
    /// seconds). Without a node it is good for whoever holds it, and servers
    /// refuse it unless told otherwise.
    #[must_use]
    pub fn sign_policy(
        root: &RootKey,
        node: Option<PeerId>,
        expires_at: u64,
        attributes: Attributes,
    ) -> Self {
        Self::sign(root, node, expires_at, attributes, None)
    }

    /// Signs a credential for one use.
    #[must_use]
    pub fn sign_one_time(
        root: &RootKey,
        node: Option<PeerId>,
        expires_at: u64,
        attributes: Attributes,
        nonce: Nonce,
    ) -> Self {
        Self::sign(root, node, expires_at, attributes, Some(nonce))
    }

    fn sign(
        root: &RootKey,
        node: Option<PeerId>,
        expires_at: u64,
        attributes: Attributes,
        nonce: Option<Nonce>,
    ) -> Self {
        let signature = [0; 64];
        let mut credential =
            Self { root: root.public_key(), expires_at, attributes, node, nonce, signature };
        credential.signature = root.sign(&credential.signed_bytes());
        credential
    }

    /// The bytes under the signature (trust.md 2.2): the kind, the node as
    /// text behind a byte that says whether there is one, the root, the end
    /// as a big-endian number, the attributes, and the nonce behind its byte.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.nonce.is_some()), u8::from(self.node.is_some())];
        if let Some(node) = self.node {
            bytes.extend(node.to_string().bytes());
        }
        bytes.extend(self.root.as_bytes());
        bytes.extend(self.expires_at.to_be_bytes());
        bytes.extend(self.attributes.canonical_json().bytes());
        bytes.push(u8::from(self.nonce.is_some()));
        if let Some(nonce) = &self.nonce {
            bytes.extend(nonce.as_bytes());
        }
        bytes
    }

    /// Whether the credential admits when presented like this. The first
    /// thing that is wrong is told, in the order of trust.md 2.4: root,
    /// signature, end, node, claims that cannot be verified.
    ///
    /// Nothing is spent: what comes back of a one-time credential still has
    /// to be [admitted](Verified::admit).
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn verify(&self, presentation: &Presentation<'_>) -> Result<Verified, Refusal> {
        let admission = presentation.admit(&Claims {
            root: self.root,
            signed: self.has_valid_signature(),
            expires_at: self.expires_at,
            node: self.node,
            attributes: &self.attributes,
        })?;
        Ok(Verified::new(admission, self.nonce, presentation.now))
    }

    /// Whether the root that it names has signed it.
    #[must_use]
    pub fn has_valid_signature(&self) -> bool {
        self.root.has_signed(&self.signed_bytes(), &self.signature)
    }

    /// [`CredentialKind::Policy`] or [`CredentialKind::OneTime`].
    #[must_use]
    pub fn kind(&self) -> CredentialKind {
        match self.nonce {
            None => CredentialKind::Policy,
            Some(_) => CredentialKind::OneTime,
        }
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

    /// The node that it is for, if it names one.
    #[must_use]
    pub fn node(&self) -> Option<PeerId> {
        self.node
    }

    /// What makes it good for one use, if it is.
    #[must_use]
    pub fn nonce(&self) -> Option<Nonce> {
        self.nonce
    }
}

/// Without signature and nonce: together they are what a holder needs.
impl fmt::Debug for ConsumerCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsumerCredential")
            .field("kind", &self.kind())
            .field("root", &self.root)
            .field("node", &self.node)
            .field("expires_at", &self.expires_at)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}
