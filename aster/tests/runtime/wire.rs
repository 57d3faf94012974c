//! Bytes on a stream, without a client in between: what malformed and
//! unusual peers get.

use bytes::Bytes;
use iroh::endpoint::Connection;

use crate::frames::{
    CANCEL, HEADER, TRAILER, call, exchange, frame, frames, header_of, shape, value,
};
use crate::service::{Over, Setup, number, soon};

/// A raw connection to a server under test.
pub(crate) struct Raw {
    pub(crate) connection: Connection,
    _endpoint: iroh::Endpoint,
    pub(crate) setup: Setup,
}

impl Raw {
    pub(crate) async fn new() -> Self {
        Self::with(Setup::new(Over::Quic).await).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let address = setup.server.as_ref().unwrap().address();
        let endpoint = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
            .relay_mode(iroh::RelayMode::Disabled)
            .clear_ip_transports()
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        let id = iroh::EndpointId::from_bytes(address.peer.as_bytes()).unwrap();
        let ips = address.direct.iter().copied().map(iroh::TransportAddr::Ip);
        let target = iroh::EndpointAddr::from_parts(id, ips);
        let connection = endpoint.connect(target, aster::RPC_ALPN).await.unwrap();
        Self { connection, _endpoint: endpoint, setup }
    }

    /// Sends bytes and the end, reads everything that comes back.
    pub(crate) async fn exchange(&self, bytes: &[u8]) -> Vec<(u8, Bytes)> {
        exchange(&self.connection, bytes).await
    }

    /// The server still serves others.
    pub(crate) async fn is_alive(&self) {
        let reply = self.setup.calculator().add_one(number(1)).await.unwrap();
        assert_eq!(reply, number(2));
    }
}

fn header(method: &str) -> Vec<u8> {
    header_of("Calculator", method)
}

fn session() -> Vec<u8> {
    header_of("Tally", "")
}

