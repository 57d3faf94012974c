//! Contracts that a server keeps in a directory.

use std::path::Path;

use super::hand_made::{Announce, HandMade};
use super::*;

fn kept_in(directory: &Path) -> AsterServerBuilder {
    server().publish(Publish::Directory(directory.to_owned()))
}

async fn namespace_of(server: &AsterServer) -> String {
    let response = hello(server.address()).await;
    let client = client_of(&server.address().to_string()).await;
    assert_eq!(client.contract("Calculator").await.unwrap(), calculator());
    client.close().await;
    response["registry_namespace"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_directory_keeps_the_document_over_restarts() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("state/contracts");
    let server = kept_in(&directory).bind().await.unwrap();
    let namespace = namespace_of(&server).await;
    // One server at a time.
    let error = soon(kept_in(&directory).bind()).await.unwrap_err();
    assert!(matches!(error, StartError::Publish(_)), "{error}");
    assert!(error.to_string().contains("another server publishes"), "{error}");
    // A crash: the files as they are at this moment.
    let crashed = parent.path().join("crashed");
    copy(&directory, &crashed);
    soon(server.shutdown()).await;

    let server = kept_in(&directory).bind().await.unwrap();
    assert_eq!(namespace_of(&server).await, namespace);
    soon(server.shutdown()).await;

    let server = kept_in(&crashed).bind().await.unwrap();
    assert_eq!(namespace_of(&server).await, namespace);
    soon(server.shutdown()).await;
}

#[tokio::test]
async fn a_document_has_what_the_server_has_now() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("contracts");
    let server = kept_in(&directory).bind().await.unwrap();
    let first = namespace_of(&server).await;
    soon(server.shutdown()).await;

    // The next start has one service less.
    let one = AsterServer::builder()
        .open_gate()
        .network(loopback())
        .service(Calculator { probe: Probe::default() })
        .publish(Publish::Directory(directory));
    let server = one.bind().await.unwrap();
    assert_eq!(namespace_of(&server).await, first);
    let tally = crate::service::Tally::DESCRIPTOR;
    let announce = Announce {
        id: Contract::of(tally).id.to_string(),
        namespace: &first,
        channel: Some(server.address()),
        ..Default::default()
    };
    let error = HandMade::new(announce, |h| h).await.error().await.to_string();
    assert!(error.contains("this contract is not in it"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_directory() {
    use std::os::unix::fs::PermissionsExt;
    fn check(path: &Path) {
        let metadata = std::fs::symlink_metadata(path).unwrap();
        let mode = metadata.permissions().mode() & 0o777;
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{} has {mode:o}", path.display());
        if metadata.is_dir() {
            std::fs::read_dir(path).unwrap().for_each(|entry| check(&entry.unwrap().path()));
        }
    }
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("contracts");
    let server = kept_in(&directory).bind().await.unwrap();
    check(&directory);
    soon(server.shutdown()).await;
    check(&directory);
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_is_an_error() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    let error = kept_in(&file).bind().await.unwrap_err();
    assert!(matches!(error, StartError::Publish(_)), "{error}");
    assert!(error.to_string().contains("Publish::Memory"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");

    let damaged = parent.path().join("damaged");
    soon(kept_in(&damaged).bind().await.unwrap().shutdown()).await;
    std::fs::write(damaged.join("blobs/blobs.db"), "not a database").unwrap();
    let error = soon(kept_in(&damaged).bind()).await.unwrap_err();
    assert!(matches!(error, StartError::Publish(_)), "{error}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
