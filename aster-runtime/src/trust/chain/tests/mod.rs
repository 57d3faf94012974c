mod text;

use proptest::prelude::*;

use super::*;
use crate::trust::audience::Audience;
use crate::trust::capabilities::Capabilities;
use crate::trust::fixtures::*;
use crate::trust::revocation_list::RevocationList;
use crate::trust::revocations::Revoked;
use crate::trust::terms::Widening;

fn verify(chain: &Chain, holder: u8) -> Result<Grant, ChainRefusal> {
    verify_at(chain, holder, NOW)
}

fn verify_at(chain: &Chain, holder: u8, now: u64) -> Result<Grant, ChainRefusal> {
    chain.verify(&trusted(), peer(holder), now, &nothing_revoked())
}

/// A link by this issuer, signed whatever it says.
fn link(issuer: &Identity, parent: Option<CredentialId>, terms: Terms) -> Link {
    let parent = parent.map_or([0; 32], |id| *id.as_bytes());
    let claims = Claims { salt: [7; 16], parent, issuer: issuer.peer(), terms };
    let key = SigningKey::from_bytes(issuer.secret());
    Link::sign(claims, |bytes| key.sign(bytes).to_bytes()).unwrap()
}

/// The root key, where a chain takes a node's.
fn root_identity() -> Identity {
    Identity::from_secret([0x52; 32])
}

/// A chain whose links are signed by the right keys and continue each other,
/// whatever their terms are.
fn build(terms: Vec<Terms>) -> Chain {
    let mut issuer = root_identity();
    let mut links: Vec<Link> = Vec::new();
    for terms in terms {
        let next = (1..=50).map(node).find(|node| node.peer() == terms.subject);
        links.push(link(&issuer, links.last().map(Link::id), terms));
        issuer = next.unwrap_or_else(root_identity);
    }
    let first = links.remove(0);
    Chain { first, delegated: links }
}

/// The terms of three links, none of them the widest possible.
fn three() -> Vec<Terms> {
    let step = |number: u8| Terms {
        not_before: NOW - 20 + u64::from(number),
        not_after: NOW + 20 - u64::from(number),
        delegations: 6 - number,
        audience: audience(&["Fleet", "Billing@2"]),
        ..terms(number)
    };
    vec![step(1), step(2), step(3)]
}

/// The chain of three links, one of them (counted from 1) changed.
fn changed(number: usize, change: impl FnOnce(&mut Terms)) -> Chain {
    let mut terms = three();
    change(&mut terms[number - 1]);
    build(terms)
}

fn widened(link: usize, widening: Widening) -> ChainRefusal {
    ChainRefusal::Widened { link, widening }
}

#[test]
fn chains_of_every_length_verify_for_their_holder() {
    for links in 1..=MAX_CHAIN_LINKS as u8 {
        let chain = chain(links);
        let grant = verify(&chain, links).unwrap();
        assert_eq!(grant.peer(), peer(links));
        assert_eq!(grant.not_after(), NOW + 100);
        assert_eq!(grant.capabilities().to_string(), "ops.logs,ops.status");
        assert!(grant.audience().is_any());
        assert_eq!(grant.ids(), chain.links().map(Link::id).collect::<Vec<_>>());
        let keys: Vec<_> = std::iter::once(root_peer()).chain((1..=links).map(peer)).collect();
        assert_eq!(grant.keys(), keys);
        assert_eq!(Chain::from_text(&chain.to_text()).unwrap(), chain);
    }
    // The longest chain can not be continued: the last link allows nothing.
    let refused = chain(8).delegate(&node(8), terms(9)).unwrap_err();
    assert_eq!(refused, Widening::Delegations { allowed: 0 }.into());
}

#[test]
fn the_grant_is_what_the_last_link_says() {
    let chain = changed(3, |t| {
        t.capabilities = Capabilities::from_role("ops.status");
        t.audience = audience(&["Fleet@1.getStatus"]);
    });
    let grant = verify(&chain, 3).unwrap();
    assert_eq!(grant.capabilities(), &Capabilities::from_role("ops.status"));
    assert_eq!(grant.audience().to_string(), "Fleet@1.getStatus");
    assert_eq!(grant.not_after(), NOW + 17);
    assert!(!grant.is_over(NOW + 16) && grant.is_over(NOW + 17) && grant.is_over(u64::MAX));
    assert!(grant.is_for(&service("Fleet", 1), &method("getStatus")));
    assert!(!grant.is_for(&service("Fleet", 2), &method("getStatus")));
    assert!(!grant.is_for(&service("Fleet", 1), &method("reset")));
    assert!(!grant.is_for(&service("Billing", 1), &method("getStatus")));
}

