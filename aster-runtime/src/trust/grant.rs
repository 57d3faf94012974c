//! What a verified credential lets its holder do.

use super::audience::Audience;
use super::capabilities::Capabilities;
use super::credential_id::CredentialId;
use super::revocations::{Revocations, Revoked};
use crate::peer::PeerId;
use crate::service::{MethodDescriptor, ServiceDescriptor};

/// What a verified [`Chain`](super::Chain) grants. Its questions are answered
/// from what is here, without allocating, for every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub(super) peer: PeerId,
    pub(super) not_after: u64,
    pub(super) capabilities: Capabilities,
    pub(super) audience: Audience,
    pub(super) ids: Vec<CredentialId>,
    pub(super) keys: Vec<PeerId>,
}

impl Grant {
    /// The node that holds it.
    #[must_use]
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// The first second at which it is over, since 1970.
    #[must_use]
    pub fn not_after(&self) -> u64 {
        self.not_after
    }

    /// Whether it is over at `now`, in seconds since 1970.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        now >= self.not_after
    }

    /// What the holder may do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Where it may be used.
    #[must_use]
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Whether it is for this method. That its capabilities meet what the
    /// method requires is a question of its own.
    #[must_use]
    pub fn is_for(&self, service: &ServiceDescriptor, method: &MethodDescriptor) -> bool {
        self.audience.contains(service, method)
    }

    /// The ids of the links it comes from, the root's first.
    #[must_use]
    pub fn ids(&self) -> &[CredentialId] {
        &self.ids
    }

    /// The keys it depends on: the root key, every holder on the way, and the
    /// holder.
    #[must_use]
    pub fn keys(&self) -> &[PeerId] {
        &self.keys
    }

    /// What ends it among the revocations in force now; `None` while it
    /// stands. Ask again whenever they change.
    #[must_use]
    pub fn revoked(&self, revocations: &Revocations) -> Option<Revoked> {
        revocations.first(&self.ids, &self.keys)
    }
}
