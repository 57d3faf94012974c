//! Gate 1 over the wire: which credentials admit.

use std::sync::atomic::Ordering;

use aster::trust::{Attributes, ConsumerCredential, Nonce, ProducerCredential, RootKey};
use aster::{AsterClient, AsterServerBuilder, ConnectError, ContractCheck, Identity, StartError};

use super::setup::{Domain, FleetClient, builder, client, now};
use crate::service::{loopback, number};

fn role(role: &str) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", role).unwrap();
    attributes
}

#[tokio::test]
async fn an_admitted_client_knows_what_its_credential_says() {
    let domain = Domain::new().await;
    let client = domain.client("ops.status").await;
    assert_eq!(client.attributes()["aster.role"], "ops.status");
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.status(number(2)).await.unwrap(), number(2));
    // And can fetch the contract: blobs and documents are behind the same gate.
    assert_eq!(client.contract("Fleet").await.unwrap().service, "Fleet");
}

#[tokio::test]
async fn without_a_credential_nobody_comes_in() {
    let domain = Domain::new().await;
    let node = Identity::generate();
    let error = client(&node).connect(domain.address()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("no credential was presented"), "{text}");
    assert!(text.contains(&node.peer().to_string()), "{text}");
}

#[tokio::test]
async fn a9_what_this_side_can_see_to_be_wrong_is_not_sent() {
    let domain = Domain::new().await;
    let (node, other) = (Identity::generate(), Identity::generate());
    let expired =
        ConsumerCredential::sign_policy(&domain.root, Some(node.peer()), now() - 7200, role("x"));
    let unbound = ConsumerCredential::sign_policy(&domain.root, None, now() + 60, role("x"));
    for (credential, expected) in [
        (expired, "expired 2 h ago"),
        (domain.credential(&other, "ops.status"), "bound to another node"),
        (unbound, "it names no node, so every server that sees it could use it"),
    ] {
        let connecting = client(&node).credential(credential).connect(domain.address());
        let error = connecting.await.unwrap_err();
        assert!(matches!(error, ConnectError::Credential { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    // Of another root, where the root is known.
    let connecting = client(&node)
        .root_pubkey(RootKey::generate().public_key())
        .credential(domain.credential(&node, "ops.status"))
        .connect(domain.address());
    assert!(connecting.await.unwrap_err().to_string().contains("signed by another root"));
}

#[tokio::test]
async fn a8_a11_a_credential_of_another_root_does_not_admit() {
    let domain = Domain::new().await;
    let node = Identity::generate();
    let foreign = RootKey::generate();
    let credential = ConsumerCredential::sign_policy(
        &foreign,
        Some(node.peer()),
        now() + 60,
        role("ops.status"),
    );
    let error = client(&node).credential(credential).connect(domain.address()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&foreign.public_key().short()), "{text}");
    assert!(text.contains("the server trusts another root or has revoked it"), "{text}");
}

#[tokio::test]
async fn b30_an_unbound_credential_needs_both_sides_to_say_so() {
    let unbound = |domain: &Domain| {
        ConsumerCredential::sign_policy(&domain.root, None, now() + 60, role("ops.status"))
    };
    let strict = Domain::new().await;
    let sending = |domain: &Domain| {
        client(&Identity::generate()).allow_unbound_credentials().credential(unbound(domain))
    };
    let error = sending(&strict).connect(strict.address()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");
    let lax = Domain::with(AsterServerBuilder::allow_unbound_credentials).await;
    let client = sending(&lax).connect(lax.address()).await.unwrap();
    assert_eq!(FleetClient::new(&client).unwrap().status(number(1)).await.unwrap(), number(1));
}

#[tokio::test]
async fn b8_a12_a_one_time_credential_admits_once_also_after_a_restart() {
    let domain = Domain::new().await;
    let node = Identity::generate();
    let credential = ConsumerCredential::sign_one_time(
        &domain.root,
        Some(node.peer()),
        now() + 60,
        role("ops.status"),
        Nonce::generate(),
    );
    let connect = |address: String| {
        let builder = client(&node).credential(credential.clone());
        async move { builder.connect(&address).await }
    };
    let first = connect(domain.address().to_owned()).await.unwrap();
    assert_eq!(FleetClient::new(&first).unwrap().status(number(1)).await.unwrap(), number(1));
    let error = connect(domain.address().to_owned()).await.unwrap_err();
    assert!(error.to_string().contains("has seen it used"), "{error}");

    // Another server with the same store: a restart, or a replica.
    let second = builder(&Default::default(), &Default::default())
        .root_pubkey(domain.root.public_key())
        .nonce_store(domain.directory.path().join("nonces.json"))
        .bind()
        .await
        .unwrap();
    let error = connect(second.address().to_string()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");
}

#[tokio::test]
async fn b8_a_damaged_store_of_used_credentials_keeps_the_server_from_starting() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    aster::trust::NonceStore::open(&path).unwrap();
    std::fs::write(&path, "{\"consumed\":[").unwrap();
    let error = builder(&Default::default(), &Default::default())
        .root_pubkey(RootKey::generate().public_key())
        .nonce_store(&path)
        .bind()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Nonces(_)), "{error}");
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[tokio::test]
async fn b4_a_producers_credential_does_not_admit_a_client() {
    let domain = Domain::new().await;
    let node = Identity::generate();
    let path = domain.directory.path().join("producer.json");
    let credential = ProducerCredential::sign(&domain.root, node.peer(), now() + 60, role("x"));
    aster::trust::Credential::from(credential).save_new(&path).unwrap();
    let connecting = client(&node).credential_file(&path).connect(domain.address());
    let error = connecting.await.unwrap_err();
    assert!(error.to_string().contains("producer's credential"), "{error}");
}

#[tokio::test]
async fn b2_a_contradiction_is_no_server() {
    let root = RootKey::generate().public_key();
    let start = || builder(&Default::default(), &Default::default());
    let error = start().root_pubkey(root).open_gate().bind().await.unwrap_err();
    assert!(error.to_string().contains("the gate cannot be open and closed"), "{error}");
    let error = start()
        .open_gate()
        .identity(Identity::generate())
        .identity_file("node.id")
        .bind()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("two identities"), "{error}");
    assert!(matches!(start().bind().await, Err(StartError::NoGate)));
}

/// A file as `aster enroll node` writes it: the node's key and its credential.
#[tokio::test]
async fn b5_a_cred_file_is_all_that_a_client_needs() {
    let domain = Domain::new().await;
    let node = Identity::generate();
    let path = domain.directory.path().join("edge.cred");
    let mut file = aster::trust::IdentityFile::new(node.clone());
    file.add("edge", domain.credential(&node, "ops.status")).unwrap();
    file.save_new(&path).unwrap();
    let start = || AsterClient::builder().network(loopback());
    for builder in [start().credential_file(&path), start().identity_file(&path)] {
        let client = builder.connect(domain.address()).await.unwrap();
        let fleet = FleetClient::new_with(&client, ContractCheck::Exact).unwrap();
        assert_eq!(fleet.status(number(1)).await.unwrap(), number(1));
    }
    // B5: another key that is configured is not replaced by the file's.
    let error = client(&Identity::generate())
        .credential_file(&path)
        .connect(domain.address())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("bound to another node"), "{error}");
    assert_eq!(domain.calls.load(Ordering::SeqCst), 2);
}