#[test]
fn b4_b30_a_chain_is_good_for_its_holder_alone() {
    let chain = chain(3);
    for other in [1, 2, 4] {
        let refusal = ChainRefusal::OtherPeer { subject: peer(3), peer: peer(other) };
        assert_eq!(verify(&chain, other), Err(refusal));
    }
    let root = chain.verify(&trusted(), root_peer(), NOW, &nothing_revoked());
    assert!(matches!(root, Err(ChainRefusal::OtherPeer { .. })));
}

#[test]
fn a11_another_root_is_refused() {
    let (chain, other) = (chain(2), RootKey::from_seed(&[9; 32]).public_key());
    let revocations = Revocations::none(other);
    let trusted_other = PeerId::from_bytes(*other.as_bytes());
    assert_eq!(
        chain.verify(&other, peer(2), NOW, &revocations),
        Err(ChainRefusal::OtherRoot { issuer: root_peer(), trusted: trusted_other })
    );
    assert_eq!(
        chain.verify(&trusted(), peer(2), NOW, &revocations),
        Err(ChainRefusal::OtherRevocations)
    );
    // The same claims, signed by another root, are another issuer's claims.
    let forged = Chain::issue(&RootKey::from_seed(&[9; 32]), terms(1)).unwrap();
    assert!(matches!(verify(&forged, 1), Err(ChainRefusal::OtherRoot { .. })));
}

#[test]
fn b10_a15_the_clock_is_compared_to_the_second() {
    // Valid from NOW - 17, over at NOW + 17.
    let chain = build(three());
    let not_yet = |now| Err(ChainRefusal::NotYet { not_before: NOW - 17, now });
    let expired = |now| Err(ChainRefusal::Expired { not_after: NOW + 17, now });
    for (now, expected) in [
        (0, not_yet(0)),
        (NOW - 18, not_yet(NOW - 18)),
        (NOW - 17, Ok(())),
        (NOW + 16, Ok(())),
        (NOW + 17, expired(NOW + 17)),
        (NOW * 1000, expired(NOW * 1000)),
        (u64::MAX, expired(u64::MAX)),
    ] {
        assert_eq!(verify_at(&chain, 3, now).map(|_| ()), expected);
    }
}

#[test]
fn an_expired_parent_ends_its_children() {
    // A child that outlives its parent is refused at any time.
    let outliving = changed(2, |t| t.not_after = NOW + 20);
    for now in [NOW, NOW + 19] {
        let latest = NOW + 19;
        let refused = Err(widened(2, Widening::End { latest }));
        assert_eq!(verify_at(&outliving, 3, now), refused);
    }
    let at_the_end = changed(2, |t| t.not_after = NOW + 19);
    assert!(verify_at(&at_the_end, 3, NOW + 16).is_ok());
}

