//! One-time credentials under attack.

use aster::AsterServerBuilder;
use aster::trust::{Attributes, ConsumerCredential, Nonce, NonceStore, RootKey};
use futures::future::join_all;

use super::setup::{Domain, now};
use super::stranger::Stranger;
use super::wire::DENIAL;

fn one_time(root: &RootKey, node: Option<aster::PeerId>, nonce: Nonce) -> ConsumerCredential {
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.status").unwrap();
    ConsumerCredential::sign_one_time(root, node, now() + 60, attributes, nonce)
}

#[tokio::test]
async fn b8_a12_used_a_hundred_times_at_once_it_admits_once() {
    let domain = Domain::with(AsterServerBuilder::allow_unbound_credentials).await;
    let text = one_time(&domain.root, None, Nonce::generate()).to_wire_json();
    let strangers = join_all((0..10).map(|_| Stranger::new(&domain))).await;
    let attempts = strangers.iter().flat_map(|stranger| {
        let present = |_| stranger.present(&text);
        (0..10).map(present).collect::<Vec<_>>()
    });
    let answers = join_all(attempts).await;
    let denied = answers.iter().filter(|answer| *answer == DENIAL.as_bytes()).count();
    assert_eq!((answers.len(), denied), (100, 99));
}

#[tokio::test]
async fn b8_a13_strangers_cannot_burn_a_credential_or_fill_the_store() {
    let domain = Domain::new().await;
    let path = domain.directory.path().join("nonces.json");
    let (holder, thief) = (Stranger::new(&domain).await, Stranger::new(&domain).await);
    let nonce = Nonce::generate();
    let good = one_time(&domain.root, Some(holder.peer()), nonce).to_wire_json();
    let foreign = RootKey::generate();
    let forge = |credential: &ConsumerCredential| {
        let named = domain.root.public_key().to_string();
        credential.to_wire_json().replace(&foreign.public_key().to_string(), &named)
    };
    for round in 0..20 {
        for forged in [
            // The nonce of the good one under another key, with either name.
            one_time(&foreign, Some(thief.peer()), nonce).to_wire_json(),
            forge(&one_time(&foreign, Some(thief.peer()), nonce)),
            // Nonces that nobody signed.
            forge(&one_time(&foreign, Some(thief.peer()), Nonce::generate())),
            // The good one, stolen, and without its node.
            good.clone(),
            good.replace(&holder.peer().to_string(), &thief.peer().to_string()),
        ] {
            assert_eq!(thief.present(&forged).await, DENIAL.as_bytes(), "{round}");
        }
    }
    assert!(!path.exists(), "nothing was written down");
    assert_ne!(holder.present(&good).await, DENIAL.as_bytes());
    let stored = std::fs::read(&path).unwrap();
    assert!(NonceStore::open(&path).unwrap().is_used(&nonce).unwrap());
    // Used once, it takes one place, however often it is shown.
    for stranger in [&holder, &thief, &holder] {
        assert_eq!(stranger.present(&good).await, DENIAL.as_bytes());
    }
    assert_eq!(std::fs::read(&path).unwrap(), stored);
}