#[tokio::test]
async fn the_published_exchange_byte_for_byte() {
    // A call of the reference client, with the types of this test's service in
    // place of its own: header in XLANG, request in XLANG, one trailer back.
    let raw = Raw::new().await;
    let mut bytes = header("addOne");
    bytes.extend(value(41));
    let reply = raw.exchange(&bytes).await;
    assert_eq!(reply.len(), 2);
    assert_eq!(&reply[0].1[..], br#"{"value":42}"#);
    assert_eq!(&reply[1].1[..], br#"{"code":0,"message":"","detailKeys":[],"detailValues":[]}"#);
}

#[tokio::test]
async fn a31_a49_a52_a53_what_is_turned_away_and_how() {
    let raw = Raw::new().await;
    let cases: &[(&str, Vec<u8>, i64)] = &[
        ("a frame of length zero", vec![0, 0, 0, 0], 13),
        ("a frame beyond the limit", vec![0xff, 0xff, 0xff, 0xff, 0], 13),
        ("no header flag", frame(0, b"{}"), 13),
        ("an unreadable header", frame(HEADER, b"\x01\x02\x03"), 13),
        ("an empty header", frame(HEADER, b""), 13),
        ("an unknown header field", frame(HEADER, br#"{"service":"Calculator","x":1}"#), 13),
        ("a header twice", [header("addOne"), header("addOne")].concat(), 101),
        ("a header that is too large", frame(HEADER, vec![b' '; (16 << 20) - 1]), 13),
        (
            "a name that is too long",
            frame(HEADER, format!(r#"{{"service":"{}"}}"#, "x".repeat(257))),
            13,
        ),
        ("no service", frame(HEADER, br#"{"method":"addOne","version":1}"#), 3),
        ("an unknown service", frame(HEADER, br#"{"service":"No","method":"m","version":1}"#), 5),
        (
            "an unknown version",
            frame(HEADER, br#"{"service":"Calculator","method":"addOne","version":7}"#),
            5,
        ),
        ("an unknown method", header("nope"), 12),
        (
            "a method of a session service",
            frame(HEADER, br#"{"service":"Tally","method":"add","version":1}"#),
            9,
        ),
        ("a session of a shared service", header(""), 9),
        (
            "an unknown mode",
            frame(
                HEADER,
                br#"{"service":"Calculator","method":"addOne","version":1,"serializationMode":9}"#,
            ),
            3,
        ),
        ("no request", header("addOne"), 14),
        ("half a request", [header("addOne"), vec![9, 0, 0, 0, 0, b'{']].concat(), 13),
        ("an unreadable request", [header("addOne"), frame(0, b"[1]")].concat(), 3),
        ("an empty request", [header("addOne"), frame(0, b"")].concat(), 3),
        ("an unknown field", [header("addOne"), frame(0, br#"{"velue":1}"#)].concat(), 101),
        ("no zstd", [header("addOne"), frame(1, b"{\"value\":1}")].concat(), 3),
    ];
    for (what, bytes, expected) in cases {
        let reply = raw.exchange(bytes).await;
        assert_eq!(shape(&reply), [*expected], "{what}");
    }
    assert!(raw.exchange(b"").await.is_empty());
    raw.is_alive().await;
}

#[tokio::test]
async fn a49_a51_a52_a54_unusual_but_fine() {
    let raw = Raw::new().await;
    let ok = [1000, 0];
    let with_flags = |flags| [header("addOne"), frame(flags, br#"{"value":1}"#)].concat();
    for flags in [0x04, 0x08, 0x10, 0x40, 0x80, 0xc0] {
        assert_eq!(shape(&raw.exchange(&with_flags(flags)).await), ok, "{flags:#x}");
    }
    let cancelled_early = [header("addOne"), frame(CANCEL, b""), value(1)].concat();
    assert_eq!(shape(&raw.exchange(&cancelled_early).await), ok);
    let more = [header("addOne"), value(1), value(2), frame(TRAILER, b"")].concat();
    assert_eq!(shape(&raw.exchange(&more).await), ok);
    // End of input by trailer instead of by the end of the stream.
    let trailer = [header("sum"), value(1), value(2), frame(TRAILER, b"")].concat();
    let reply = raw.exchange(&trailer).await;
    assert_eq!(&reply[0].1[..], br#"{"value":3}"#);
    let refused = [header("sum"), value(1), frame(TRAILER, br#"{"code":5}"#)].concat();
    assert_eq!(shape(&raw.exchange(&refused).await), [13]);
    // Typed clients of JSON-only services announce mode 0.
    let mode_zero =
        [frame(HEADER, br#"{"service":"Calculator","method":"addOne","version":1}"#), value(1)];
    let reply = raw.exchange(&mode_zero.concat()).await;
    assert_eq!(&reply[0].1[..], br#"{"value":2}"#);
}

#[tokio::test]
async fn b7_a33_a34_a_bomb_and_a_flood_of_depth_are_stopped() {
    let raw = Raw::new().await;
    let bomb = zstd::bulk::compress(&vec![b' '; 64 << 20], 19).unwrap();
    let bytes = [header("echo"), frame(1, &bomb)].concat();
    assert_eq!(shape(&raw.exchange(&bytes).await), [8]);
    let deep = format!("{{\"text\":{}", "[".repeat(10_000));
    let bytes = [header("echo"), frame(0, deep.as_bytes())].concat();
    let reply = shape(&raw.exchange(&bytes).await);
    assert!(reply == [3] || reply == [8], "{reply:?}");
    raw.is_alive().await;
}

#[tokio::test]
async fn pipelined_session_calls_are_queued() {
    let raw = Raw::new().await;
    let mut bytes = session();
    for n in 1..=5 {
        bytes.extend(call("add"));
        bytes.extend(value(n));
    }
    let reply = raw.exchange(&bytes).await;
    let totals: Vec<_> = reply
        .iter()
        .map(|(_, p)| {
            serde_json::from_slice::<serde_json::Value>(p).unwrap()["value"].as_i64().unwrap()
        })
        .collect();
    assert_eq!(totals, [1, 3, 6, 10, 15]);
}

#[tokio::test]
async fn b22_a51_a54_sessions_survive_what_the_reference_does_not() {
    let raw = Raw::new().await;
    let add = || [call("add"), value(1)].concat();
    let after = |bytes: Vec<u8>| [session(), bytes, add()].concat();
    let cases: &[(&str, Vec<u8>, &[i64])] = &[
        ("an unknown method", [call("nope"), value(1)].concat(), &[12, 1000]),
        ("a failing handler", [call("fail"), value(1)].concat(), &[10, 1000]),
        ("an unreadable request", [call("add"), frame(0, b"[]")].concat(), &[3, 1000]),
        ("a CALL before the request", call("add"), &[9, 1000]),
        ("a CANCEL between calls", frame(CANCEL, b""), &[1, 1000]),
        ("a bidi call like a unary one", [call("double"), value(4)].concat(), &[1000, 1000]),
        ("a bidi call", [call("double"), value(4), frame(TRAILER, b"")].concat(), &[1000, 0, 1000]),
        (
            "an unreadable item",
            [call("double"), value(1), frame(0, b"[]"), value(2), frame(TRAILER, b"")].concat(),
            &[1000, 3, 1000],
        ),
    ];
    for (what, bytes, expected) in cases {
        let reply = raw.exchange(&after(bytes.clone())).await;
        assert_eq!(shape(&reply), *expected, "{what}");
    }
}

#[tokio::test]
async fn a50_a54_a_stray_frame_ends_a_session() {
    let raw = Raw::new().await;
    for stray in [value(1), frame(TRAILER, b"")] {
        let bytes = [session(), call("add"), value(1), stray, call("add"), value(1)].concat();
        assert_eq!(shape(&raw.exchange(&bytes).await), [1000, 9]);
    }
}

#[tokio::test]
async fn random_bytes_never_hurt() {
    let raw = Raw::new().await;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for round in 0..300 {
        let mut bytes = match round % 3 {
            0 => Vec::new(),
            1 => [header("double"), value(1)].concat(),
            _ => [session(), call("add"), value(1)].concat(),
        };
        for _ in 0..random() % 40 {
            if random() % 2 == 0 {
                bytes.push(random() as u8);
            } else if let Some(at) = (random() as usize).checked_rem(bytes.len()) {
                bytes[at] = random() as u8;
            }
        }
        let (mut send, mut recv) = raw.connection.open_bi().await.unwrap();
        let _ = send.write_all(&bytes).await;
        let _ = send.finish();
        let _ = soon(recv.read_to_end(1 << 20)).await;
    }
    raw.is_alive().await;
}

#[tokio::test]
async fn large_messages_are_bounded_together() {
    let limits = aster::Limits { connection_memory_bytes: 4 << 20, ..Default::default() };
    let raw = Raw::with(Setup::with_limits(Over::Quic, limits).await).await;
    // Three requests of almost 2 MiB that never end, then one that is whole.
    let mut open = Vec::new();
    let mut refused = 0;
    for _ in 0..3 {
        let (mut send, mut recv) = raw.connection.open_bi().await.unwrap();
        let mut bytes = header("echo");
        bytes.extend((2u32 << 20).to_le_bytes());
        bytes.push(0);
        bytes.extend(vec![b' '; (2 << 20) - 10]);
        let sent = soon(send.write_all(&bytes)).await;
        // Give the server time to read it, or its refusal time to arrive.
        let answer =
            tokio::time::timeout(std::time::Duration::from_millis(500), recv.read_to_end(1 << 16));
        if let Ok(Ok(reply)) = answer.await {
            assert_eq!(shape(&frames(&reply)), [8]);
            refused += 1;
        } else {
            sent.unwrap();
        }
        open.push((send, recv));
    }
    assert!(refused >= 1, "the third does not fit");
    raw.is_alive().await;
    drop(open);
    // What was given up is free again.
    let whole = format!("{{\"text\":\"{}\"}}", "x".repeat(2 << 20));
    let bytes = [header("echo"), frame(0, whole.as_bytes())].concat();
    soon(async {
        while shape(&raw.exchange(&bytes).await) != [1000, 0] {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn b23_an_error_has_the_encoding_of_its_stream() {
    let raw = Raw::new().await;
    let item = frame(0, b"[]");
    for (what, bytes) in [
        ("an unknown service", header_of("No", "m")),
        ("an unknown method", header("nope")),
        ("no request", header("addOne")),
        ("an unreadable request", [header("addOne"), item.clone()].concat()),
        ("no zstd", [header("addOne"), frame(1, b"x")].concat()),
        ("a failing handler", [header("fail"), value(5)].concat()),
        ("a failing stream", [header("countThenFail"), value(0)].concat()),
        ("an unreadable item", [header("double"), item.clone()].concat()),
        ("a session: an unknown method", [session(), call("nope")].concat()),
        ("a session: a failing handler", [session(), call("fail"), value(1)].concat()),
        ("a session: an unreadable request", [session(), call("add"), item].concat()),
        ("a session: a stray frame", [session(), value(1)].concat()),
        ("a session: a CANCEL", [session(), frame(CANCEL, b"")].concat()),
    ] {
        let reply = raw.exchange(&bytes).await;
        let [(TRAILER, trailer)] = &reply[..] else { panic!("{what}: {reply:?}") };
        assert_eq!(trailer.first(), Some(&b'{'), "{what}");
    }
}
