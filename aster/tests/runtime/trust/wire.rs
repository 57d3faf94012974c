//! What a stranger gets on the wire.

use aster::trust::{Attributes, Chain, ConsumerCredential, ProducerCredential, RootKey};
use aster::{HELLO_ALPN, Identity, Limits, PeerId, RPC_ALPN};
use serde_json::{Value, json};

use super::setup::{Domain, now};
use super::stranger::Stranger;
use crate::service::soon;

pub(crate) const DENIAL: &str = r#"{"admitted":false,"attributes":{},"services":[],"registry_namespace":"","root_pubkey":"","reason":""}"#;

fn signed(domain: &Domain, peer: Option<PeerId>) -> Value {
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.status").unwrap();
    let credential = ConsumerCredential::sign_policy(&domain.root, peer, now() + 60, attributes);
    serde_json::from_str(&credential.to_wire_json()).unwrap()
}

#[tokio::test]
async fn b1_a27_nothing_but_admission_is_open_to_strangers() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    for alpn in [RPC_ALPN, b"/iroh-bytes/4", b"/iroh-sync/1"] {
        assert_eq!(stranger.closed(alpn).await, 403, "{}", String::from_utf8_lossy(alpn));
    }
    // Gossip is not there at all, as is every other protocol.
    for alpn in [&b"/iroh-gossip/1"[..], b"aster.producer_admission", b"aster.admission"] {
        let connecting = stranger.endpoint.connect(stranger.target.clone(), alpn);
        assert!(soon(connecting).await.is_err(), "{}", String::from_utf8_lossy(alpn));
    }
    // A stream that is opened before the refusal arrives leads nowhere.
    let connection = stranger.connect(RPC_ALPN).await;
    if let Ok((mut send, mut recv)) = connection.open_bi().await {
        let header = r#"{"service":"Fleet","method":"hello","version":1,"serializationMode":3}"#;
        let _ = send.write_all(&frame(0x04, header)).await;
        assert!(soon(recv.read_to_end(1 << 16)).await.is_err());
    }
    assert_eq!(domain.calls(), 0);
}

