//! Names on the wire: what is not exactly a name of ours leads nowhere, on any
//! path. The caller holds every capability, so only routing can refuse.

use serde_json::json;

use super::setup::Domain;
use super::stranger::Stranger;
use crate::frames::{
    CALL, CANCEL, DATA, HEADER, MESSAGE, call, exchange, frame, header_of, header_with, shape,
    value,
};

const ALL: &str = "ops.status,ops.admin,ops.logs,ops.ingest,ops.desk";

/// Other texts that a person, a file system or a web server would take for
/// the name.
fn variants(name: &str) -> Vec<String> {
    let upper = name.to_uppercase();
    let lower = name.to_lowercase();
    let swapped: String = name
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let wide: String =
        name.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    let mut variants = vec![
        upper,
        lower,
        swapped,
        wide,
        // Cyrillic for Latin.
        name.replace('e', "\u{435}").replace('a', "\u{430}").replace('s', "\u{455}"),
        format!("{name}\u{301}"),
        format!("{name}\u{200b}"),
        format!("{name}\u{202e}"),
        format!("{name}\u{fe0f}"),
        format!("\u{feff}{name}"),
        format!("{name}@1"),
        format!("{name}*"),
        format!("{name}()"),
        format!("{name};"),
        format!("{name}%00"),
        format!("{name}%20"),
        format!("./{name}"),
        format!("x/../{name}"),
        format!("{name},{name}"),
        name[..name.len() - 1].to_owned(),
        "*".to_owned(),
        ".".to_owned(),
        "\0".to_owned(),
        " ".to_owned(),
    ];
    for end in [".", "/", " ", "\0", "\n", "\r", "\t", "\\", "\u{a0}", "\u{7f}"] {
        variants.push(format!("{name}{end}"));
        variants.push(format!("{end}{name}"));
    }
    variants.retain(|variant| variant != name);
    variants
}

#[tokio::test]
async fn a25_a_service_is_found_by_its_exact_name() {
    let domain = Domain::new().await;
    let (_peer, connection) = Stranger::admitted(&domain, ALL).await;
    for name in variants("Fleet").into_iter().chain(["Fleet.status".into(), "Fleet/status".into()])
    {
        let bytes = [header_of(&name, "status"), value(1)].concat();
        assert_eq!(shape(&exchange(&connection, &bytes).await), [5], "{name:?}");
    }
    for name in variants("Desk") {
        let bytes = [header_of(&name, ""), call("add"), value(1)].concat();
        assert_eq!(shape(&exchange(&connection, &bytes).await), [5], "{name:?}");
    }
    assert_eq!((domain.calls(), domain.desks()), (0, 0));
}

#[tokio::test]
async fn a25_a_method_is_found_by_its_exact_name() {
    let domain = Domain::new().await;
    let (_peer, connection) = Stranger::admitted(&domain, ALL).await;
    for name in variants("status").into_iter().chain(["Fleet.status".into()]) {
        let bytes = [header_of("Fleet", &name), value(1)].concat();
        assert_eq!(shape(&exchange(&connection, &bytes).await), [12], "{name:?}");
    }
    assert_eq!(domain.calls(), 0);
    // In a session, which goes on.
    let mut bytes = header_of("Desk", "");
    let names: Vec<_> = variants("add").into_iter().chain(["".into(), "Desk.add".into()]).collect();
    for name in &names {
        bytes.extend(call(name));
        bytes.extend(value(1));
    }
    bytes.extend([call("add"), value(1)].concat());
    let mut expected = vec![12; names.len()];
    expected.push(MESSAGE);
    assert_eq!(shape(&exchange(&connection, &bytes).await), expected);
    assert_eq!((domain.calls(), domain.desks()), (1, 1));
}

