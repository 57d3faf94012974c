//! A caller that goes away takes its handler along.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::StreamExt;

use crate::service::{BOTH, Over, Setup, number, soon};

#[tokio::test]
async fn dropping_a_call_drops_its_handler() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = tokio::spawn(setup.calculator().hang(number(0)).into_future());
        soon(setup.probe.started.notified()).await;
        call.abort();
        soon(setup.probe.dropped.notified()).await;
        assert!(!setup.probe.finished.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn dropping_a_stream_drops_its_source() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let mut stream = setup.calculator().endless(number(0)).await.unwrap();
        for expected in 0..10 {
            assert_eq!(stream.message().await.unwrap(), Some(number(expected)));
        }
        drop(stream);
        soon(setup.probe.dropped.notified()).await;
    }
}

#[tokio::test]
async fn a41_a_quiet_stream_notices_that_its_reader_left() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let mut stream = setup.calculator().quiet(number(5)).await.unwrap();
        assert_eq!(stream.message().await.unwrap(), Some(number(5)));
        drop(stream);
        soon(setup.probe.dropped.notified()).await;
    }
}

#[tokio::test]
async fn a41_a_lost_connection_drops_its_handlers() {
    let setup = Setup::new(Over::Quic).await;
    let call = tokio::spawn(setup.calculator().hang(number(0)).into_future());
    soon(setup.probe.started.notified()).await;
    setup.client.close().await;
    soon(setup.probe.dropped.notified()).await;
    assert_eq!(call.await.unwrap().unwrap_err().code(), aster::Code::Unavailable);
}

#[tokio::test]
async fn a40_a_sleeping_reader_holds_the_writer_back() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let mut stream = setup.calculator().endless(number(0)).await.unwrap();
        stream.message().await.unwrap();
        // Let the writer run into flow control: it has when it stops producing.
        let produced = &setup.probe.produced;
        let mut last = 0;
        soon(async {
            loop {
                tokio::time::sleep(Duration::from_millis(200)).await;
                let now = produced.load(Ordering::SeqCst);
                if now == last {
                    break;
                }
                last = now;
            }
        })
        .await;
        // A message is about 30 bytes; the windows are a few megabytes.
        assert!(last < 1_000_000, "{over:?}: {last} items without a reader");
        // And it goes on where it stopped.
        let next: Vec<_> = stream.take(1_000).map(|n| n.unwrap().value).collect().await;
        assert_eq!(next, (1..=1_000).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_handler_that_blocks_does_not_stall_others() {
    let setup = Setup::new(Over::Quic).await;
    let blocked = tokio::spawn(setup.calculator().block(number(3_000)).into_future());
    soon(setup.probe.started.notified()).await;
    for n in 0..50 {
        assert_eq!(setup.calculator().add_one(number(n)).await.unwrap(), number(n + 1));
    }
    // The order of events is what counts: the blocked one is still blocked.
    assert!(!blocked.is_finished());
    assert_eq!(blocked.await.unwrap().unwrap(), number(3_000));
}

#[test]
fn a_runtime_may_end_while_session_calls_run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let streams = runtime.block_on(async {
        let setup = Setup::new(Over::Quic).await;
        let mut streams = Vec::new();
        for _ in 0..2 {
            let tally = setup.tally().await;
            let (sender, receiver) = aster::channel(1);
            let replies = tally.double(receiver).await.unwrap();
            streams.push((sender, replies));
        }
        // One is dropped while the runtime lives, one after.
        streams.pop();
        streams
    });
    drop(runtime);
    drop(streams);
}

#[tokio::test]
async fn a_stream_keeps_the_connection_of_a_client_that_was_a_temporary() {
    let setup = Setup::new(Over::Quic).await;
    let address = setup.server.as_ref().unwrap().address().to_string();
    let connect = || aster::AsterClient::builder().network(crate::service::loopback());
    let mut stream =
        crate::service::CalculatorClient::new(&connect().connect(&address).await.unwrap())
            .unwrap()
            .count(number(100_000))
            .await
            .unwrap();
    let mut last = 0;
    while let Some(n) = stream.message().await.unwrap() {
        last = n.value;
    }
    assert_eq!(last, 100_000);
}
