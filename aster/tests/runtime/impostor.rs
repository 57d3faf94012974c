//! A server that does not keep to the protocol, and what its clients make of
//! it.

use std::sync::{Arc, Mutex};

use aster::trust::RootKey;
use aster::{Address, AsterClient, Code, ConnectError, HELLO_ALPN, RPC_ALPN, Status};
use futures::StreamExt;
use iroh::endpoint::Connection;
use serde_json::{Value, json};

use crate::frames::{CALL, CANCEL, COMPRESSED, DATA, HEADER, TRAILER, frame, value};
use crate::service::{loopback, soon};

/// Answers every admission request and every call with given bytes.
struct Impostor {
    address: String,
    hello: Arc<Mutex<Vec<u8>>>,
    reply: Arc<Mutex<Vec<u8>>>,
    _endpoint: iroh::Endpoint,
}

impl Impostor {
    async fn new() -> Self {
        let endpoint = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
            .relay_mode(iroh::RelayMode::Disabled)
            .alpns(vec![HELLO_ALPN.to_vec(), RPC_ALPN.to_vec()])
            .clear_ip_transports()
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        let hello = Arc::new(Mutex::new(hello()));
        let reply: Arc<Mutex<Vec<u8>>> = Arc::default();
        let (serving, says, replies) = (endpoint.clone(), hello.clone(), reply.clone());
        tokio::spawn(async move {
            while let Some(incoming) = serving.accept().await {
                let Ok(connection) = incoming.await else { continue };
                let hello = connection.alpn() == HELLO_ALPN;
                let bytes = if hello { says.clone() } else { replies.clone() };
                tokio::spawn(answer(connection, bytes));
            }
        });
        Self { address: Address::of(&endpoint).to_string(), hello, reply, _endpoint: endpoint }
    }

    async fn connect(&self, hello: impl Into<Vec<u8>>) -> Result<AsterClient, ConnectError> {
        *self.hello.lock().unwrap() = hello.into();
        soon(AsterClient::builder().network(loopback()).connect(&self.address)).await
    }

    fn will_reply(&self, frames: &[Vec<u8>]) {
        *self.reply.lock().unwrap() = frames.concat();
    }
}

async fn answer(connection: Connection, bytes: Arc<Mutex<Vec<u8>>>) {
    while let Ok((mut send, mut recv)) = connection.accept_bi().await {
        let _ = recv.read(&mut [0; 1024]).await;
        let bytes = bytes.lock().unwrap().clone();
        let _ = send.write_all(&bytes).await;
        let _ = send.finish();
        tokio::spawn(async move { recv.read_to_end(1 << 20).await.map(drop) });
    }
}

fn hello_with(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let service = |name: &str, pattern: &str| {
        json!({ "name": name, "version": 1, "contract_id": "", "channels": {},
            "pattern": pattern, "serialization_modes": ["json"] })
    };
    let mut hello = json!({
        "admitted": true,
        "attributes": {},
        "services": [service("Calculator", "shared"), service("Tally", "session")],
        "registry_namespace": "",
        "root_pubkey": "",
        "reason": "",
    });
    change(&mut hello);
    hello.to_string().into_bytes()
}

fn hello() -> Vec<u8> {
    hello_with(|_| {})
}

fn trailer(code: i64) -> Vec<u8> {
    let json = json!({ "code": code, "message": "", "detailKeys": [], "detailValues": [] });
    frame(TRAILER, json.to_string())
}

/// A value, or the code of the error.
type Outcome = Result<i64, Code>;

