//! Contracts: published by servers, fetched and verified by clients, and what
//! servers that lie, stall or flood get for it.

mod directory;
mod hand_made;

use std::time::Duration;

use aster::contract::Contract;
use aster::{
    Address, AsterClient, AsterServer, AsterServerBuilder, ContractFetchError, HELLO_ALPN, Limits,
    Publish, Service, StartError,
};
use iroh::Endpoint;
use iroh::endpoint::presets;
use iroh::protocol::Router;
use iroh_blobs::format::collection::Collection;
use iroh_blobs::store::mem::MemStore;
use iroh_blobs::{BlobsProtocol, Hash};
use serde_json::{Value, json};

use crate::service::{Calculator, Over, Probe, Setup, builder, loopback, soon};

use hand_made::{
    Announce, Endless, Gated, HandMade, Silent, error_with, is_forged, published, store_with,
};

const BLOBS_ALPN: &[u8] = b"/iroh-bytes/4";
const DOCUMENT_ALPN: &[u8] = b"/iroh-sync/1";

fn calculator() -> Contract {
    Contract::of(Calculator::DESCRIPTOR)
}

fn server() -> AsterServerBuilder {
    builder(&Probe::default(), &Default::default())
}

async fn client_of(address: &str) -> AsterClient {
    client_with(address, Limits::default()).await
}

async fn client_with(address: &str, limits: Limits) -> AsterClient {
    let builder = AsterClient::builder().network(loopback()).limits(limits);
    builder.connect(address).await.unwrap()
}

async fn endpoint() -> Endpoint {
    Endpoint::builder(presets::Minimal)
        .relay_mode(iroh::RelayMode::Disabled)
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .unwrap()
        .bind()
        .await
        .unwrap()
}

fn target(address: &Address) -> iroh::EndpointAddr {
    let id = iroh::EndpointId::from_bytes(address.peer.as_bytes()).unwrap();
    let direct = address.direct.iter().copied().map(iroh::TransportAddr::Ip);
    iroh::EndpointAddr::from_parts(id, direct)
}