#[test]
fn a21_each_widening_alone_is_refused_by_its_name() {
    assert!(verify(&build(three()), 3).is_ok());
    for number in [2, 3] {
        let parent = three()[number - 2].clone();
        let refused = |change: &dyn Fn(&mut Terms)| {
            let chain = changed(number, |terms| change(terms));
            match verify(&chain, 3) {
                Err(ChainRefusal::Widened { link, widening }) if link == number => widening,
                other => panic!("{other:?}"),
            }
        };
        let allowed = parent.delegations;
        for delegations in [allowed, allowed + 1, 7] {
            let widening = refused(&|t| t.delegations = delegations);
            assert_eq!(widening, Widening::Delegations { allowed });
        }
        for start in [parent.not_before - 1, 0] {
            let widening = refused(&|t| t.not_before = start);
            assert_eq!(widening, Widening::Start { earliest: parent.not_before });
        }
        for end in [parent.not_after + 1, 253_402_300_799] {
            let widening = refused(&|t| t.not_after = end);
            assert_eq!(widening, Widening::End { latest: parent.not_after });
        }
        for (capabilities, extra) in [
            ("ops.status,ops.admin", "ops.admin"),
            ("ops.statu", "ops.statu"),
            ("ops.status.all", "ops.status.all"),
            ("OPS.STATUS", "OPS.STATUS"),
            ("*", "*"),
            ("\u{43e}ps.status", "\u{43e}ps.status"),
        ] {
            let widening = refused(&|t| t.capabilities = Capabilities::from_role(capabilities));
            assert_eq!(widening, Widening::Capability(extra.into()));
        }
        for (wider, extra) in [
            (vec![], "everything"),
            (vec!["Fleet", "Billing"], "Billing"),
            (vec!["Fleet", "Billing@3"], "Billing@3"),
            (vec!["Store.get"], "Store.get"),
        ] {
            let widening = refused(&|t| t.audience = audience(&wider));
            assert_eq!(widening, Widening::Audience(extra.into()));
        }
    }
    // As wide as the parent, and one step inside of it.
    for change in [
        (|t: &mut Terms| t.not_before = NOW - 18) as fn(&mut Terms),
        |t| t.not_after = NOW + 18,
        |t| t.delegations = 3,
        |t| t.delegations = 0,
        |t| t.capabilities = Capabilities::default(),
        |t| t.audience = audience(&["Billing@2.pay", "Fleet@7"]),
    ] {
        assert!(verify(&changed(3, change), 3).is_ok());
    }
}

#[test]
fn b15_a21_a_delegation_cannot_widen_by_leaving_out() {
    // No audience is everything, so only a parent without one may have it.
    let chain = changed(3, |t| t.audience = Audience::any());
    assert_eq!(verify(&chain, 3), Err(widened(3, Widening::Audience("everything".into()))));
    // No capabilities are none.
    let chain = changed(3, |t| t.capabilities = Capabilities::default());
    assert!(verify(&chain, 3).unwrap().capabilities().is_empty());
}

#[test]
fn a21_a_holder_that_may_not_delegate_cannot() {
    let last = Terms { delegations: 0, ..terms(1) };
    let chain = build(vec![last.clone(), Terms { delegations: 0, ..terms(2) }]);
    assert_eq!(verify(&chain, 2), Err(widened(2, Widening::Delegations { allowed: 0 })));
    let chain = Chain::issue(&root(), last).unwrap();
    let refused = chain.delegate(&node(1), Terms { delegations: 0, ..terms(2) });
    assert_eq!(refused, Err(Widening::Delegations { allowed: 0 }.into()));
}

#[test]
fn a22_no_key_is_in_a_chain_twice() {
    for (subjects, key) in [([1, 2, 1], 1), ([1, 1, 2], 1), ([1, 2, 2], 2), ([2, 1, 2], 2)] {
        let terms = three().into_iter().zip(subjects);
        let terms = terms.map(|(terms, n)| Terms { subject: peer(n), ..terms }).collect();
        let refused = verify(&build(terms), subjects[2]);
        assert_eq!(refused, Err(ChainRefusal::RepeatedKey { key: peer(key) }));
    }
    // The root key is no holder.
    let chain = changed(3, |t| t.subject = root_peer());
    let refused = chain.verify(&trusted(), root_peer(), NOW, &nothing_revoked());
    assert_eq!(refused, Err(ChainRefusal::RepeatedKey { key: root_peer() }));
}

#[test]
fn only_the_holder_before_can_continue_a_chain() {
    let Chain { first, delegated } = chain(2);
    // A stranger continues it in his own name.
    let own = link(&node(9), Some(first.id()), three()[1].clone());
    let chain = Chain { first: first.clone(), delegated: vec![own] };
    assert_eq!(verify(&chain, 2), Err(ChainRefusal::Issuer { link: 2 }));
    // A stranger continues it in the holder's name.
    let parent = *first.id().as_bytes();
    let claims = Claims { salt: [7; 16], parent, issuer: peer(1), terms: three()[1].clone() };
    let forged = Link::sign(claims, |bytes| RootKey::from_seed(&[9; 32]).sign(bytes)).unwrap();
    let chain = Chain { first: first.clone(), delegated: vec![forged] };
    assert_eq!(verify(&chain, 2), Err(ChainRefusal::Signature { link: 2, issuer: peer(1) }));
    // Somebody else than the root key in the root key's name.
    let claims = Claims { salt: [7; 16], parent: [0; 32], issuer: root_peer(), terms: terms(2) };
    let forged = Link::sign(claims, |bytes| RootKey::from_seed(&[9; 32]).sign(bytes)).unwrap();
    let chain = Chain { first: forged, delegated: Vec::new() };
    let refused = Err(ChainRefusal::Signature { link: 1, issuer: root_peer() });
    assert_eq!(verify(&chain, 2), refused);
    // The delegated link alone.
    let chain = Chain { first: delegated[0].clone(), delegated: Vec::new() };
    let refused = ChainRefusal::OtherRoot { issuer: peer(1), trusted: root_peer() };
    assert_eq!(verify(&chain, 2), Err(refused));
}

