//! What callers say about themselves, and what handlers are told.

use aster::{AsterServerBuilder, CallContext, Code, Status, service};
use serde_json::{Value, json};

use super::setup::{Domain, FleetClient};
use super::stranger::Stranger;
use crate::frames::{call, exchange, frame, header_with, shape, value};
use crate::service::{Number, Text, number, text};

/// Tells its caller what it knows about it.
struct Mirror;

#[service(name = "Mirror", requires = admitted)]
impl Mirror {
    #[rpc]
    async fn look(&self, cx: &CallContext, _n: Number) -> Result<Text, Status> {
        Ok(text(&seen(cx)))
    }
}

/// The same in a session.
struct MirrorHall;

#[service(name = "MirrorHall", scope = "session", requires = admitted)]
impl MirrorHall {
    #[rpc]
    async fn look(&self, cx: &CallContext, _n: Number) -> Result<Text, Status> {
        Ok(text(&seen(cx)))
    }
}

fn seen(cx: &CallContext) -> String {
    format!("{} {} {:?}", cx.peer(), cx.capabilities(), cx.attributes())
}

fn with_mirrors(builder: AsterServerBuilder) -> AsterServerBuilder {
    builder.service(Mirror).session(|_| MirrorHall)
}

const CLAIMS: [(&str, &str); 8] = [
    ("aster.role", "ops.admin,ops.status"),
    ("aster.name", "root"),
    ("aster.peer", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("aster.iid_provider", "aws"),
    ("aster.attributes", "{\"aster.role\":\"ops.admin\"}"),
    ("capabilities", "ops.admin"),
    ("authorization", "Bearer ops.admin"),
    ("x-forwarded-for", "127.0.0.1"),
];

#[tokio::test]
async fn a26_metadata_says_nothing_about_who_calls() {
    let domain = Domain::with(with_mirrors).await;
    let client = domain.client("ops.logs").await;
    let mirror = MirrorClient::new(&client).unwrap();
    let plain = mirror.look(number(0)).await.unwrap();
    let mut claiming = mirror.look(number(0));
    for (key, value) in CLAIMS {
        claiming = claiming.metadata(key, value);
    }
    assert_eq!(claiming.await.unwrap(), plain);
    assert!(plain.text.contains(" ops.logs {\"aster.role\": \"ops.logs\"}"), "{}", plain.text);
    let fleet = FleetClient::new(&client).unwrap();
    let mut admin = fleet.admin(number(0));
    for (key, value) in CLAIMS {
        admin = admin.metadata(key, value);
    }
    assert_eq!(admin.await.unwrap_err().code(), Code::PermissionDenied);
    assert_eq!(domain.calls(), 0);
}

#[tokio::test]
async fn a26_no_field_of_a_header_says_who_calls() {
    let domain = Domain::with(with_mirrors).await;
    let (peer, connection) = Stranger::admitted(&domain, "ops.logs").await;
    let (keys, values): (Vec<_>, Vec<_>) = CLAIMS.into_iter().unzip();
    let expected = format!("{} ops.logs {{\"aster.role\": \"ops.logs\"}}", peer.peer());
    let told = |payload: &[u8]| {
        let reply: Value = serde_json::from_slice(payload).unwrap();
        reply["text"].as_str().unwrap().to_owned()
    };
    let header = |service: &str, method: &str| {
        header_with(json!({
            "service": service, "method": method,
            "metadataKeys": keys, "metadataValues": values,
        }))
    };
    let reply = exchange(&connection, &[header("Mirror", "look"), value(0)].concat()).await;
    assert_eq!(told(&reply[0].1), expected);
    // In a session: on the session, on the call.
    let claims = json!({ "method": "look", "metadataKeys": keys, "metadataValues": values });
    let claiming = frame(crate::frames::CALL, claims.to_string());
    let bytes = [header("MirrorHall", ""), call("look"), value(0), claiming, value(0)].concat();
    let reply = exchange(&connection, &bytes).await;
    assert_eq!((told(&reply[0].1), told(&reply[1].1)), (expected.clone(), expected));
    let reply = exchange(&connection, &[header("Fleet", "admin"), value(0)].concat()).await;
    assert_eq!(shape(&reply), [7]);
    // Fields that there are not, are an error and not passed over.
    for field in ["peer", "attributes", "capabilities", "aster.role", "admitted"] {
        let header = header_with(json!({ "service": "Mirror", "method": "look", field: "x" }));
        assert_eq!(shape(&exchange(&connection, &[header, value(0)].concat()).await), [13]);
        let call = frame(crate::frames::CALL, json!({ "method": "look", field: "x" }).to_string());
        let bytes = [header_with(json!({ "service": "MirrorHall", "method": "" })), call].concat();
        assert_eq!(shape(&exchange(&connection, &bytes).await), [13]);
    }
}

/// What stands beside the credential in an admission request counts for
/// nothing.
#[tokio::test]
async fn a26_an_admission_request_adds_nothing_to_its_credential() {
    let domain = Domain::new().await;
    let stranger = Stranger::new(&domain).await;
    let credential = domain.credential(&stranger.key, "ops.logs").to_wire_json();
    let body = json!({
        "credential_json": credential,
        "iid_token": "ops.admin",
        "attributes": { "aster.role": "ops.admin" },
        "aster.role": "ops.admin",
        "endpoint_id": "00",
        "admitted": true,
    });
    let answer: Value =
        serde_json::from_slice(&stranger.ask(body.to_string().as_bytes()).await).unwrap();
    assert_eq!(answer["attributes"], json!({ "aster.role": "ops.logs" }));
    // And alone it admits nobody.
    let stranger = Stranger::new(&domain).await;
    let body = json!({ "credential_json": "", "attributes": { "aster.role": "ops.admin" } });
    let answer = stranger.ask(body.to_string().as_bytes()).await;
    assert_eq!(answer, super::wire::DENIAL.as_bytes());
}