/// An escape in JSON is the character that it stands for: it leads to the
/// service, and so to what the service requires.
#[tokio::test]
async fn a25_an_escaped_name_is_asked_like_the_plain_one() {
    let domain = Domain::new().await;
    let header =
        br#"{"service":"Fl\u0065et","method":"\u0073tatus","version":1,"serializationMode":3}"#;
    let bytes = [frame(HEADER, header), value(1)].concat();
    for (role, expected) in [("ops.logs", &[7][..]), ("ops.status", &[MESSAGE, 0])] {
        let (_peer, connection) = Stranger::admitted(&domain, role).await;
        assert_eq!(shape(&exchange(&connection, &bytes).await), expected, "{role}");
    }
    assert_eq!(domain.calls(), 1);
}

/// The order of the gates and of decoding: a request that nobody may make is
/// refused before a byte of it is looked at.
#[tokio::test]
async fn a28_every_way_to_a_method_passes_the_gate() {
    let domain = Domain::new().await;
    let (_peer, connection) = Stranger::admitted(&domain, "ops.desk").await;
    let denied = [7];
    let garbage = frame(DATA, b"\xff\xff");
    let mode = |mode: i64| {
        header_with(json!({ "service": "Fleet", "method": "admin", "serializationMode": mode }))
    };
    for (what, bytes) in [
        ("without a request", mode(3)),
        ("with a request", [mode(3), value(1)].concat()),
        ("with a request that cannot be read", [mode(3), garbage.clone()].concat()),
        ("in XLANG", [mode(0), garbage.clone()].concat()),
        ("in another name of XLANG", [mode(1), garbage.clone()].concat()),
        ("in the third", [mode(2), garbage.clone()].concat()),
        ("a server stream", [header_of("Fleet", "logs"), value(1)].concat()),
        ("a client stream", [header_of("Fleet", "ingest"), value(1), value(2)].concat()),
        ("a bidi stream", [header_of("Fleet", "double"), value(1), value(2)].concat()),
        ("after a CANCEL", [mode(3), frame(CANCEL, ""), value(1)].concat()),
        ("with a CALL behind it", [mode(3), call("hello"), value(1)].concat()),
        ("a header that is a CALL too", {
            let json = br#"{"service":"Fleet","method":"admin","version":1,"serializationMode":3}"#;
            [frame(HEADER | CALL, json), value(1)].concat()
        }),
    ] {
        assert_eq!(shape(&exchange(&connection, &bytes).await), denied, "{what}");
    }
    for (what, bytes, expected) in [
        ("a CALL without a session", [call("admin"), value(1)].concat(), 13),
        ("data without a header", value(1), 13),
        ("a session of a shared service", [header_of("Fleet", ""), call("admin")].concat(), 9),
        ("a call of a session service", [header_of("Desk", "reset"), value(1)].concat(), 9),
        ("no service", [header_of("", "admin"), value(1)].concat(), 3),
    ] {
        assert_eq!(shape(&exchange(&connection, &bytes).await), [expected], "{what}");
    }
    assert_eq!((domain.calls(), domain.desks()), (0, 0));
}