#[test]
fn a22_links_cannot_be_moved_dropped_or_doubled() {
    let links: Vec<Link> = chain(3).links().cloned().collect();
    let with = |order: &[usize]| {
        let mut links: Vec<_> = order.iter().map(|at| links[*at].clone()).collect();
        let first = links.remove(0);
        Chain { first, delegated: links }
    };
    assert!(verify(&with(&[0, 1, 2]), 3).is_ok());
    for order in [&[0, 2][..], &[0, 2, 1], &[0, 0, 1, 2], &[0, 1, 1, 2], &[0, 1, 2, 2]] {
        for holder in 1..=3 {
            assert!(verify(&with(order), holder).is_err(), "{order:?}");
        }
    }
    // A shorter chain is its last subject's, not the old holder's.
    assert!(verify(&with(&[0, 1]), 3).is_err());
    assert!(verify(&with(&[0, 1]), 2).is_ok());
}

#[test]
fn a22_a_link_cannot_be_moved_to_another_chain() {
    // Two chains of the same keys: only the ids differ.
    let (one, two) = (chain(2), chain(2));
    let mixed = Chain { first: one.first.clone(), delegated: two.delegated };
    let parent = Some(two.first.id());
    assert_eq!(verify(&mixed, 2), Err(ChainRefusal::Parent { link: 2, parent }));
    // A first link that continues something, and a second that does not.
    let first = link(&root_identity(), Some(two.first.id()), terms(1));
    let refused = verify(&Chain { first, delegated: Vec::new() }, 1);
    assert_eq!(refused, Err(ChainRefusal::Parent { link: 1, parent }));
    let second = link(&node(1), None, three()[1].clone());
    let refused = verify(&Chain { first: one.first, delegated: vec![second] }, 2);
    assert_eq!(refused, Err(ChainRefusal::Parent { link: 2, parent: None }));
}

#[test]
fn b10_a23_whatever_is_revoked_ends_every_chain_that_depends_on_it() {
    let chain = chain(3);
    let grant = verify(&chain, 3).unwrap();
    let revoke = |ids: Vec<CredentialId>, keys: Vec<PeerId>| {
        let list = RevocationList::first(&root(), NOW, ids, keys).unwrap();
        nothing_revoked().merge(&list).unwrap().unwrap()
    };
    let verify_with =
        |revocations: &Revocations| chain.verify(&trusted(), peer(3), NOW, revocations);
    for id in chain.links().map(Link::id) {
        let (revocations, revoked) = (revoke(vec![id], vec![]), Revoked::Credential(id));
        assert_eq!(verify_with(&revocations), Err(ChainRefusal::Revoked(revoked)));
        assert_eq!(grant.revoked(&revocations), Some(revoked));
    }
    for key in [root_peer(), peer(1), peer(2), peer(3)] {
        let (revocations, revoked) = (revoke(vec![], vec![key]), Revoked::Key(key));
        assert_eq!(verify_with(&revocations), Err(ChainRefusal::Revoked(revoked)));
        assert_eq!(grant.revoked(&revocations), Some(revoked));
    }
    // A sibling that has the same keys but another id stands.
    let id = crate::trust::fixtures::chain(3).last().id();
    let revocations = revoke(vec![id], vec![peer(4)]);
    assert_eq!(verify_with(&revocations), Ok(grant.clone()));
    assert_eq!(grant.revoked(&revocations), None);
}

