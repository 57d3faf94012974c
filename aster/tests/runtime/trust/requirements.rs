//! Gates 2 and 3 over the wire: services, methods, sessions.

use std::sync::atomic::Ordering;

use aster::trust::Capabilities;
use aster::{AsterServer, Code, StartError, Status, service};
use serde_json::json;

use super::setup::{DeskClient, Domain, FleetClient, builder};
use crate::service::{Number, loopback, number, soon};

/// Which methods of `Fleet` a role reaches, called with types and by name.
async fn reached(domain: &Domain, role: &str) -> Vec<&'static str> {
    let client = domain.client(role).await;
    let fleet = FleetClient::new(&client).unwrap();
    let proxy = client.proxy("Fleet").unwrap();
    let mut reached = Vec::new();
    let mut note = |name, typed: Result<(), Status>, dynamic: Result<(), Status>| {
        assert_eq!(typed.is_ok(), dynamic.is_ok(), "{role}: {name}: {typed:?} {dynamic:?}");
        let allowed = typed.is_ok();
        for status in [typed.err(), dynamic.err()].into_iter().flatten() {
            assert_eq!(status.code(), Code::PermissionDenied, "{role}: {name}: {status}");
        }
        if allowed {
            reached.push(name);
        }
    };
    let one = json!({ "value": 1 });
    for name in ["hello", "status", "admin"] {
        let typed = match name {
            "hello" => fleet.hello(number(1)).await,
            "status" => fleet.status(number(1)).await,
            _ => fleet.admin(number(1)).await,
        };
        note(name, typed.map(drop), proxy.call(name, one.clone()).await.map(drop));
    }
    let typed = async { fleet.logs(number(1)).await?.message().await.map(drop) };
    let dynamic =
        async { proxy.server_stream("logs", one.clone()).await?.message().await.map(drop) };
    note("logs", typed.await, dynamic.await);
    let items = || futures::stream::iter([number(1), number(2)]);
    let values = || futures::stream::iter([json!({ "value": 1 })]);
    let typed = fleet.ingest(items()).await.map(drop);
    note("ingest", typed, proxy.client_stream("ingest", values()).await.map(drop));
    let typed = async { fleet.double(items()).await?.message().await.map(drop) };
    let dynamic = async { proxy.bidi("double", values()).await?.message().await.map(drop) };
    note("double", typed.await, dynamic.await);
    reached
}

#[tokio::test]
async fn a20_a24_a28_every_pattern_asks_for_what_its_method_requires() {
    let domain = Domain::new().await;
    for (role, expected) in [
        ("", vec!["hello"]),
        ("ops.status", vec!["hello", "status"]),
        ("ops.status,ops.admin", vec!["hello", "status", "admin", "logs", "double"]),
        ("ops.admin", vec!["hello", "logs", "double"]),
        ("ops.logs,ops.ingest", vec!["hello", "logs", "ingest"]),
        // A20: no wildcards, prefixes, case folding or look-alikes.
        ("*,ops,ops.*,OPS.STATUS,ops.statuses,ops.status/,\u{43e}ps.status", vec!["hello"]),
    ] {
        let before = domain.calls();
        assert_eq!(reached(&domain, role).await, expected, "{role:?}");
        // Denied calls never reached a handler; the others did twice.
        assert_eq!(domain.calls() - before, 2 * expected.len() as u64, "{role:?}");
    }
}

#[tokio::test]
async fn a_denied_caller_is_told_which_capability_it_lacks() {
    let domain = Domain::new().await;
    let client = domain.client("ops.logs").await;
    let fleet = FleetClient::new(&client).unwrap();
    let status = fleet.admin(number(1)).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message(), status.detail("requires")),
        (
            Code::PermissionDenied,
            "Fleet.admin requires all of ops.status, ops.admin, which the credential of this caller does not have",
            Some("all of ops.status, ops.admin"),
        )
    );
}