#[tokio::test]
async fn b25_a2_a3_a4_a5_a6_a7_a16_a19_every_denial_is_the_same_and_says_nothing() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let good = signed(&domain, Some(stranger.peer()));
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        changed.to_string()
    };
    let raw = |end: &str| {
        let text = good.to_string();
        text.replace(&good["expires_at"].to_string(), end)
    };
    let foreign = RootKey::generate();
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.status").unwrap();
    let peer = Some(stranger.peer());
    let milliseconds = ConsumerCredential::sign_policy(
        &domain.root,
        peer,
        (now() + 60) * 1000,
        attributes.clone(),
    );
    let foreign_root =
        ConsumerCredential::sign_policy(&foreign, peer, now() + 60, attributes.clone());
    let expired =
        ConsumerCredential::sign_policy(&domain.root, peer, now() - 1, attributes.clone());
    let far = ConsumerCredential::sign_policy(&domain.root, peer, u64::MAX, attributes.clone());
    let producer =
        ProducerCredential::sign(&domain.root, stranger.peer(), now() + 60, attributes.clone());
    let mut cloud = Attributes::new();
    cloud.insert("aster.iid_provider", "aws").unwrap();
    let cloud = ConsumerCredential::sign_policy(&domain.root, peer, now() + 60, cloud);
    let other = Identity::generate().peer();
    let hex = |value: &Value| value.as_str().unwrap().to_uppercase();
    let chain = domain.chain(other, "ops.status", &[]);
    let cases = [
        ("nothing", String::new()),
        ("no JSON", "{".to_owned()),
        ("of another root", foreign_root.to_wire_json()),
        ("expired", expired.to_wire_json()),
        ("without an end in sight (a16)", far.to_wire_json()),
        ("a producer's (b4)", producer.to_wire_json()),
        ("a cloud identity (b18)", cloud.to_wire_json()),
        ("for another node (a9)", signed(&domain, Some(other)).to_string()),
        ("for no node (b30)", signed(&domain, None).to_string()),
        ("another root named", with("root_pubkey", json!(foreign.public_key().to_string()))),
        ("an empty endpoint id", with("endpoint_id", json!(""))),
        ("another expiry", with("expires_at", json!(now() + 61))),
        ("expiry as text (a16)", with("expires_at", json!((now() + 60).to_string()))),
        ("expiry as a fraction (a16)", with("expires_at", json!(1e12))),
        ("expiry below zero (a16)", with("expires_at", json!(-1))),
        ("another role (a20)", with("attributes", json!({ "aster.role": "ops.admin" }))),
        ("attributes that are no texts", with("attributes", json!({ "aster.role": ["a"] }))),
        ("another type (a6)", with("credential_type", json!("ott"))),
        ("an unknown type (a7)", with("credential_type", json!("root"))),
        ("a nonce", with("nonce", json!("00".repeat(32)))),
        ("no signature", with("signature", json!(""))),
        ("a signature of zeros (a5)", with("signature", json!("00".repeat(64)))),
        ("upper case (a4)", with("endpoint_id", json!(hex(&good["endpoint_id"])))),
        ("something after it (a2)", format!("{good} x")),
        ("a BOM (a3)", format!("\u{feff}{good}")),
        ("a huge number (a3)", raw("1e400")),
        ("more digits than a number has (a3)", raw(&"9".repeat(1000))),
        ("no number (a3)", raw("NaN")),
        ("a leading zero (a3)", raw(&format!("0{}", now() + 60))),
        ("milliseconds (a19)", raw(&((now() + 60) * 1000).to_string())),
        ("signed in milliseconds (a19)", milliseconds.to_wire_json()),
        ("half a character (a3)", good.to_string().replace("ops.status", "ops\\ud800")),
        ("a wider letter (a3)", with("attributes", json!({ "aster.role": "ops.\u{ff53}tatus" }))),
        ("a key twice (a3)", good.to_string().replacen('{', r#"{"nonce":null,"#, 1)),
        ("an unknown key", with("admin", json!(true))),
        ("a chain for another node", chain.to_text()),
        ("half a chain", chain.to_text()[..100].to_owned()),
    ];
    for (name, credential) in &cases {
        let answer = stranger.present(credential).await;
        assert_eq!(String::from_utf8_lossy(&answer), DENIAL, "{name}");
    }
    for (name, body) in [
        ("no body", Vec::new()),
        ("no object", b"[]".to_vec()),
        ("no text", br#"{"credential_json":{}}"#.to_vec()),
        ("no UTF-8", vec![0xff; 10]),
        ("too large (b16)", vec![b' '; 65_537]),
        ("deep (a34)", "[".repeat(10_000).into_bytes()),
    ] {
        let answer = stranger.ask(&body).await;
        assert_eq!(String::from_utf8_lossy(&answer), DENIAL, "{name}");
    }
    assert_eq!(stranger.closed(RPC_ALPN).await, 403);
    // The good one admits, so the cases above were refused for what they are.
    let answer: Value = serde_json::from_slice(&stranger.present(&good.to_string()).await).unwrap();
    assert_eq!(answer["admitted"], true);
    assert_eq!(answer["root_pubkey"], domain.root.public_key().to_string());
}

#[tokio::test]
async fn a1_no_credential_with_a_flipped_byte_admits() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let good = signed(&domain, Some(stranger.peer())).to_string();
    // All of them are checked in memory (tests of `trust`); some here.
    for at in (0..good.len()).step_by(29) {
        let mut bytes = good.clone().into_bytes();
        bytes[at] ^= 0x01;
        let Ok(flipped) = String::from_utf8(bytes) else { continue };
        assert_eq!(stranger.present(&flipped).await, DENIAL.as_bytes(), "byte {at}");
    }
}

#[tokio::test]
async fn a14_b4_what_somebody_else_presented_is_of_no_use() {
    let domain = Domain::new().await;
    let (victim, thief) = (Stranger::new(&domain).await, Stranger::new(&domain).await);
    let credential = signed(&domain, Some(victim.peer())).to_string();
    let answer: Value = serde_json::from_slice(&victim.present(&credential).await).unwrap();
    assert_eq!(answer["admitted"], true);
    assert_eq!(thief.present(&credential).await, DENIAL.as_bytes());
    assert_eq!(thief.closed(RPC_ALPN).await, 403);
}

#[tokio::test]
async fn a22_a_chain_in_another_order_does_not_admit() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let agent = Identity::generate();
    let first = domain.chain(agent.peer(), "ops.status,ops.admin", &[]);
    let terms = aster::trust::Terms {
        subject: stranger.peer(),
        delegations: 0,
        ..first.last().terms().clone()
    };
    let good: Chain = first.delegate(&agent, terms).unwrap();
    let text: Value = serde_json::from_str(&good.to_text()).unwrap();
    let links = text["links"].as_array().unwrap();
    let with = |links: &[&Value]| {
        let links: Vec<_> = links.iter().map(|link| link.as_str().unwrap()).collect();
        format!(r#"{{"credential_type":"chain","v":1,"links":["{}"]}}"#, links.join("\",\""))
    };
    let (a, b) = (&links[0], &links[1]);
    let long: Vec<_> = std::iter::once(a).chain(std::iter::repeat_n(b, 10_000)).collect();
    for wrong in [vec![b, a], vec![b], vec![a], vec![a, a, b], vec![a, b, b], long] {
        assert_eq!(stranger.present(&with(&wrong)).await, DENIAL.as_bytes(), "{}", wrong.len());
    }
    let answer: Value = serde_json::from_slice(&stranger.present(&with(&[a, b])).await).unwrap();
    assert_eq!(answer["admitted"], true);
}

#[tokio::test]
async fn b16_a38_strangers_do_not_take_the_places_of_others() {
    let limits = Limits {
        max_unadmitted_connections: 4,
        hello_timeout: std::time::Duration::from_millis(500),
        ..Limits::default()
    };
    let domain = Domain::with(|builder| builder.limits(limits)).await;
    let client = domain.client("ops.status").await;
    let fleet = super::setup::FleetClient::new(&client).unwrap();
    fleet.status(crate::service::number(1)).await.unwrap();
    // Half-open admissions, more than there are places.
    let stranger = Stranger::new(&domain).await;
    let mut held = Vec::new();
    for _ in 0..12 {
        let connecting = stranger.endpoint.connect(stranger.target.clone(), HELLO_ALPN);
        if let Ok(Ok(connection)) =
            tokio::time::timeout(std::time::Duration::from_millis(300), connecting).await
        {
            held.push(connection);
        }
    }
    // Who is in is not disturbed.
    fleet.status(crate::service::number(1)).await.unwrap();
    // And the silent ones are sent away, so others come in again.
    for connection in &held {
        soon(connection.closed()).await;
    }
    let other = domain.client("ops.status").await;
    let fleet = super::setup::FleetClient::new(&other).unwrap();
    fleet.status(crate::service::number(1)).await.unwrap();
}

/// The Python client writes all its requests before it reads an answer.
#[tokio::test]
async fn a_denied_caller_may_finish_what_it_writes() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let credential = signed(&domain, Some(stranger.peer())).to_string();
    let answer: Value = serde_json::from_slice(&stranger.present(&credential).await).unwrap();
    assert_eq!(answer["admitted"], true);
    let connection = stranger.connect(RPC_ALPN).await;
    for (service, method) in [("Fleet", "ingest"), ("Desk", ""), ("Fleet", "nonsense")] {
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        let header = json!({
            "service": service, "method": method, "version": 1, "serializationMode": 3,
        });
        send.write_all(&frame(0x04, &header.to_string())).await.unwrap();
        // The denial is there before the requests are written.
        let trailer = soon(recv.read_to_end(1 << 16)).await.unwrap();
        assert!(!trailer.is_empty());
        for _ in 0..100 {
            let request = frame(0, r#"{"value":1}"#);
            soon(send.write_all(&request)).await.expect("told to stop in the middle");
        }
        send.finish().unwrap();
        assert_eq!(soon(send.stopped()).await.unwrap(), None, "{service}.{method}");
    }
    assert_eq!(domain.calls(), 0);
}

fn frame(flags: u8, payload: &str) -> Vec<u8> {
    let mut frame = (payload.len() as u32 + 1).to_le_bytes().to_vec();
    frame.push(flags);
    frame.extend_from_slice(payload.as_bytes());
    frame
}