/// The admission response as it is on the wire.
async fn hello(address: &Address) -> Value {
    let endpoint = endpoint().await;
    let connection = endpoint.connect(target(address), HELLO_ALPN).await.unwrap();
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    send.write_all(br#"{"credential_json":"","iid_token":""}"#).await.unwrap();
    send.finish().unwrap();
    let response = recv.read_to_end(1 << 16).await.unwrap();
    endpoint.close().await;
    serde_json::from_slice(&response).unwrap()
}

#[tokio::test]
async fn what_a_server_publishes_a_client_fetches() {
    for over in [Over::Quic, Over::Memory] {
        let setup = Setup::new(over).await;
        let contract = soon(setup.client.contract("Calculator")).await.unwrap();
        assert_eq!(contract, calculator());
        let tally = soon(setup.client.contract("Tally")).await.unwrap();
        assert_eq!(tally.service, "Tally");
        assert_ne!(tally.id, contract.id);

        let error = setup.client.contract("Calculater").await.unwrap_err();
        assert!(matches!(error, ContractFetchError::UnknownService { .. }), "{error}");
        assert!(error.to_string().contains("the server offers Calculator v1, Tally v1"), "{error}");
    }
}

#[tokio::test]
async fn a_contract_is_fetched_once() {
    let server = server().bind().await.unwrap();
    let limits = Limits { connect_timeout: Duration::from_millis(500), ..Default::default() };
    let client = client_with(&server.address().to_string(), limits).await;
    let many = (0..8).map(|_| client.contract("Calculator"));
    for contract in futures::future::join_all(many).await {
        assert_eq!(contract.unwrap(), calculator());
    }
    soon(server.shutdown()).await;
    assert_eq!(client.contract("Calculator").await.unwrap(), calculator());
    let error = soon(client.contract("Tally")).await.unwrap_err();
    assert!(matches!(error, ContractFetchError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_publish_announces_nothing_and_serves_nothing() {
    let server = server().publish(Publish::Off).bind().await.unwrap();
    let response = hello(server.address()).await;
    assert_eq!(response["registry_namespace"], "");
    assert_eq!(response["services"][0].get("contract_collection"), None);
    let endpoint = endpoint().await;
    for alpn in [BLOBS_ALPN, DOCUMENT_ALPN, b"/iroh-gossip/1"] {
        let refused = soon(endpoint.connect(target(server.address()), alpn)).await;
        let error = format!("{:#}", refused.unwrap_err());
        assert!(error.contains("120"), "{error}");
    }
    let client = client_of(&server.address().to_string()).await;
    let error = soon(client.contract("Calculator")).await.unwrap_err();
    assert!(matches!(error, ContractFetchError::NotPublished { .. }), "{error}");
    assert!(error.to_string().contains("manifest file"), "{error}");
}

#[tokio::test]
async fn nothing_else_is_served_beside_what_is_published() {
    let server = server().bind().await.unwrap();
    let endpoint = endpoint().await;
    let refused = soon(endpoint.connect(target(server.address()), b"/iroh-gossip/1")).await;
    refused.unwrap_err();
    // Nobody writes into the server's store.
    let connection = endpoint.connect(target(server.address()), BLOBS_ALPN).await.unwrap();
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    let blob = Hash::new(b"mine");
    // The variant of a push, then its length and the request.
    let mut push = vec![8, 35];
    push.extend(blob.as_bytes());
    push.extend([1, 0, 0]);
    let _ = send.write_all(&push).await;
    let _ = send.write_all(&[4, 0, 0, 0, 0, 0, 0, 0]).await;
    let _ = send.write_all(b"mine").await;
    let _ = send.finish();
    let _ = soon(recv.read_to_end(1 << 16)).await;
    let stored = soon(iroh_blobs::get::request::get_blob(connection, blob).bytes()).await;
    stored.unwrap_err();
}

#[tokio::test]
async fn a44_another_contract_than_the_announced_one_is_found_out() {
    let entries = published().await;
    let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.first(), Some(&"contract.bin"), "{names:?}");
    assert_eq!(names.last(), Some(&"manifest.json"), "{names:?}");
    // The same entries under a hand-made server are the contract.
    let (store, hash) = store_with(&entries).await;
    let announce = Announce { collection: Some(hash), ..Default::default() };
    let blobs = BlobsProtocol::new(&store, None);
    let honest = HandMade::new(announce, |handlers| handlers.blobs(blobs)).await;
    assert_eq!(honest.contract(Limits::default()).await.unwrap(), calculator());

    let mut other = entries.clone();
    let last = other[0].1.len() - 1;
    other[0].1[last] ^= 1;
    let error = error_with(&other).await;
    assert!(is_forged(&error), "{error}");

    let mut without = entries.clone();
    without.remove(0);
    let error = error_with(&without).await;
    assert!(is_forged(&error), "{error}");

    let mut untyped = entries.clone();
    let place = untyped.iter().position(|(name, _)| name.starts_with("types/")).unwrap();
    untyped.remove(place);
    let error = error_with(&untyped).await;
    assert!(is_forged(&error), "{error}");

    let mut retyped = entries.clone();
    let first = retyped[place].1.len() - 1;
    retyped[place].1[first] ^= 1;
    let error = error_with(&retyped).await;
    assert!(is_forged(&error), "{error}");

    let error = error_with(&[]).await;
    assert!(is_forged(&error), "{error}");
}

#[tokio::test]
async fn a44_a_blob_that_is_no_collection_is_refused() {
    let store = MemStore::new();
    for content in [&b"not hashes"[..], &[], &[7; 64]] {
        let hash = store.add_slice(content).await.unwrap().hash;
        let announce = Announce { collection: Some(hash), ..Default::default() };
        let blobs = BlobsProtocol::new(&store, None);
        let server = HandMade::new(announce, |handlers| handlers.blobs(blobs)).await;
        let error = server.error().await;
        assert!(matches!(error, ContractFetchError::Broken { .. }), "{content:?}: {error}");
    }
}

#[tokio::test]
async fn too_many_parts_are_refused_before_they_come() {
    let hash = Hash::new(b"small");
    let mut collection = Collection::default();
    for i in 0..10_000 {
        collection.push(format!("types/{i}.bin"), hash);
    }
    let store = MemStore::new();
    store.add_slice(b"small").await.unwrap();
    let tag = collection.store(&store).await.unwrap();
    let announce = Announce { collection: Some(tag.hash()), ..Default::default() };
    let blobs = BlobsProtocol::new(&store, None);
    let server = HandMade::new(announce, |handlers| handlers.blobs(blobs)).await;
    let error = server.error().await.to_string();
    assert!(error.contains("it has 10000 parts; at most 4112 are read"), "{error}");
}

#[tokio::test]
async fn too_many_bytes_are_refused_before_they_come() {
    // One that says how large it is.
    let error = error_with(&[("contract.bin".into(), vec![1; 17 << 20])]).await.to_string();
    assert!(error.contains("it takes 17825792 bytes"), "{error}");
    // Small parts that are large together.
    let part = |i: u8| (format!("types/{i}.bin"), vec![i; 3 << 20]);
    let error = error_with(&[part(1), part(2), part(3), part(4), part(5), part(6)]).await;
    assert!(error.to_string().contains("it takes 3145728 bytes"), "{error}");
    // One that only says so, and one that never ends.
    for size in [u64::MAX, 1 << 40, 32 * 100, 64, 0] {
        let announce = Announce { collection: Some(Hash::new(b"x")), ..Default::default() };
        let endless = Endless { start: size.to_le_bytes().to_vec(), rest: vec![0xaa; 1 << 16] };
        let server = HandMade::new(announce, |handlers| handlers.blobs(endless)).await;
        let error = server.error().await;
        assert!(matches!(error, ContractFetchError::Broken { .. }), "{size}: {error}");
    }
}

#[tokio::test]
async fn what_is_announced_and_not_served_is_an_error_in_time() {
    let limits = || Limits { contract_timeout: Duration::from_millis(300), ..Default::default() };
    let collection = Some(Hash::new(b"x"));
    let namespace = &"ab".repeat(32);

    // Not there.
    let server = HandMade::new(Announce { collection, ..Default::default() }, |h| h).await;
    let error = server.error().await;
    assert!(matches!(error, ContractFetchError::Broken { .. }), "{error}");
    let announce = || Announce { namespace, ..Default::default() };
    let store = MemStore::new();
    let blobs = || BlobsProtocol::new(&store, None);
    let server = HandMade::new(announce(), |h| h.blobs(blobs())).await;
    let error = server.error().await;
    assert!(error.to_string().contains("the list of contracts cannot be had"), "{error}");

    // There, and empty.
    let announced = Announce { collection, ..Default::default() };
    let server = HandMade::new(announced, |h| h.blobs(blobs())).await;
    let error = server.error().await;
    assert!(error.to_string().contains("the server does not have it"), "{error}");

    // There, and silent.
    let announced = Announce { collection, ..Default::default() };
    let server = HandMade::new(announced, |h| h.blobs(Silent)).await;
    let error = server.contract(limits()).await.unwrap_err();
    assert!(matches!(error, ContractFetchError::TimedOut { .. }), "{error}");
    let server = HandMade::new(announce(), |h| h.blobs(blobs()).document(Silent)).await;
    let error = server.contract(limits()).await.unwrap_err();
    assert!(matches!(error, ContractFetchError::TimedOut { .. }), "{error}");

    // Behind a gate.
    let announced = Announce { collection, ..Default::default() };
    let server = HandMade::new(announced, |h| h.blobs(Gated)).await;
    let error = server.error().await;
    assert!(matches!(error, ContractFetchError::Denied { .. }), "{error}");
    let server = HandMade::new(announce(), |h| h.blobs(blobs()).document(Gated)).await;
    let error = server.error().await;
    assert!(matches!(error, ContractFetchError::Denied { .. }), "{error}");

    // A document without end, in one message and in many.
    for start in [[0xff; 4], [0, 0, 0, 1]] {
        let endless = Endless { start: start.to_vec(), rest: vec![0; 1 << 16] };
        let server = HandMade::new(announce(), |h| h.blobs(blobs()).document(endless)).await;
        let error = server.error().await;
        assert!(matches!(error, ContractFetchError::Broken { .. }), "{error}");
    }

    // Ids that are none.
    for (id, namespace) in [("", ""), ("E5", ""), (&*"zz".repeat(32), "")] {
        let announce = Announce { id: id.to_owned(), namespace, ..Default::default() };
        let server = HandMade::new(announce, |h| h.blobs(blobs())).await;
        let error = server.error().await;
        assert!(matches!(error, ContractFetchError::NotPublished { .. }), "{id}: {error}");
    }
    let announce = Announce { namespace: "zz", ..Default::default() };
    let server = HandMade::new(announce, |h| h.blobs(blobs())).await;
    let error = server.error().await;
    assert!(matches!(error, ContractFetchError::Broken { .. }), "{error}");
}

#[tokio::test]
async fn a_document_leads_to_the_contract() {
    let server = server().bind().await.unwrap();
    let response = hello(server.address()).await;
    let namespace = response["registry_namespace"].as_str().unwrap();
    // Only the document is announced, as the reference does it.
    let announce = |id: &str| Announce {
        id: id.into(),
        namespace,
        channel: Some(server.address()),
        ..Default::default()
    };
    let by_document = HandMade::new(announce(&calculator().id.to_string()), |h| h).await;
    let contract = by_document.contract(Limits::default()).await.unwrap();
    assert_eq!(contract, calculator());

    let unknown = HandMade::new(announce(&"ab".repeat(32)), |h| h).await;
    let error = unknown.error().await.to_string();
    assert!(error.contains("this contract is not in it"), "{error}");

    let elsewhere = "ab".repeat(32);
    let announce =
        Announce { namespace: &elsewhere, channel: Some(server.address()), ..Default::default() };
    let error = HandMade::new(announce, |h| h).await.error().await.to_string();
    assert!(error.contains("the list of contracts cannot be had"), "{error}");
}

#[tokio::test]
async fn an_announcement_does_not_move_calls_to_another_node() {
    let server = server().bind().await.unwrap();
    let announce = Announce { channel: Some(server.address()), ..Default::default() };
    let elsewhere = HandMade::new(announce, |h| h).await;
    let client = client_with(&elsewhere.address, Limits::default()).await;
    let call = client.proxy("Calculator").unwrap().call("addOne", json!({ "value": 1 }));
    let status = soon(call.into_future()).await.unwrap_err();
    assert_eq!(status.code(), aster::Code::FailedPrecondition);
    assert!(status.message().contains(&server.peer_id().to_string()), "{status}");
    client.close().await;
}

#[tokio::test]
async fn without_a_document_the_id_leads_to_the_contract() {
    let server = server().bind().await.unwrap();
    let announce = Announce { channel: Some(server.address()), ..Default::default() };
    let bare = HandMade::new(announce, |h| h).await;
    let contract = bare.contract(Limits::default()).await.unwrap();
    let expected = calculator();
    assert_eq!((contract.id, contract.methods.len()), (expected.id, expected.methods.len()));
    assert_eq!(contract.types.len(), expected.types.len());
}

#[tokio::test]
async fn readers_do_not_hold_the_shutdown_up() {
    let server = server().bind().await.unwrap();
    let address = server.address().clone();
    // Connections that were opened and left.
    let endpoint = endpoint().await;
    let mut idle = Vec::new();
    for alpn in [BLOBS_ALPN, DOCUMENT_ALPN] {
        let connection = endpoint.connect(target(&address), alpn).await.unwrap();
        let (mut send, recv) = connection.open_bi().await.unwrap();
        send.write_all(&[0]).await.unwrap();
        idle.push((connection, send, recv));
    }
    let fetching = tokio::spawn(async move {
        for _ in 0.. {
            let limits =
                Limits { connect_timeout: Duration::from_millis(500), ..Default::default() };
            let client = AsterClient::builder().network(loopback()).limits(limits);
            let Ok(client) = client.connect(&address.to_string()).await else { break };
            let fetched = client.contract("Calculator").await;
            client.close().await;
            if fetched.is_err() {
                break;
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    soon(server.shutdown()).await;
    soon(fetching).await.unwrap();
}

#[tokio::test]
async fn servers_of_one_process_publish_side_by_side() {
    let (first, second) = (server().bind().await.unwrap(), server().bind().await.unwrap());
    let namespaces = [hello(first.address()).await, hello(second.address()).await]
        .map(|response| response["registry_namespace"].as_str().unwrap().to_owned());
    assert_ne!(namespaces[0], namespaces[1]);
    soon(first.shutdown()).await;
    let client = client_of(&second.address().to_string()).await;
    assert_eq!(client.contract("Calculator").await.unwrap(), calculator());
}

#[tokio::test]
async fn a_mounted_server_says_that_it_does_not_publish() {
    let endpoint = endpoint().await;
    let address = Address::of(&endpoint);
    let error = server().publish(Publish::Memory).protocol(&address).unwrap_err();
    assert!(matches!(error, StartError::PublishMounted), "{error}");
    server().publish(Publish::Off).protocol(&address).unwrap();
    let aster = server().protocol(&address).unwrap();
    let router = Router::builder(endpoint).accept(HELLO_ALPN, aster).spawn();
    assert_eq!(hello(&address).await["registry_namespace"], "");
    router.shutdown().await.unwrap();
}
