use std::time::Duration;

use super::*;
use crate::identity::Identity;
use crate::trust::{Attributes, ConsumerCredential, CredentialId, Nonce, RootKey};

pub(super) fn root() -> RootKey {
    RootKey::from_seed(&[0x52; 32])
}

pub(super) fn node(number: u8) -> PeerId {
    Identity::from_secret([number; 32]).peer()
}

pub(super) fn admissions(max: usize) -> Admissions {
    let nonces = Nonces::Store(Arc::new(NonceStore::in_memory()));
    Admissions::closed(Trusted::new(root().public_key(), nonces, false), max)
}

/// A credential of a node for so many seconds from now.
pub(super) fn credential(number: u8, seconds: u64) -> ConsumerCredential {
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.status").unwrap();
    let ends = Now::read().epoch + seconds;
    ConsumerCredential::sign_policy(&root(), Some(node(number)), ends, attributes)
}

pub(super) async fn admit(admissions: &Admissions, number: u8, seconds: u64) -> Arc<Admitted> {
    let text = credential(number, seconds).to_wire_json();
    admissions.admit(node(number), &text).await.unwrap()
}

pub(super) fn later(now: Now, seconds: u64) -> Now {
    Now { epoch: now.epoch + seconds, steady: now.steady + Duration::from_secs(seconds), ..now }
}

/// Waits for its end.
pub(super) async fn ends(admitted: &Admitted) {
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, admitted.ended()).await.expect("it does not end");
}

pub(super) async fn has_ended(admitted: &Admitted) -> bool {
    let ended = admitted.ended();
    tokio::time::timeout(Duration::from_millis(1), ended).await.is_ok()
}

#[tokio::test]
async fn b10_what_is_over_ends_and_the_rest_goes_on() {
    let admissions = admissions(10);
    let (short, long) = (admit(&admissions, 1, 60).await, admit(&admissions, 2, 600).await);
    let now = Now::read();
    assert_eq!(admissions.root(), Some(root().public_key()));
    assert_eq!(admissions.sweep(now), 0);
    assert!(admissions.connection(node(1), Protocol::Calls).is_ok());
    assert_eq!(admissions.sweep(later(now, 120)), 1);
    assert!(has_ended(&short).await && !has_ended(&long).await);
    assert_eq!(short.ending(), gate::Ending::Expired);
    assert!(short.is_over(now), "what has ended stays over");
    assert!(admissions.connection(node(1), Protocol::Calls).is_err());
    assert!(admissions.connection(node(2), Protocol::Calls).is_ok());
}

#[tokio::test]
async fn a17_a_clock_that_is_set_back_makes_nothing_live_longer() {
    let admissions = admissions(10);
    let admitted = admit(&admissions, 1, 60).await;
    let now = Now::read();
    let back = |seconds| Now {
        epoch: now.epoch - 10_000,
        steady: now.steady + Duration::from_secs(seconds),
        ..now
    };
    assert!(!admitted.is_over(back(58)));
    assert!(admitted.is_over(back(61)));
    // Nor does one that is set forward keep it alive.
    assert!(admitted.is_over(Now { epoch: now.epoch + 61, ..now }));
    assert!(!admitted.is_over(Now { epoch: now.epoch + 58, ..now }));
}

#[tokio::test]
async fn a_newer_admission_replaces_the_older_which_still_ends_in_its_time() {
    let admissions = admissions(10);
    let first = admit(&admissions, 1, 60).await;
    assert!(!first.is_replaced());
    let second = admit(&admissions, 1, 600).await;
    assert!(first.is_replaced() && !second.is_replaced());
    assert!(Arc::ptr_eq(&admissions.current(node(1)).unwrap(), &second));
    // Calls of the first do not outlive its credential.
    assert_eq!(admissions.sweep(later(Now::read(), 120)), 0);
    assert!(has_ended(&first).await && !has_ended(&second).await);
    assert!(admissions.connection(node(1), Protocol::Calls).is_ok());
}

#[tokio::test]
async fn a23_a_revocation_ends_and_keeps_out() {
    let admissions = admissions(10);
    let good = credential(1, 600);
    let id = CredentialId::of_credential(&good.clone().into());
    let admitted = admissions.admit(node(1), &good.to_wire_json()).await.unwrap();
    let other = admit(&admissions, 2, 600).await;
    let list = RevocationList::first(&root(), 1, [id], []).unwrap();
    assert!(admissions.revoke(&list).unwrap());
    assert!(!admissions.revoke(&list).unwrap(), "it is in force already");
    assert!(has_ended(&admitted).await && !has_ended(&other).await);
    assert!(matches!(admitted.ending(), gate::Ending::Revoked(_)));
    let denial = admissions.admit(node(1), &good.to_wire_json()).await.unwrap_err();
    assert!(denial.to_string().ends_with("is revoked"), "{denial}");
    // Another credential of the same node is another matter; its key is not.
    let fresh = admit(&admissions, 1, 700).await;
    assert!(!admissions.is_revoked(&node(1)));
    let list = list.next(&root(), 2, [], [node(1)]).unwrap();
    assert!(admissions.revoke(&list).unwrap());
    assert!(has_ended(&fresh).await && admissions.is_revoked(&node(1)));
    let text = credential(1, 800).to_wire_json();
    assert!(admissions.admit(node(1), &text).await.is_err());
    assert!(!has_ended(&other).await);
}

