//! From a presented credential to what a peer may do.

use super::attributes::Attributes;
use super::capabilities::Capabilities;
use super::nonce::Nonce;
use super::nonce_store::{NonceError, NonceStore};
use super::refusal::Refusal;
use super::root_public_key::RootPublicKey;
use crate::peer::PeerId;

/// How a credential is presented: everything that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Presentation<'a> {
    /// The root that is trusted.
    pub root: &'a RootPublicKey,
    /// The key that the peer has proved to hold.
    pub peer: PeerId,
    /// The time, in epoch seconds.
    pub now: u64,
    /// Whether credentials are accepted that name no node, and so are good
    /// for whoever has seen them.
    pub allow_unbound: bool,
}

/// What a credential says, of whatever kind it is.
pub(crate) struct Claims<'a> {
    pub(crate) root: RootPublicKey,
    /// Whether the named root has signed it.
    pub(crate) signed: bool,
    pub(crate) expires_at: u64,
    pub(crate) node: Option<PeerId>,
    pub(crate) attributes: &'a Attributes,
}

impl Presentation<'_> {
    /// The checks that all kinds have in common, in their order (trust.md
    /// 2.4).
    pub(crate) fn admit(&self, claims: &Claims<'_>) -> Result<Admission, Refusal> {
        if claims.root != *self.root {
            return Err(Refusal::OtherRoot { named: claims.root, trusted: *self.root });
        }
        if !claims.signed {
            return Err(Refusal::Signature { root: claims.root });
        }
        if claims.expires_at <= self.now {
            return Err(Refusal::Expired { expires_at: claims.expires_at, now: self.now });
        }
        match claims.node {
            Some(node) if node != self.peer => {
                return Err(Refusal::OtherNode { bound_to: node, presented_by: self.peer });
            }
            None if !self.allow_unbound => return Err(Refusal::Unbound),
            _ => {}
        }
        if let Some(attribute) = claims.attributes.cloud_identity() {
            return Err(Refusal::CloudIdentity { attribute: attribute.to_owned() });
        }
        Ok(Admission::new(self.peer, claims.attributes.clone(), claims.expires_at))
    }
}

/// A credential that has been verified. What is left is to spend it, if it is
/// good for one use.
#[derive(Debug)]
#[must_use = "nobody is admitted until `admit` is called"]
pub struct Verified {
    admission: Admission,
    nonce: Option<Nonce>,
    now: u64,
}

impl Verified {
    pub(crate) fn new(admission: Admission, nonce: Option<Nonce>, now: u64) -> Self {
        Self { admission, nonce, now }
    }

    /// Admits the peer. A one-time credential is spent by this, once among all
    /// that share the store; others leave the store alone.
    ///
    /// Waits for files and for other processes, at most some seconds.
    ///
    /// # Errors
    /// [`NonceError`]: used before, or the store does not work. Then nobody is
    /// admitted.
    pub fn admit(self, nonces: &NonceStore) -> Result<Admission, NonceError> {
        if let Some(nonce) = &self.nonce {
            nonces.consume(nonce, self.admission.expires_at, self.now)?;
        }
        Ok(self.admission)
    }

    /// Whether it is good for one use.
    #[must_use]
    pub fn is_one_time(&self) -> bool {
        self.nonce.is_some()
    }

    /// What the credential says about its holder.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.admission.attributes
    }

    /// When it ends, in epoch seconds.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        self.admission.expires_at
    }
}

/// What is known about a peer that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    peer: PeerId,
    attributes: Attributes,
    capabilities: Capabilities,
    expires_at: u64,
}

impl Admission {
    pub(crate) fn new(peer: PeerId, attributes: Attributes, expires_at: u64) -> Self {
        let capabilities = attributes.capabilities();
        Self { peer, attributes, capabilities, expires_at }
    }

    /// The peer's key.
    #[must_use]
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// What the credential says about it.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// What it may do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// When the admission ends, in epoch seconds.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// Whether the admission is over at `now`, in epoch seconds.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        self.expires_at <= now
    }
}
