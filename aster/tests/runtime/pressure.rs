//! Peers that take what they can get: streams, bytes, time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use aster::{Code, Limits};
use futures::StreamExt;

use crate::frames::{
    CANCEL, COMPRESSED, MESSAGE, TRAILER, call, exchange, frame, header_of, shape, value,
};
use crate::service::{Over, Setup, number, soon, until};
use crate::wire::Raw;

async fn raw_with(limits: Limits) -> Raw {
    Raw::with(Setup::with_limits(Over::Quic, limits).await).await
}

impl Raw {
    /// Calls that the server is busy with.
    fn calls(&self) -> usize {
        self.setup.server.as_ref().unwrap().calls_in_progress()
    }

    /// Begins a stream that is not ended.
    async fn begin(
        &self,
        bytes: &[u8],
    ) -> (iroh::endpoint::SendStream, iroh::endpoint::RecvStream) {
        let (mut send, recv) = soon(self.connection.open_bi()).await.unwrap();
        soon(send.write_all(bytes)).await.unwrap();
        (send, recv)
    }
}

#[tokio::test]
async fn a31_a_length_of_four_gigabytes_is_refused_by_its_length() {
    let raw = Raw::new().await;
    // Within the limit a length takes nothing either: a thousand of them are
    // there at once, and nothing follows.
    let mut held = Vec::new();
    for _ in 0..500 {
        let promise = (16_u32 << 20).to_le_bytes();
        held.push(raw.begin(&[header_of("Calculator", "echo"), promise.to_vec()].concat()).await);
    }
    until(|| raw.calls() == held.len()).await;
    raw.is_alive().await;
    for after in [Vec::new(), header_of("Calculator", "echo"), header_of("Tally", "")] {
        let (_send, mut recv) = raw.begin(&[after, vec![0xff; 5]].concat()).await;
        let reply = soon(recv.read_to_end(1 << 16)).await.unwrap();
        assert_eq!(shape(&crate::frames::frames(&reply)), [13]);
    }
}

