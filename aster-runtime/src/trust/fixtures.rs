//! Keys, terms and descriptors that the tests of this module share.

use super::audience::Audience;
use super::capabilities::Capabilities;
use super::chain::Chain;
use super::revocations::Revocations;
use super::root_key::RootKey;
use super::root_public_key::RootPublicKey;
use super::terms::Terms;
use crate::codec::TypeDescriptor;
use crate::identity::Identity;
use crate::peer::PeerId;
use crate::service::{MethodDescriptor, Pattern, Scope, ServiceDescriptor};

pub(super) const NOW: u64 = 1_800_000_000;

pub(super) fn root() -> RootKey {
    RootKey::from_seed(&[0x52; 32])
}

pub(super) fn trusted() -> RootPublicKey {
    root().public_key()
}

/// The root key, seen as one of the keys of a chain.
pub(super) fn root_peer() -> PeerId {
    PeerId::from_bytes(*trusted().as_bytes())
}

pub(super) fn node(number: u8) -> Identity {
    Identity::from_secret([number; 32])
}

pub(super) fn peer(number: u8) -> PeerId {
    node(number).peer()
}

pub(super) fn nothing_revoked() -> Revocations {
    Revocations::none(trusted())
}

pub(super) fn audience(entries: &[&str]) -> Audience {
    Audience::parse(entries.iter().copied()).unwrap()
}

/// Wide terms for a node.
pub(super) fn terms(subject: u8) -> Terms {
    Terms {
        subject: peer(subject),
        not_before: NOW - 100,
        not_after: NOW + 100,
        capabilities: Capabilities::from_role("ops.logs,ops.status"),
        audience: Audience::any(),
        delegations: 7,
    }
}

/// A chain from the root key over the nodes 1, 2, ... to the node `links`,
/// each link as wide as it may be.
pub(super) fn chain(links: u8) -> Chain {
    let mut chain = Chain::issue(&root(), terms(1)).unwrap();
    for number in 2..=links {
        let terms = Terms { delegations: 8 - number, ..terms(number) };
        chain = chain.delegate(&node(number - 1), terms).unwrap();
    }
    chain
}

pub(super) fn service(name: &'static str, version: i32) -> ServiceDescriptor {
    let (scope, modes, requires, doc, methods) = (Scope::Shared, &[], None, "", &[]);
    ServiceDescriptor {
        name,
        version,
        scope,
        modes,
        requires,
        doc,
        methods,
        contract_id: crate::contract::ContractId::from_bytes([0; 32]),
    }
}

pub(super) fn method(name: &'static str) -> MethodDescriptor {
    fn no_type() -> &'static TypeDescriptor {
        unreachable!("no message is read here")
    }
    MethodDescriptor {
        name,
        pattern: Pattern::Unary,
        idempotent: false,
        timeout: None,
        requires: None,
        doc: "",
        request: no_type,
        response: no_type,
    }
}