#[test]
fn delegating_needs_the_holders_key_and_narrower_terms() {
    let chain = Chain::issue(&root(), terms(1)).unwrap();
    let wrong = chain.delegate(&node(2), terms(3)).unwrap_err();
    assert_eq!(wrong, DelegateError::OtherHolder { subject: peer(1), holder: peer(2) });
    let narrow = Terms { delegations: 3, ..terms(2) };
    let two = chain.delegate(&node(1), narrow.clone()).unwrap();
    assert!(verify(&two, 2).is_ok());
    for repeated in [peer(1), root_peer()] {
        let terms = Terms { subject: repeated, ..narrow.clone() };
        let refused = chain.delegate(&node(1), terms).unwrap_err();
        assert_eq!(refused, DelegateError::RepeatedKey(repeated));
    }
    let wide = Terms { not_after: NOW + 101, ..narrow.clone() };
    let refused = chain.delegate(&node(1), wide).unwrap_err();
    assert_eq!(refused, Widening::End { latest: NOW + 100 }.into());
    let empty = Terms { not_before: NOW, not_after: NOW, ..narrow };
    let refused = chain.delegate(&node(1), empty).unwrap_err();
    assert_eq!(refused, InvalidTerms::Window.into());
    assert_eq!(
        Chain::issue(&root(), Terms { delegations: 8, ..terms(1) }),
        Err(InvalidTerms::Delegations)
    );
    // Nothing of the parent has changed, and no two links are the same.
    let again = chain.delegate(&node(1), Terms { delegations: 3, ..terms(2) }).unwrap();
    assert_ne!(again.last().id(), two.last().id());
    assert_eq!(again.links().next(), two.links().next());
}

#[test]
fn refusals_say_what_is_wrong() {
    let id = CredentialId::from_bytes([0xab; 32]);
    for (refusal, text) in [
        (
            ChainRefusal::Expired { not_after: NOW, now: NOW + 10_800 },
            "it expired 3 h ago (2027-01-15T08:00:00Z)",
        ),
        (
            ChainRefusal::NotYet { not_before: NOW, now: NOW - 60 },
            "it is not valid for another 60 s (until 2027-01-15T08:00:00Z)",
        ),
        (ChainRefusal::Revoked(Revoked::Credential(id)), "the credential ababababab is revoked"),
        (ChainRefusal::Revoked(Revoked::Key(peer(2))), "the key 8139770ea8 is revoked"),
        (
            ChainRefusal::Parent { link: 2, parent: Some(id) },
            "link 2 continues another credential (ababababab)",
        ),
        (
            ChainRefusal::Parent { link: 2, parent: None },
            "link 2 continues another credential (none)",
        ),
        (
            widened(2, Widening::Delegations { allowed: 0 }),
            "link 2 gives more than it has: the credential it comes from may not be delegated",
        ),
        (
            widened(3, Widening::Delegations { allowed: 2 }),
            "link 3 gives more than it has: it may allow fewer than 2 further delegations",
        ),
    ] {
        assert_eq!(refusal.to_string(), text);
    }
}

proptest! {
    /// Whatever two links say: a chain that verifies gives its holder nothing
    /// that the first link does not give.
    #[test]
    fn a21_a_delegation_never_adds_anything(
        outer in any_terms(1),
        inner in any_terms(2),
        now in 0..12u64,
    ) {
        let chain = build(vec![outer.clone(), inner.clone()]);
        let Ok(grant) = verify_at(&chain, 2, now) else { return Ok(()) };
        let parent = build(vec![outer]);
        let given = verify_at(&parent, 1, now).unwrap();
        for capability in ["a", "b", "c"] {
            let (has, had) =
                (grant.capabilities().contains(capability), given.capabilities().contains(capability));
            prop_assert!(!has || had);
        }
        for service in [service("A", 1), service("A", 2), service("B", 1)] {
            for method in [method("x"), method("y")] {
                prop_assert!(!grant.is_for(&service, &method) || given.is_for(&service, &method));
            }
        }
        prop_assert!(grant.not_after() <= given.not_after());
    }
}

fn any_terms(subject: u8) -> impl Strategy<Value = Terms> {
    let entries = ["A", "A@1", "A.x", "A@1.x", "A@2.y", "B", "B.y"];
    (
        (0..10u64, 1..10u64),
        proptest::sample::subsequence(vec!["a", "b", "c"], 0..=3),
        proptest::sample::subsequence(entries.to_vec(), 0..=3),
        0..=3u8,
    )
        .prop_map(move |((start, length), capabilities, entries, delegations)| Terms {
            subject: peer(subject),
            not_before: start,
            not_after: start + length,
            capabilities: Capabilities::from_role(&capabilities.join(",")),
            audience: audience(&entries),
            delegations,
        })
}