#[tokio::test]
async fn a32_a_header_or_request_that_trickles_is_cut_off() {
    let limits = Limits { header_timeout: Duration::from_millis(300), ..Limits::default() };
    let raw = raw_with(limits).await;
    let header = header_of("Calculator", "addOne");
    for (what, first) in [
        ("nothing but a byte", &header[..1]),
        ("half a header", &header[..20]),
        ("a header without a request", &header[..]),
        ("half a request", &[&header[..], &value(1)[..7]].concat()),
    ] {
        let (mut send, mut recv) = raw.begin(first).await;
        // A byte now and then does not buy more time.
        let trickle = async {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if send.write_all(&frame(CANCEL, "")[..1]).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let reply = tokio::select! {
            reply = soon(recv.read_to_end(1 << 16)) => reply.unwrap(),
            () = trickle => unreachable!(),
        };
        let codes = shape(&crate::frames::frames(&reply));
        assert!(codes == [4] || codes == [13], "{what}: {codes:?}");
    }
    until(|| raw.calls() == 0).await;
}

#[tokio::test]
async fn b7_a33_a_bomb_is_stopped_on_every_path() {
    let raw = Raw::new().await;
    let zstd = |bytes: &[u8]| zstd::bulk::compress(bytes, 19).unwrap();
    let plain = zstd(&vec![b' '; 64 << 20]);
    let bomb = || frame(COMPRESSED, &plain);
    let end = || frame(TRAILER, "");
    for (what, bytes, expected) in [
        ("unary", [header_of("Calculator", "echo"), bomb()].concat(), vec![8]),
        ("server stream", [header_of("Calculator", "count"), bomb()].concat(), vec![8]),
        ("client stream", [header_of("Calculator", "sum"), value(1), bomb()].concat(), vec![8]),
        (
            "bidi",
            [header_of("Calculator", "double"), value(1), bomb(), bomb()].concat(),
            vec![MESSAGE, 8],
        ),
        (
            "in a session",
            [
                [header_of("Tally", ""), call("add"), bomb(), call("sum"), value(1)].concat(),
                [bomb(), end(), call("double"), value(1), bomb(), end()].concat(),
                [call("add"), value(1)].concat(),
            ]
            .concat(),
            vec![8, 8, MESSAGE, 8, MESSAGE],
        ),
    ] {
        assert_eq!(shape(&raw.exchange(&bytes).await), expected, "{what}");
    }
    // One in another: what is inside is no message, and is not inflated.
    let nested = frame(COMPRESSED, zstd(&plain));
    let reply = raw.exchange(&[header_of("Calculator", "echo"), nested].concat()).await;
    assert_eq!(shape(&reply), [3]);
    raw.is_alive().await;
}

#[tokio::test]
async fn a36_a_limit_on_items_holds_at_its_edge_on_every_path() {
    let limits = Limits { max_stream_items: Some(1000), ..Limits::default() };
    for over in crate::service::BOTH {
        let setup = Setup::with_limits(over, limits.clone()).await;
        let items = |count| futures::stream::iter((0..count).map(number));
        let (calculator, tally) = (setup.calculator(), setup.tally().await);
        assert!(calculator.sum(items(1000)).await.is_ok() && tally.sum(items(1000)).await.is_ok());
        for status in [calculator.sum(items(1001)).await, tally.sum(items(1001)).await] {
            assert_eq!(status.unwrap_err().code(), Code::ResourceExhausted);
        }
        for replies in [
            calculator.double(items(1001)).await.unwrap(),
            tally.double(items(1001)).await.unwrap(),
        ] {
            let replies: Vec<_> = soon(replies.collect::<Vec<_>>()).await;
            assert_eq!(replies.len(), 1001);
            let last = replies.last().unwrap().as_ref().unwrap_err();
            assert_eq!(last.code(), Code::ResourceExhausted);
        }
        // And the session goes on.
        assert_eq!(tally.add(number(1)).await.unwrap(), number(1));
    }
}

#[tokio::test]
async fn a37_streams_that_are_opened_and_not_used_are_bounded_and_end() {
    let limits = Limits {
        max_concurrent_streams: 64,
        header_timeout: Duration::from_millis(500),
        ..Limits::default()
    };
    let raw = raw_with(limits).await;
    // As many as ten thousand would like to be open; each says one byte.
    let mut waiting = futures::stream::iter(0..10_000)
        .map(|_| async {
            let (mut send, mut recv) = raw.connection.open_bi().await.ok()?;
            send.write_all(&[0]).await.ok()?;
            assert!(raw.calls() <= 64);
            recv.read_to_end(1 << 16).await.ok().map(|reply| shape(&crate::frames::frames(&reply)))
        })
        .buffer_unordered(10_000)
        .take(200);
    let mut answered = 0;
    while let Some(reply) = soon(waiting.next()).await {
        // Each is told why, and makes room for the next.
        assert_eq!(reply.unwrap(), [4]);
        answered += 1;
        if answered % 50 == 0 {
            raw.is_alive().await;
        }
    }
    assert_eq!(answered, 200);
}

#[tokio::test]
async fn a37_opening_and_resetting_leaves_nothing_behind() {
    let raw = Raw::new().await;
    let begun = [header_of("Calculator", "hang"), value(1)].concat();
    for round in 0..10_000 {
        let (mut send, mut recv) = soon(raw.connection.open_bi()).await.unwrap();
        // Nothing, half a header, a whole call.
        let bytes = &begun[..[0, 10, begun.len()][round % 3]];
        let _ = soon(send.write_all(bytes)).await;
        let _ = send.reset(0_u32.into());
        let _ = recv.stop(0_u32.into());
        assert!(raw.calls() <= aster::limits::MAX_CONCURRENT_STREAMS as usize);
    }
    until(|| raw.calls() == 0).await;
    raw.is_alive().await;
}

#[tokio::test]
async fn a40_answers_that_nobody_reads_hold_up_their_reader_alone() {
    let raw = Raw::new().await;
    let mut unread = Vec::new();
    for _ in 0..20 {
        let bytes = [header_of("Calculator", "endless"), value(0)].concat();
        unread.push(raw.begin(&bytes).await);
    }
    let text = format!("{{\"text\":\"{}\"}}", "x".repeat(100_000));
    for _ in 0..100 {
        let bytes = [header_of("Calculator", "echo"), frame(0, &text)].concat();
        unread.push(raw.begin(&bytes).await);
    }
    // Until flow control holds the sources back.
    let produced = || raw.setup.probe.produced.load(Ordering::SeqCst);
    let mut last = 0;
    while produced() == 0 || produced() != last {
        last = produced();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(last < 20 * 1_000_000, "{last} items without a reader");
    raw.is_alive().await;
    // When the peer goes, everything that it began goes.
    raw.connection.close(0_u32.into(), b"");
    until(|| raw.calls() == 0).await;
}

/// A session reads ahead of its handlers, so that a CANCEL is seen; not by
/// more bytes than it may hold.
#[tokio::test]
async fn a40_a_session_does_not_read_ahead_without_end() {
    let raw = Raw::new().await;
    let hang = [header_of("Tally", ""), call("hang"), value(1), call("sum")].concat();
    let (mut send, recv) = raw.begin(&hang).await;
    soon(raw.setup.probe.started.notified()).await;
    let item = frame(0, format!("{{\"value\":1{}}}", " ".repeat(1 << 20)));
    let mut sent = 0;
    // Nobody takes the items: what is not taken stays with its sender.
    while let Ok(written) =
        tokio::time::timeout(Duration::from_millis(500), send.write_all(&item)).await
    {
        written.unwrap();
        sent += 1;
        assert!(sent < 40, "{sent} MiB were taken that nobody wants");
    }
    raw.is_alive().await;
    drop((send, recv));
    until(|| raw.calls() == 0).await;
    // Read by a handler, as many items as one likes pass.
    let mut bytes = [header_of("Tally", ""), call("sum")].concat();
    (0..20).for_each(|_| bytes.extend(&item));
    bytes.extend([frame(TRAILER, ""), call("add"), value(2)].concat());
    let reply = raw.exchange(&bytes).await;
    let replies: Vec<_> = reply.iter().map(|(_, payload)| &payload[..]).collect();
    assert_eq!(replies, [br#"{"value":20}"#.as_slice(), br#"{"value":2}"#]);
}

#[tokio::test]
async fn a41_a_handler_without_end_goes_with_its_caller() {
    let raw = Raw::new().await;
    let shared = [header_of("Calculator", "hang"), value(1)].concat();
    let session = [header_of("Tally", ""), call("hang"), value(1)].concat();
    for bytes in [shared, session] {
        for leave in 0..3 {
            let (mut send, mut recv) = raw.begin(&bytes).await;
            soon(raw.setup.probe.started.notified()).await;
            let _ = send.finish();
            match leave {
                0 => drop(recv),
                1 => recv.stop(0_u32.into()).unwrap(),
                _ => raw.connection.close(0_u32.into(), b""),
            }
            soon(raw.setup.probe.dropped.notified()).await;
            until(|| raw.calls() == 0).await;
            if leave == 2 {
                return raw.is_alive().await;
            }
        }
    }
}

#[tokio::test]
async fn a51_a_flood_of_cancels_is_answered_one_by_one() {
    let raw = Raw::new().await;
    let cancel = || frame(CANCEL, "");
    let add = || [call("add"), value(1)].concat();
    let mut bytes = [header_of("Tally", ""), add()].concat();
    (0..10_000).for_each(|_| bytes.extend(cancel()));
    bytes.extend(add());
    // Sent while the answers are read, because they come as they are asked for.
    let (mut send, mut recv) = raw.connection.open_bi().await.unwrap();
    let sending = tokio::spawn(async move {
        send.write_all(&bytes).await.unwrap();
        send.finish().unwrap();
    });
    let reply = soon(recv.read_to_end(1 << 24)).await.unwrap();
    soon(sending).await.unwrap();
    let codes = shape(&crate::frames::frames(&reply));
    assert_eq!(codes.len(), 10_002);
    assert_eq!((codes[0], codes[10_001]), (MESSAGE, MESSAGE));
    assert!(codes[1..10_001].iter().all(|code| *code == 1));
    // On a stream of its own it means nothing.
    let flood = cancel().repeat(10_000);
    let bytes = [header_of("Calculator", "addOne"), flood.clone(), value(1)].concat();
    assert_eq!(shape(&exchange(&raw.connection, &bytes).await), [MESSAGE, 0]);
    // Nobody reads the answers: then nobody reads the CANCELs either.
    let (mut send, _recv) = raw.begin(&header_of("Tally", "")).await;
    let mut sent = 0;
    // Its own QUIC gives up the connection of a peer that leaves gaps unread.
    while let Ok(Ok(())) =
        tokio::time::timeout(Duration::from_millis(500), send.write_all(&flood)).await
    {
        sent += 1;
        assert!(sent < 400, "{sent} times ten thousand");
    }
    raw.is_alive().await;
    raw.connection.close(0_u32.into(), b"");
    until(|| raw.calls() == 0).await;
}
