//! What stands in a server's log about those that it turns away.

use aster::trust::{Attributes, ConsumerCredential, Nonce, RootKey};
use aster::{CallContext, service};
use serde_json::{Value, json};

use super::setup::{Domain, now};
use super::stranger::Stranger;
use crate::frames::{call, exchange, frame, header_of, header_with, value};
use crate::log;
use crate::service::{Number, Text, until};

/// A line of the log, as a stranger would like to write it.
const FORGED: &str = "x\r\n\u{1b}[2K INFO peer=root admitted\u{7}\u{9b}31m\u{2028}\u{202e}";

/// Fails with what its caller sent.
struct Echo;

#[service(name = "Echo", requires = admitted)]
impl Echo {
    #[rpc]
    async fn fail(&self, cx: &CallContext, text: Text) -> Result<Number, std::io::Error> {
        let claim = cx.metadata().get("claim").unwrap_or_default();
        Err(std::io::Error::other(format!("{} {claim}", text.text)))
    }
}

fn is_harmless(c: char) -> bool {
    let turns = ('\u{200e}'..='\u{200f}').contains(&c)
        || ('\u{2028}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c);
    !c.is_control() && !turns
}

#[tokio::test]
async fn a42_nobody_writes_lines_of_their_own_into_the_log() {
    log::keep();
    let domain = Domain::with(|builder| builder.service(Echo)).await;
    let stranger = Stranger::new(&domain).await;
    let good: Value =
        serde_json::from_str(&domain.credential(&stranger.key, "x").to_wire_json()).unwrap();
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        changed.to_string()
    };
    let signed = |key: &str, value: &str| {
        let mut attributes = Attributes::new();
        attributes.insert(key, value).unwrap();
        let peer = Some(stranger.peer());
        ConsumerCredential::sign_policy(&domain.root, peer, now() + 60, attributes).to_wire_json()
    };
    let chain = |link: &str| json!({ "credential_type": "chain", "v": 1, "links": [link] });
    let cases = [
        FORGED.to_owned(),
        with(FORGED, json!(1)),
        with("credential_type", json!(FORGED)),
        with("signature", json!(FORGED)),
        with("endpoint_id", json!(FORGED)),
        with("expires_at", json!(FORGED)),
        with("attributes", json!({ "aster.role": { FORGED: FORGED } })),
        with("attributes", json!(FORGED)),
        chain(FORGED).to_string(),
        chain(FORGED).to_string().replace("\"v\":1", &json!(FORGED).to_string()),
        // Signed by the root, so its operator wrote it, and still.
        signed(&format!("aster.iid_{FORGED}"), FORGED),
    ];
    for case in &cases {
        assert_eq!(stranger.present(case).await, super::wire::DENIAL.as_bytes());
    }
    assert_eq!(stranger.ask(FORGED.as_bytes()).await, super::wire::DENIAL.as_bytes());

    // Somebody who is in: names, metadata, requests, errors made of them.
    let role = format!("ops.desk,{FORGED}");
    let (peer, connection) = Stranger::admitted(&domain, &role).await;
    for bytes in [
        header_of(FORGED, FORGED),
        header_of("Fleet", FORGED),
        frame(0x04, FORGED),
        [header_of("Fleet", "admin"), frame(0, FORGED)].concat(),
        [header_of("Desk", ""), call(FORGED), call("reset"), frame(0, FORGED)].concat(),
        [
            header_with(json!({ "service": "Echo", "method": "fail", "callId": FORGED,
                "metadataKeys": ["claim", FORGED], "metadataValues": [FORGED, FORGED] })),
            frame(0, json!({ "text": FORGED }).to_string()),
        ]
        .concat(),
        [header_of("Fleet", "hello"), value(1)].concat(),
    ] {
        exchange(&connection, &bytes).await;
    }
    let about = |short: String| {
        let lines = log::kept();
        lines.into_iter().filter(move |line| line.contains(&short)).count()
    };
    // Each of them is there, once.
    let denials = cases.len() + 1;
    until(|| about(stranger.peer().short()) >= denials).await;
    assert_eq!(about(stranger.peer().short()), denials);
    until(|| about(peer.peer().short()) >= 3).await;
    assert_eq!(about(peer.peer().short()), 3, "two denied calls and a failed one");
    // By whatever test it was written.
    for line in log::kept() {
        assert!(line.chars().all(is_harmless), "{line:?}");
        assert!(line.len() < 1000, "{line:?}");
    }
}

#[tokio::test]
async fn a42_b25_the_log_holds_no_secret_and_no_whole_key() {
    log::keep();
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let (foreign, other) = (RootKey::generate(), aster::Identity::generate());
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.very.secret.capability").unwrap();
    let nonce = Nonce::generate();
    let one_time = |root: &RootKey, node: aster::PeerId, end: u64| {
        let attributes = attributes.clone();
        ConsumerCredential::sign_one_time(root, Some(node), end, attributes, nonce).to_wire_json()
    };
    let good = one_time(&domain.root, stranger.peer(), now() + 60);
    let chain = domain.chain(other.peer(), "ops.very.secret.capability", &[]).to_text();
    let presented = [
        one_time(&foreign, stranger.peer(), now() + 60),
        one_time(&domain.root, other.peer(), now() + 60),
        one_time(&domain.root, stranger.peer(), now() - 1),
        good.replace("\"signature\":\"", "\"signature\":\"00"),
        good.replacen('{', "{\"more\":1,", 1),
        good[..good.len() / 2].to_owned(),
        chain.clone(),
        good.clone(),
        good.clone(),
    ];
    for credential in &presented {
        stranger.present(credential).await;
    }
    let short = stranger.peer().short();
    let lines = || {
        let about = |line: &String| line.contains(&short);
        log::kept().into_iter().filter(about).collect::<Vec<_>>()
    };
    // All but the first use of the good one.
    until(|| lines().len() >= presented.len() - 1).await;
    let mut secrets = vec![
        stranger.peer().to_string(),
        other.peer().to_string(),
        domain.root.public_key().to_string(),
        foreign.public_key().to_string(),
        "very.secret".to_owned(),
        chain[60..100].to_owned(),
    ];
    for credential in &presented {
        let Ok(json) = serde_json::from_str::<Value>(credential) else { continue };
        for field in ["signature", "nonce"] {
            secrets.extend(json[field].as_str().map(|text| text[2..34].to_owned()));
        }
    }
    assert!(secrets.len() > 15);
    for line in lines() {
        for secret in &secrets {
            assert!(!line.contains(secret.as_str()), "{secret}: {line}");
        }
    }
    let all = lines().join("\n");
    for reason in ["another root", "bound to another node", "expired", "signature", "used already"]
    {
        assert!(all.contains(reason), "{reason}: {all}");
    }
}