#[tokio::test]
async fn b22_a_denied_call_leaves_the_session_usable() {
    let domain = Domain::new().await;
    let client = domain.client("ops.desk").await;
    let desk = DeskClient::open(&client).await.unwrap();
    assert_eq!(desk.add(number(1)).await.unwrap(), number(1));
    for _ in 0..3 {
        let status = desk.reset(number(0)).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
        assert!(status.message().contains("ops.admin"), "{status}");
    }
    assert_eq!(desk.add(number(1)).await.unwrap(), number(2));
    assert_eq!(domain.calls(), 2);
    // By name as well.
    let desk = client.proxy_session("Desk").await.unwrap();
    let status = desk.call("reset", json!({ "value": 0 })).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    assert_eq!(desk.call("add", json!({ "value": 5 })).await.unwrap()["value"], 5);
}

#[tokio::test]
async fn a28_nothing_is_made_for_a_session_that_is_denied() {
    let domain = Domain::new().await;
    let client = domain.client("ops.admin").await;
    let desk = DeskClient::open(&client).await;
    let status = match desk {
        Ok(desk) => soon(desk.add(number(1)).into_future()).await.unwrap_err(),
        Err(status) => status,
    };
    assert_eq!(status.code(), Code::PermissionDenied, "{status}");
    assert!(status.message().contains("Desk requires ops.desk"), "{status}");
    assert_eq!(domain.desks.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a10_a_chain_is_for_its_audience_only() {
    let domain = Domain::new().await;
    let node = aster::Identity::generate();
    let chain = domain.chain(node.peer(), "ops.status,ops.admin,ops.desk", &["Fleet.status"]);
    let client = super::setup::client(&node).credential(chain);
    let client = client.connect(domain.address()).await.unwrap();
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.status(number(3)).await.unwrap(), number(3));
    let status = fleet.hello(number(1)).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::PermissionDenied, "the credential of this caller is not for Fleet.hello")
    );
    let status = match DeskClient::open(&client).await {
        Ok(desk) => desk.add(number(1)).await.unwrap_err(),
        Err(status) => status,
    };
    assert_eq!(status.message(), "the credential of this caller is not for Desk");
    // Blobs and documents are no services.
    let error = client.contract("Fleet").await.unwrap_err();
    assert!(error.to_string().contains("admit"), "{error}");
}

#[tokio::test]
async fn an_open_gate_gives_no_capability() {
    let builder = builder(&Default::default(), &Default::default());
    let server = builder.open_gate().bind().await.unwrap();
    let client = aster::AsterClient::builder().network(loopback());
    let client = client.connect(&server.address().to_string()).await.unwrap();
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.hello(number(1)).await.unwrap(), number(1));
    let status = fleet.status(number(1)).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    assert!(status.message().contains("the gate is open"), "{status}");
}

#[tokio::test]
async fn a28_a_caller_in_the_process_has_what_the_program_gives_it() {
    let start = || builder(&Default::default(), &Default::default());
    let client = start().in_process_as(Capabilities::from_role("ops.status")).unwrap();
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.status(number(1)).await.unwrap(), number(1));
    assert_eq!(fleet.admin(number(1)).await.unwrap_err().code(), Code::PermissionDenied);
    assert!(matches!(start().in_process(), Err(StartError::NoGate)));
    let client = start().open_gate().in_process().unwrap();
    let fleet = FleetClient::new(&client).unwrap();
    assert_eq!(fleet.hello(number(1)).await.unwrap(), number(1));
    assert_eq!(fleet.status(number(1)).await.unwrap_err().code(), Code::PermissionDenied);
}

struct Forgetful;

#[service(name = "Forgetful")]
impl Forgetful {
    #[rpc]
    async fn wipe(&self, n: Number) -> Result<Number, Status> {
        Ok(n)
    }
}

#[tokio::test]
async fn a_method_without_a_requirement_does_not_start_at_a_closed_gate() {
    let root = aster::trust::RootKey::generate().public_key();
    let server = AsterServer::builder().network(loopback()).root_pubkey(root).service(Forgetful);
    let error = server.bind().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "at a closed gate nobody can call Forgetful.wipe: say who may, with requires = \"...\" on the method or the service, or requires = admitted for every admitted peer"
    );
}
