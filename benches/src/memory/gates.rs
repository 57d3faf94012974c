//! What admission and the gates cost.

use std::hint::black_box;
use std::time::{Instant, SystemTime};

use aster::trust::{
    Attributes, Audience, Capabilities, Chain, ConsumerCredential, Grant, NonceStore, Presentation,
    Revocations, RootKey, Terms,
};
use aster::{Identity, MethodDescriptor, Service, ServiceDescriptor, Status, service};

use super::{Meter, names};
use crate::message::Count;

struct Fleet;

#[service(name = "Fleet", requires = any_of("ops.status", "ops.admin"))]
impl Fleet {
    #[rpc(requires = all_of("ops.status", "ops.logs", "ops.admin"))]
    async fn status(&self, count: Count) -> Result<Count, Status> {
        Ok(count)
    }
}

const NOW: u64 = 1_800_000_000;

/// A credential with 64 capabilities, what it admits, and a method to ask for.
#[derive(Debug)]
pub struct Admitted {
    root: RootKey,
    node: Identity,
    text: String,
    role: String,
    service: &'static ServiceDescriptor,
    method: &'static MethodDescriptor,
}

impl Default for Admitted {
    fn default() -> Self {
        let (root, node) = (RootKey::from_seed(&[3; 32]), Identity::from_secret([4; 32]));
        let many: Vec<_> = (0..61).map(|n| format!("cap.{n:02}")).collect();
        let role = format!("ops.status,ops.logs,ops.admin,{}", many.join(","));
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", role.clone()).expect("fits");
        let credential =
            ConsumerCredential::sign_policy(&root, Some(node.peer()), NOW + 60, attributes);
        let service = Fleet::DESCRIPTOR;
        let method = service.method("status").expect("there");
        Self { text: credential.to_wire_json(), root, node, role, service, method }
    }
}

impl Admitted {
    /// All of an admission but its transport.
    #[must_use]
    pub fn admit(&self) -> Grant {
        let trusted = self.root.public_key();
        let presentation =
            Presentation { root: &trusted, peer: self.node.peer(), now: NOW, allow_unbound: false };
        let credential = ConsumerCredential::from_wire_json(&self.text).expect("well-formed");
        let verified = credential.verify(&presentation).expect("in order");
        let admission = verified.admit(&NonceStore::in_memory()).expect("reusable");
        Grant::of_credential(&admission, &credential.into())
    }

    /// The decision on one call.
    pub fn decide(&self, grant: &Grant) {
        grant.may_call(self.service, self.method, black_box(NOW)).expect("allowed");
    }
}

pub(super) fn run(meter: &mut Meter) {
    meter.group("Admission and gates");
    let admitted = Admitted::default();
    meter.each("admission with a credential of 64 capabilities", || {
        black_box(admitted.admit());
    });
    let (root, trusted) = (&admitted.root, admitted.root.public_key());
    let terms = |subject, delegations| Terms {
        subject,
        not_before: NOW - 1,
        not_after: NOW + 60,
        capabilities: Capabilities::from_role(&admitted.role),
        audience: Audience::any(),
        delegations,
    };
    let mut holder = admitted.node.clone();
    let mut chain = Chain::issue(root, terms(holder.peer(), 7)).expect("in bounds");
    for left in (0..7).rev() {
        let next = Identity::generate();
        chain = chain.delegate(&holder, terms(next.peer(), left)).expect("narrower");
        holder = next;
    }
    let (text, nothing) = (chain.to_text(), Revocations::none(trusted));
    meter.each("admission with a chain of 8 links", || {
        let chain = Chain::from_text(&text).expect("well-formed");
        black_box(chain.verify(&trusted, holder.peer(), NOW, &nothing).expect("in order"));
    });
    let grant = admitted.admit();
    meter.each(names::GATES, || admitted.decide(black_box(&grant)));
    let audience: Vec<_> = (0..63).map(|n| format!("Other{n:02}")).collect();
    let audience = audience.iter().map(String::as_str).chain(["Fleet.status"]);
    let audience = Audience::parse(audience).expect("in bounds");
    let narrow = Terms { audience, ..terms(admitted.node.peer(), 0) };
    let narrow = Chain::issue(root, narrow).expect("in bounds");
    let narrow = narrow.verify(&trusted, admitted.node.peer(), NOW, &nothing).expect("in order");
    meter.each("the same, 64 capabilities and 64 audience entries", || {
        admitted.decide(black_box(&narrow));
    });
    meter.each("reading both clocks, once for each call", || {
        black_box((SystemTime::now(), Instant::now()));
    });
}
