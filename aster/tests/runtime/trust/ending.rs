//! How admissions end while calls run.

use std::time::Duration;

use aster::trust::{ConsumerCredential, CredentialId, RevocationList, RootKey};
use aster::{AsterClient, Code, Identity};

use super::setup::{DeskClient, Domain, FleetClient, client, now};
use crate::service::{number, soon};

/// A client whose credential is for so many seconds.
async fn short_lived(domain: &Domain, seconds: u64) -> AsterClient {
    let node = Identity::generate();
    let mut attributes = aster::trust::Attributes::new();
    attributes.insert("aster.role", "ops.logs,ops.desk,ops.ingest").unwrap();
    let peer = Some(node.peer());
    let credential =
        ConsumerCredential::sign_policy(&domain.root, peer, now() + seconds, attributes);
    client(&node).credential(credential).connect(domain.address()).await.unwrap()
}

#[tokio::test]
async fn b10_a18_expiry_ends_streams_calls_sessions_and_the_connection() {
    let domain = Domain::new().await;
    let client = short_lived(&domain, 3).await;
    let fleet = FleetClient::new(&client).unwrap();
    let desk = DeskClient::open(&client).await.unwrap();
    assert_eq!(desk.add(number(1)).await.unwrap(), number(1));
    let mut logs = fleet.logs(number(7)).await.unwrap();
    assert_eq!(logs.message().await.unwrap(), Some(number(7)));
    let (_sender, numbers) = aster::channel(1);
    let ingest = tokio::spawn(fleet.ingest(numbers).into_future());
    // All of them end by themselves, with a status that says why.
    for status in
        [soon(logs.message()).await.unwrap_err(), soon(ingest).await.unwrap().unwrap_err()]
    {
        assert_eq!(status.code(), Code::Unauthenticated, "{status}");
        assert!(status.message().contains("has expired"), "{status}");
    }
    // The session is over, and there is no way back with this credential.
    let status = soon(desk.add(number(1)).into_future()).await.unwrap_err();
    assert!(
        matches!(
            status.code(),
            Code::Unauthenticated | Code::PermissionDenied | Code::Unavailable | Code::Cancelled
        ),
        "{status}"
    );
    tokio::time::sleep(aster::limits::ENDING_GRACE * 2).await;
    let status = soon(fleet.hello(number(1)).into_future()).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied, "{status}");
    assert!(status.message().contains("expired"), "{status}");
}

#[tokio::test]
async fn a23_a_pushed_revocation_ends_what_it_names_and_nothing_else() {
    let domain = Domain::new().await;
    let (node, other) = (Identity::generate(), Identity::generate());
    let credential = domain.credential(&node, "ops.logs");
    let id = CredentialId::of_credential(&credential.clone().into());
    let revoked = client(&node).credential(credential).connect(domain.address()).await.unwrap();
    let kept = client(&other)
        .credential(domain.credential(&other, "ops.logs"))
        .connect(domain.address())
        .await
        .unwrap();
    let (revoked, kept) = (FleetClient::new(&revoked).unwrap(), FleetClient::new(&kept).unwrap());
    let mut ends = revoked.logs(number(1)).await.unwrap();
    let mut goes_on = kept.logs(number(2)).await.unwrap();
    assert_eq!(ends.message().await.unwrap(), Some(number(1)));
    assert_eq!(goes_on.message().await.unwrap(), Some(number(2)));

    let list = RevocationList::first(&domain.root, now(), [id], []).unwrap();
    assert!(domain.server.revoke(&list).unwrap());
    let status = soon(ends.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    assert!(status.message().contains("has been revoked"), "{status}");
    // The next connection is refused as well, and names the reason to nobody.
    tokio::time::sleep(aster::limits::ENDING_GRACE * 2).await;
    let status = soon(revoked.hello(number(1)).into_future()).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied, "{status}");
    let quiet = tokio::time::timeout(Duration::from_millis(300), goes_on.message()).await;
    assert!(quiet.is_err(), "the other caller's stream goes on");
    assert_eq!(kept.hello(number(3)).await.unwrap(), number(3));

    // Neither an old list nor one of somebody else takes effect.
    let foreign = RevocationList::first(&RootKey::generate(), now(), [], [other.peer()]).unwrap();
    assert!(domain.server.revoke(&foreign).is_err());
    assert_eq!(kept.hello(number(3)).await.unwrap(), number(3));
}

#[tokio::test]
async fn a23_a47_a_revocation_list_in_a_file_takes_effect_without_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revoked.json");
    let root = RootKey::generate();
    let first = RevocationList::first(&root, now(), [], []).unwrap();
    first.save(&path).unwrap();
    let trusted = root.public_key();
    let file = path.clone();
    let mut domain = Domain::with(move |builder| {
        // The last word on the root counts.
        builder.root_pubkey(trusted).revocation_file(file)
    })
    .await;
    domain.root = root;
    let node = Identity::generate();
    let client = client(&node)
        .credential(domain.credential(&node, "ops.logs"))
        .connect(domain.address())
        .await
        .unwrap();
    let fleet = FleetClient::new(&client).unwrap();
    let mut logs = fleet.logs(number(1)).await.unwrap();
    assert_eq!(logs.message().await.unwrap(), Some(number(1)));

    // A47: what is damaged, and what is older, changes nothing.
    std::fs::write(&path, "{").unwrap();
    tokio::time::sleep(aster::limits::ADMISSION_INTERVAL * 3).await;
    assert_eq!(fleet.hello(number(2)).await.unwrap(), number(2));
    std::fs::remove_file(&path).unwrap();
    first.next(&domain.root, now(), [], [node.peer()]).unwrap().save(&path).unwrap();
    let status = soon(logs.message()).await.unwrap_err();
    assert!(status.message().contains("has been revoked"), "{status}");
}

#[tokio::test]
async fn a_server_that_starts_again_admits_its_clients_anew() {
    let domain = Domain::with(|builder| builder.identity(Identity::from_secret([7; 32]))).await;
    let client = domain.client("ops.status").await;
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.status(number(1)).await.unwrap(), number(1));
    let bound = domain.server.address().direct[0];
    let Domain { server, root, directory, .. } = domain;
    server.shutdown().await;
    // The port is free a moment after the shutdown.
    let again = soon(async {
        loop {
            let builder = super::setup::builder(&Default::default(), &Default::default())
                .root_pubkey(root.public_key())
                .nonce_store(directory.path().join("nonces.json"))
                .identity(Identity::from_secret([7; 32]))
                .bind_address(bound);
            match builder.bind().await {
                Ok(server) => break server,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    });
    let again = again.await;
    assert_eq!(soon(fleet.status(number(2)).into_future()).await.unwrap(), number(2));
    drop(again);
}