#[tokio::test]
async fn b16_the_table_is_bounded_and_makes_room_for_what_is_over() {
    let admissions = admissions(2);
    let first = admit(&admissions, 1, 1).await;
    admit(&admissions, 2, 600).await;
    let third = credential(3, 600).to_wire_json();
    let denial = admissions.admit(node(3), &third).await.unwrap_err();
    assert!(denial.to_string().contains("max_admitted_peers"), "{denial}");
    // Who is in it may come again.
    admit(&admissions, 2, 600).await;
    // Until its second is over.
    for _ in 0..1000 {
        if first.is_over(Now::read()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    admissions.admit(node(3), &third).await.unwrap();
    assert!(has_ended(&first).await, "making room ends what was there");
}

#[tokio::test]
async fn a13_only_a_credential_that_fits_is_used_up() {
    let admissions = admissions(10);
    let nonce = Nonce::generate();
    let ends = Now::read().epoch + 60;
    let one_time = |root: &RootKey| {
        ConsumerCredential::sign_one_time(root, Some(node(1)), ends, Attributes::new(), nonce)
    };
    let forged = one_time(&RootKey::generate()).to_wire_json();
    let good = one_time(&root()).to_wire_json();
    assert!(admissions.admit(node(1), &forged).await.is_err());
    assert!(admissions.admit(node(2), &good).await.is_err(), "not bound to this node");
    admissions.admit(node(1), &good).await.unwrap();
    let denial = admissions.admit(node(1), &good).await.unwrap_err();
    assert!(denial.to_string().contains("used already"), "{denial}");
}

#[tokio::test]
async fn one_time_credentials_need_a_place_to_be_written_down() {
    let ends = Now::read().epoch + 60;
    let (attributes, nonce) = (Attributes::new(), Nonce::generate());
    let good = ConsumerCredential::sign_one_time(&root(), Some(node(1)), ends, attributes, nonce);
    let good = good.to_wire_json();
    let with = |nonces| Admissions::closed(Trusted::new(root().public_key(), nonces, false), 10);
    let denial = with(Nonces::Nowhere).admit(node(1), &good).await.unwrap_err();
    assert!(denial.to_string().contains("nonce_store"), "{denial}");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    with(Nonces::File(path.clone())).admit(node(1), &good).await.unwrap();
    assert!(with(Nonces::File(path.clone())).admit(node(1), &good).await.is_err());
    std::fs::write(&path, "").unwrap();
    assert!(with(Nonces::File(path)).admit(node(1), &good).await.is_err(), "never forgets");
}

#[tokio::test]
async fn an_open_gate_knows_everybody_and_trusts_nobody() {
    let admissions = Admissions::open();
    assert_eq!((admissions.gate(), admissions.root()), (Gate::Open, None));
    let admitted = admissions.admit(node(1), "whatever").await.unwrap();
    assert!(admitted.grant.capabilities().is_empty() && admitted.attributes.is_empty());
    assert!(!has_ended(&admitted).await);
    let connected = admissions.connection(node(1), Protocol::Other).unwrap();
    assert_eq!(connected.grant.peer(), node(1));
    assert!(!connected.is_over(Now { epoch: u64::MAX - 1, ..Now::read() }));
    assert!(!admissions.is_revoked(&node(1)));
    assert!(
        !admissions.revoke(&RevocationList::first(&root(), 1, [], [node(1)]).unwrap()).unwrap()
    );
}

#[tokio::test]
async fn a_gate_for_this_program_only_lets_nobody_in() {
    let admissions = Admissions::local();
    assert_eq!((admissions.gate(), admissions.root()), (Gate::Closed, None));
    assert!(admissions.admit(node(1), "").await.is_err());
    assert!(admissions.connection(node(1), Protocol::Calls).is_err());
    assert!(admissions.connection(node(1), Protocol::Admission).is_err());
}

/// Requests around the credential, as the reference was asked.
#[tokio::test]
async fn b25_requests_of_the_reference() {
    #[derive(serde::Deserialize)]
    struct Vectors {
        requests: Vec<Request>,
    }
    #[derive(serde::Deserialize)]
    struct Request {
        name: String,
        open: bool,
        body: String,
        admitted: bool,
    }
    let vectors: Vectors = serde_json::from_str(include_str!("../../vectors/trust.json")).unwrap();
    assert_eq!(vectors.requests.len(), 8);
    for Request { name, open, body, admitted } in vectors.requests {
        let admissions = if open { Admissions::open() } else { admissions(10) };
        let granted = match serde_json::from_str::<crate::hello::HelloRequest>(&body) {
            Ok(request) => admissions.admit(node(0x11), &request.credential_json).await.ok(),
            Err(_) => None,
        };
        // Our open gate looks at no credential: it neither turns a bad one away
        // nor gives anything for a good one.
        let expected = admitted || name == "wrong-root credential, open gate";
        assert_eq!(granted.is_some(), expected, "{name}");
        if let Some(granted) = granted {
            assert!(granted.grant.capabilities().is_empty() && granted.attributes.is_empty());
        }
    }
}

#[tokio::test]
async fn what_hooks_are_told() {
    let admissions = admissions(10);
    for (peer, expected) in [(1, [true, true, true]), (2, [true, false, false])] {
        if peer == 1 {
            admit(&admissions, 1, 60).await;
        }
        let protocols = [Protocol::Admission, Protocol::Calls, Protocol::Other];
        assert_eq!(protocols.map(|protocol| admissions.allows(node(peer), protocol)), expected);
    }
}
