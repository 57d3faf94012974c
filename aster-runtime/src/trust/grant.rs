//! What a verified credential lets its holder do.

use super::admission::Admission;
use super::audience::Audience;
use super::capabilities::Capabilities;
use super::credential::Credential;
use super::credential_id::CredentialId;
use super::revocations::{Revocations, Revoked};
use crate::gate::{self, Denial, Gate};
use crate::peer::PeerId;
use crate::service::{MethodDescriptor, ServiceDescriptor};
use crate::status::Status;

/// What a verified [`Chain`](super::Chain), or an interoperable credential,
/// grants. Its questions are answered
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
    /// What an interoperable credential grants by which a peer was admitted.
    /// It is for every service.
    #[must_use]
    pub fn of_credential(admission: &Admission, credential: &Credential) -> Self {
        Self {
            peer: admission.peer(),
            not_after: admission.expires_at(),
            capabilities: admission.capabilities().clone(),
            audience: Audience::any(),
            ids: vec![CredentialId::of_credential(credential)],
            keys: vec![PeerId::from_bytes(*credential.root().as_bytes()), admission.peer()],
        }
    }

    /// What a caller may do whom no credential limits: one at an open gate, or
    /// within this program. It has no end.
    pub(crate) fn local(peer: PeerId, capabilities: Capabilities) -> Self {
        let (ids, keys) = (Vec::new(), vec![peer]);
        Self { peer, not_after: u64::MAX, capabilities, audience: Audience::any(), ids, keys }
    }

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

    /// What a server behind a closed gate would decide on a call: gates 2 and
    /// 3. For tests of who may do what, and for tools that show it.
    ///
    /// # Errors
    /// The status that the caller would get, with the capability that is
    /// missing.
    pub fn may_call(
        &self,
        service: &'static ServiceDescriptor,
        method: &'static MethodDescriptor,
        now: u64,
    ) -> Result<(), Status> {
        gate::method(Gate::Closed, service, method, self, now).map_err(Denial::status)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Requirement;
    use crate::status::Code;
    use crate::trust::fixtures::{
        NOW, chain, method, nothing_revoked, peer, root, service, trusted,
    };
    use crate::trust::{Attributes, ConsumerCredential, NonceStore, Presentation, RevocationList};

    #[test]
    fn b10_an_interoperable_credential_can_be_revoked_like_a_chain() {
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", "ops.status").unwrap();
        let policy = ConsumerCredential::sign_policy(&root(), Some(peer(1)), NOW + 100, attributes);
        let presentation =
            Presentation { root: &trusted(), peer: peer(1), now: NOW, allow_unbound: false };
        let admission =
            policy.verify(&presentation).unwrap().admit(&NonceStore::in_memory()).unwrap();
        let credential = policy.into();
        let grant = Grant::of_credential(&admission, &credential);
        assert_eq!((grant.peer(), grant.not_after()), (peer(1), NOW + 100));
        assert!(grant.capabilities().contains("ops.status"));
        assert!(grant.is_for(&service("Fleet", 1), &method("getStatus")));
        let id = CredentialId::of_credential(&credential);
        let root_key = PeerId::from_bytes(*trusted().as_bytes());
        assert_eq!((grant.ids(), grant.keys()), ([id].as_slice(), [root_key, peer(1)].as_slice()));

        let revoke = |ids: &[CredentialId], keys: &[PeerId]| {
            let (ids, keys) = (ids.iter().copied(), keys.iter().copied());
            let list = RevocationList::first(&root(), NOW, ids, keys).unwrap();
            nothing_revoked().merge(&list).unwrap().unwrap()
        };
        assert_eq!(grant.revoked(&revoke(&[id], &[])), Some(Revoked::Credential(id)));
        assert_eq!(grant.revoked(&revoke(&[], &[peer(1)])), Some(Revoked::Key(peer(1))));
        assert_eq!(grant.revoked(&revoke(&[], &[root_key])), Some(Revoked::Key(root_key)));
        assert_eq!(grant.revoked(&revoke(&[], &[peer(2)])), None);
    }

    #[test]
    fn what_a_closed_gate_would_say_is_told_without_one() {
        let grant = chain(1).verify(&trusted(), peer(1), NOW, &nothing_revoked()).unwrap();
        let may_call = |requires, now| {
            let fleet = Box::leak(Box::new(ServiceDescriptor { requires, ..service("Fleet", 1) }));
            let status = Box::leak(Box::new(method("getStatus")));
            grant.may_call(fleet, status, now).map_err(|status| status.code())
        };
        let role = |name| Some(Requirement::Role(name));
        assert_eq!(may_call(role("ops.status"), NOW), Ok(()));
        assert_eq!(may_call(role("ops.admin"), NOW), Err(Code::PermissionDenied));
        assert_eq!(may_call(None, NOW), Err(Code::PermissionDenied), "nobody says who may");
        assert_eq!(may_call(role("ops.status"), NOW + 100), Err(Code::Unauthenticated));
    }
}
