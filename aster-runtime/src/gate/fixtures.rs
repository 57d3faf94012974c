//! Grants and descriptors that the tests of this module share.

use crate::codec::TypeDescriptor;
use crate::contract::ContractId;
use crate::identity::Identity;
use crate::peer::PeerId;
use crate::service::{MethodDescriptor, Pattern, Requirement, Scope, ServiceDescriptor};
use crate::trust::{Audience, Capabilities, Chain, Grant, Revocations, RootKey, Terms};

pub(super) const NOW: u64 = 1_800_000_000;

pub(super) fn root() -> RootKey {
    RootKey::from_seed(&[0x52; 32])
}

pub(super) fn peer(number: u8) -> PeerId {
    Identity::from_secret([number; 32]).peer()
}

/// A grant of these capabilities, for everything, to node 1.
pub(super) fn grant(role: &str) -> Grant {
    grant_for(role, &[])
}

/// The same for an audience.
pub(super) fn grant_for(role: &str, audience: &[&str]) -> Grant {
    let terms = Terms {
        subject: peer(1),
        not_before: NOW - 100,
        not_after: NOW + 100,
        capabilities: Capabilities::from_role(role),
        audience: Audience::parse(audience.iter().copied()).unwrap(),
        delegations: 0,
    };
    let chain = Chain::issue(&root(), terms).unwrap();
    let root = root().public_key();
    chain.verify(&root, peer(1), NOW, &Revocations::none(root)).unwrap()
}

/// A service `Fleet` with one method, that require this.
pub(super) fn fleet(
    of_service: Option<Requirement>,
    of_method: Option<Requirement>,
) -> (&'static ServiceDescriptor, &'static MethodDescriptor) {
    fn no_type() -> &'static TypeDescriptor {
        unreachable!("no message is read here")
    }
    let methods = Box::leak(Box::new([MethodDescriptor {
        name: "getStatus",
        pattern: Pattern::Unary,
        idempotent: false,
        timeout: None,
        requires: of_method,
        doc: "",
        request: no_type,
        response: no_type,
    }]));
    let service = Box::leak(Box::new(ServiceDescriptor {
        name: "Fleet",
        version: 2,
        scope: Scope::Shared,
        modes: &[],
        requires: of_service,
        doc: "",
        methods,
        contract_id: ContractId::from_bytes([0; 32]),
    }));
    (service, &service.methods[0])
}