#[tokio::test]
async fn a28_every_call_of_a_session_passes_the_gate() {
    let domain = Domain::new().await;
    let (_peer, connection) = Stranger::admitted(&domain, "ops.desk").await;
    let add = || [call("add"), value(1)].concat();
    let reset = || [call("reset"), value(1)].concat();
    let session = |frames: &[Vec<u8>]| [header_of("Desk", ""), frames.concat()].concat();
    for (what, bytes, expected, calls) in [
        ("first", session(&[reset(), add()]), &[7, MESSAGE][..], 1),
        ("last", session(&[add(), reset()]), &[MESSAGE, 7], 1),
        ("between", session(&[add(), reset(), add()]), &[MESSAGE, 7, MESSAGE], 2),
        ("alone", session(&[call("reset")]), &[7], 0),
        ("many times", session(&[reset(), reset(), reset(), add()]), &[7, 7, 7, MESSAGE], 1),
        (
            "with a request that cannot be read",
            session(&[call("reset"), frame(DATA, b"\xff"), add()]),
            &[7, MESSAGE],
            1,
        ),
        (
            "with a payload of many frames",
            session(&[call("reset"), value(1), value(2), frame(0x02, ""), add()]),
            &[7, MESSAGE],
            1,
        ),
        (
            "of another service",
            session(&[[call("Fleet.admin"), value(1)].concat(), add()]),
            &[12, MESSAGE],
            1,
        ),
        (
            "by a header in the middle",
            session(&[add(), header_of("Fleet", "admin"), value(1)]),
            &[MESSAGE, 9],
            1,
        ),
        // The call before it was not answered; the denied one is.
        ("instead of a request", session(&[call("add"), reset(), add()]), &[9, 7, MESSAGE], 1),
    ] {
        let before = domain.calls();
        assert_eq!(shape(&exchange(&connection, &bytes).await), expected, "{what}");
        assert_eq!(domain.calls() - before, calls, "{what}");
    }
    // Without the capability for sessions nothing in it is looked at.
    let (_peer, connection) = Stranger::admitted(&domain, "ops.admin").await;
    let desks = domain.desks();
    assert_eq!(shape(&exchange(&connection, &session(&[reset(), add()])).await), [7]);
    assert_eq!(domain.desks(), desks);
}

#[tokio::test]
async fn a30_a_session_belongs_to_the_stream_that_opened_it() {
    let domain = Domain::new().await;
    let named = || header_with(json!({ "service": "Desk", "method": "", "callId": "session-1" }));
    let (_peer, victim) = Stranger::admitted(&domain, "ops.desk").await;
    let (mut send, mut recv) = victim.open_bi().await.unwrap();
    send.write_all(&[named(), call("add"), value(5)].concat()).await.unwrap();
    let mut first = [0; 4 + 1 + 11];
    crate::service::soon(recv.read_exact(&mut first)).await.unwrap();
    assert_eq!(&first[5..], br#"{"value":5}"#);

    // Somebody else, and the same peer on another stream, say the same id.
    let (_peer, other) = Stranger::admitted(&domain, "ops.desk").await;
    for connection in [&other, &victim] {
        let reply = exchange(connection, &[named(), call("add"), value(1)].concat()).await;
        assert_eq!(&reply[0].1[..], br#"{"value":1}"#, "a session of its own");
    }
    assert_eq!(domain.desks(), 3);
    // There is no other way to name a session.
    for field in ["sessionId", "session_id", "resume"] {
        let header = header_with(json!({ "service": "Desk", "method": "", field: "session-1" }));
        let reply = exchange(&other, &[header, call("add"), value(1)].concat()).await;
        assert_eq!(shape(&reply), [13], "{field}");
    }
    // The victim's goes on as if nothing had happened, to its end.
    send.write_all(&[call("add"), value(1)].concat()).await.unwrap();
    send.finish().unwrap();
    let rest = crate::service::soon(recv.read_to_end(1 << 16)).await.unwrap();
    assert_eq!(&rest[5..], br#"{"value":6}"#);
    // Once it has ended, its id leads to a new one.
    let reply = exchange(&victim, &[named(), call("add"), value(1)].concat()).await;
    assert_eq!(&reply[0].1[..], br#"{"value":1}"#);
}

#[tokio::test]
async fn a30_a_session_that_was_closed_takes_no_calls() {
    let domain = Domain::new().await;
    let client = domain.client("ops.desk").await;
    let desk = client.proxy_session("Desk").await.unwrap();
    let kept = desk.clone();
    assert_eq!(desk.call("add", json!({ "value": 1 })).await.unwrap()["value"], 1);
    desk.close().await;
    let late = kept.call("add", json!({ "value": 1 })).into_future();
    let status = crate::service::soon(late).await.unwrap_err();
    assert!(
        matches!(status.code(), aster::Code::Unavailable | aster::Code::FailedPrecondition),
        "{status}"
    );
    assert_eq!(domain.calls(), 1);
}