/// Its name, the frames that the server sends, what the client makes of them.
type Case<T> = (&'static str, Vec<Vec<u8>>, T);

fn outcome(reply: Result<Value, Status>) -> Outcome {
    reply.map(|value| value["value"].as_i64().unwrap_or(-1)).map_err(|status| status.code())
}

fn bomb() -> Vec<u8> {
    frame(COMPRESSED, zstd::bulk::compress(&vec![b' '; 64 << 20], 19).unwrap())
}

#[tokio::test]
async fn a49_a50_a52_a53_a54_what_a_client_makes_of_a_wrong_answer() {
    let impostor = Impostor::new().await;
    let client = impostor.connect(hello()).await.unwrap();
    let proxy = client.proxy("Calculator").unwrap();
    let ok = || trailer(0);
    let cases: Vec<Case<Outcome>> = vec![
        ("nothing", vec![], Err(Code::Unavailable)),
        ("no trailer", vec![value(1)], Err(Code::Unavailable)),
        ("a trailer without data", vec![ok()], Err(Code::Internal)),
        ("a trailer before data", vec![ok(), value(1)], Err(Code::Internal)),
        ("a failure before data", vec![trailer(5), value(1)], Err(Code::NotFound)),
        ("a failure after data", vec![value(1), trailer(5)], Err(Code::NotFound)),
        ("data after the trailer", vec![value(1), ok(), value(2)], Ok(1)),
        ("two trailers", vec![value(1), ok(), trailer(5)], Ok(1)),
        ("a failure, then success", vec![value(1), trailer(5), ok()], Err(Code::NotFound)),
        ("two answers", vec![value(1), value(2), ok()], Err(Code::Internal)),
        ("a trailer that is cut", vec![value(1), frame(TRAILER, "{")], Err(Code::Internal)),
        ("a trailer of another type", vec![value(1), frame(TRAILER, "[]")], Err(Code::Internal)),
        ("a length of zero", vec![vec![0; 4]], Err(Code::Internal)),
        ("4 GiB", vec![vec![0xff; 5]], Err(Code::Internal)),
        ("half a frame", vec![value(1), vec![9, 0, 0, 0, 0]], Err(Code::Internal)),
        ("a bomb", vec![bomb(), ok()], Err(Code::ResourceExhausted)),
        ("no zstd", vec![frame(COMPRESSED, "{}"), ok()], Err(Code::InvalidArgument)),
        ("no JSON", vec![frame(DATA, "\u{1}"), ok()], Err(Code::DataLoss)),
        ("10 000 lists", vec![frame(DATA, "[".repeat(10_000)), ok()], Err(Code::DataLoss)),
    ];
    for (what, reply, expected) in cases {
        impostor.will_reply(&reply);
        let call = proxy.call("addOne", json!({ "value": 0 }));
        assert_eq!(outcome(soon(call.into_future()).await), expected, "{what}");
    }
    // Flags that mean nothing here change nothing.
    for flags in [0x08, 0x40, 0x80, HEADER, CALL] {
        impostor.will_reply(&[frame(flags, r#"{"value":3}"#), ok()]);
        let call = proxy.call("addOne", json!({ "value": 0 }));
        let reply = outcome(soon(call.into_future()).await);
        assert!(matches!(reply, Ok(3) | Err(Code::Internal)), "{flags:#x}: {reply:?}");
    }
    // A stranger's number of an error is an error.
    for code in [17, 9999, -1, i64::MIN, i64::MAX] {
        impostor.will_reply(&[value(1), trailer(code)]);
        let call = proxy.call("addOne", json!({ "value": 0 }));
        assert!(soon(call.into_future()).await.is_err(), "{code}");
    }
}

#[tokio::test]
async fn a49_a50_a51_what_a_client_makes_of_a_wrong_stream() {
    let impostor = Impostor::new().await;
    let client = impostor.connect(hello()).await.unwrap();
    let proxy = client.proxy("Calculator").unwrap();
    let one = || value(1);
    let cases: Vec<Case<Vec<Outcome>>> = vec![
        ("nothing", vec![], vec![Err(Code::Unavailable)]),
        ("no trailer", vec![one(), one()], vec![Ok(1), Ok(1), Err(Code::Unavailable)]),
        ("a trailer first", vec![trailer(0), one()], vec![]),
        ("data after the trailer", vec![one(), trailer(0), one()], vec![Ok(1)]),
        (
            "two trailers",
            vec![one(), trailer(8), trailer(0)],
            vec![Ok(1), Err(Code::ResourceExhausted)],
        ),
        ("a length of zero", vec![one(), vec![0; 4]], vec![Ok(1), Err(Code::Internal)]),
        ("4 GiB", vec![one(), vec![0xff; 5]], vec![Ok(1), Err(Code::Internal)]),
        ("a bomb", vec![one(), bomb(), one()], vec![Ok(1), Err(Code::ResourceExhausted)]),
        ("no JSON", vec![frame(DATA, "{"), one()], vec![Err(Code::DataLoss)]),
    ];
    for (what, reply, expected) in cases {
        impostor.will_reply(&reply);
        let stream = soon(async { proxy.server_stream("count", json!({ "value": 3 })).await });
        let items = stream.await.unwrap().map(outcome).collect::<Vec<_>>();
        assert_eq!(soon(items).await, expected, "{what}");
        let items = futures::stream::iter([json!({ "value": 3 })]);
        let stream = soon(async { proxy.bidi("double", items).await });
        let items = stream.await.unwrap().map(outcome).collect::<Vec<_>>();
        assert_eq!(soon(items).await, expected, "bidi: {what}");
    }
}

#[tokio::test]
async fn a49_a51_a54_what_a_client_makes_of_a_wrong_session() {
    let impostor = Impostor::new().await;
    let client = impostor.connect(hello()).await.unwrap();
    for (what, reply, expected) in [
        ("nothing", vec![], Err(Code::Unavailable)),
        ("success without an answer", vec![trailer(0)], Err(Code::Internal)),
        ("a failure", vec![trailer(5)], Err(Code::NotFound)),
        ("a trailer that is cut", vec![frame(TRAILER, "{")], Err(Code::Internal)),
        ("4 GiB", vec![vec![0xff; 5]], Err(Code::Internal)),
        ("a bomb", vec![bomb()], Err(Code::ResourceExhausted)),
        ("an answer", vec![value(1)], Ok(1)),
    ] {
        impostor.will_reply(&reply);
        let session = soon(client.proxy_session("Tally")).await.unwrap();
        let call = session.call("add", json!({ "value": 1 }));
        assert_eq!(outcome(soon(call.into_future()).await), expected, "{what}");
        // Whatever it was, the next call ends as well.
        let next = session.call("add", json!({ "value": 1 }));
        assert!(soon(next.into_future()).await.is_err(), "{what}");
    }
    // Answers that nobody asked for, in any number.
    impostor.will_reply(&[frame(CANCEL, ""), value(1).repeat(1000)]);
    let session = soon(client.proxy_session("Tally")).await.unwrap();
    for _ in 0..3 {
        let _ = soon(session.call("add", json!({ "value": 1 })).into_future()).await;
    }
}

#[tokio::test]
async fn b27_admitted_is_a_boolean_and_the_answer_is_bounded() {
    let impostor = Impostor::new().await;
    for admitted in [json!("false"), json!("true"), json!(1), json!(null), json!([]), json!({})] {
        let hello = hello_with(|hello| hello["admitted"] = admitted.clone());
        let error = impostor.connect(hello).await.unwrap_err();
        assert!(matches!(error, ConnectError::Malformed { .. }), "{admitted}: {error}");
    }
    let error = impostor.connect(hello_with(|hello| hello["admitted"] = json!(false))).await;
    assert!(matches!(error, Err(ConnectError::Denied { .. })));
    for hello in [
        Vec::new(),
        b"{".to_vec(),
        vec![b' '; 65_537],
        b"[".repeat(10_000),
        hello_with(|hello| hello["services"] = json!([1])),
    ] {
        let error = impostor.connect(hello).await.unwrap_err();
        assert!(matches!(error, ConnectError::Malformed { .. }), "{error}");
    }
    // An address that is none concerns its service alone.
    let hello = hello_with(|hello| hello["services"][0]["channels"]["rpc"] = json!("\u{1b}[2K"));
    let client = impostor.connect(hello).await.unwrap();
    assert!(client.proxy("Calculator").is_err());
    assert!(client.proxy_session("Tally").await.is_ok());
}

#[tokio::test]
async fn b27_a_server_of_another_root_is_not_taken_for_ours() {
    let impostor = Impostor::new().await;
    let (ours, theirs) = (RootKey::generate().public_key(), RootKey::generate().public_key());
    let connect = |root: String| {
        *impostor.hello.lock().unwrap() = hello_with(|hello| hello["root_pubkey"] = json!(root));
        let builder = AsterClient::builder().network(loopback()).root_pubkey(ours);
        async { soon(builder.connect(&impostor.address)).await }
    };
    connect(ours.to_string()).await.unwrap();
    // Nobody's root: a server with an open gate.
    connect(String::new()).await.unwrap();
    for other in [theirs.to_string(), "x\u{1b}".to_owned(), ours.to_string().to_uppercase()] {
        let error = connect(other).await.unwrap_err();
        assert!(matches!(error, ConnectError::OtherRoot { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(&ours.short()) && !text.contains(char::is_control), "{text}");
    }
}
