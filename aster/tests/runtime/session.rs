//! Session-scoped services.

use std::sync::atomic::Ordering;
use std::time::Duration;

use aster::Code;
use futures::{StreamExt, TryStreamExt};

use crate::service::{BOTH, Setup, number, soon, until};

#[tokio::test]
async fn each_session_has_its_own_state() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let (a, b) = (setup.tally().await, setup.tally().await);
        assert_eq!(a.add(number(1)).await.unwrap(), number(1));
        assert_eq!(b.add(number(10)).await.unwrap(), number(10));
        assert_eq!(a.add(number(1)).await.unwrap(), number(2));
    }
}

#[tokio::test]
async fn all_patterns_one_after_the_other() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        for round in 1..=3 {
            assert_eq!(tally.add(number(1)).await.unwrap(), number(round));
            let down = tally.down(number(1_000)).await.unwrap();
            let down: Vec<_> = down.map_ok(|n| n.value).try_collect().await.unwrap();
            assert_eq!(down, (0..1_000).rev().collect::<Vec<_>>());
            let numbers = futures::stream::iter((0..1_000).map(number));
            assert_eq!(tally.sum(numbers).await.unwrap(), number(499_500));
            let requests = futures::stream::iter((0..500).map(number));
            let doubled = tally.double(requests).await.unwrap();
            let doubled: Vec<_> = doubled.map(|n| n.unwrap().value).collect().await;
            assert_eq!(doubled, (0..500).map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn bidi_in_a_session_is_full_duplex() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        let (sender, receiver) = aster::channel(1);
        let mut replies = tally.double(receiver).await.unwrap();
        for n in 0..20 {
            sender.send(number(n)).await.unwrap();
            assert_eq!(soon(replies.message()).await.unwrap(), Some(number(n * 2)));
        }
        drop(sender);
        assert_eq!(soon(replies.message()).await.unwrap(), None);
        assert_eq!(tally.add(number(5)).await.unwrap(), number(5));
    }
}

#[tokio::test]
async fn calls_made_at_once_wait_for_each_other() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        let calls = (0..100).map(|_| tally.add(number(1)).into_future());
        let mut totals: Vec<_> =
            futures::future::join_all(calls).await.into_iter().map(|n| n.unwrap().value).collect();
        totals.sort_unstable();
        assert_eq!(totals, (1..=100).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_failed_call_leaves_the_session_usable() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        tally.add(number(1)).await.unwrap();
        let status = tally.fail(number(0)).await.unwrap_err();
        assert_eq!((status.code(), status.detail("k")), (Code::Aborted, Some("v")));
        assert_eq!(tally.add(number(1)).await.unwrap(), number(2));
    }
}

#[tokio::test]
async fn a_dropped_call_is_cancelled_and_leaves_the_session_usable() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        tally.add(number(1)).await.unwrap();
        let call = tokio::spawn(tally.hang(number(0)).into_future());
        soon(setup.probe.started.notified()).await;
        call.abort();
        soon(setup.probe.dropped.notified()).await;
        assert_eq!(soon(tally.add(number(1)).into_future()).await.unwrap(), number(2));
        let mut endless = tally.endless(number(0)).await.unwrap();
        for expected in 0..10 {
            assert_eq!(endless.message().await.unwrap(), Some(number(expected)));
        }
        drop(endless);
        soon(setup.probe.dropped.notified()).await;
        assert_eq!(soon(tally.add(number(1)).into_future()).await.unwrap(), number(3));
        // A bidi call given up half-way, requests still to come.
        let (sender, receiver) = aster::channel(1);
        let mut replies = tally.double(receiver).await.unwrap();
        sender.send(number(4)).await.unwrap();
        assert_eq!(soon(replies.message()).await.unwrap(), Some(number(8)));
        drop(replies);
        assert_eq!(soon(tally.add(number(1)).into_future()).await.unwrap(), number(4));
    }
}

#[tokio::test]
async fn a_deadline_in_a_session_ends_the_call_only() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let tally = setup.tally().await;
        let call = tally.hang(number(0)).timeout(Duration::from_millis(100));
        assert_eq!(soon(call.into_future()).await.unwrap_err().code(), Code::DeadlineExceeded);
        assert_eq!(soon(tally.add(number(1)).into_future()).await.unwrap(), number(1));
    }
}

#[tokio::test]
async fn the_instance_is_dropped_with_its_session() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let closed = || setup.sessions_closed.load(Ordering::SeqCst);
        let (a, b) = (setup.tally().await, setup.tally().await);
        a.add(number(1)).await.unwrap();
        b.add(number(1)).await.unwrap();
        a.close().await;
        until(|| closed() == 1).await;
        assert_eq!(b.add(number(1)).await.unwrap(), number(2));
        drop(b);
        until(|| closed() == 2).await;
    }
}
