//! The end of a server.

use std::time::Duration;

use aster::{Code, Limits};

use crate::service::{Over, Setup, number, soon};

#[tokio::test]
async fn running_calls_finish_and_new_ones_are_refused() {
    let mut setup = Setup::new(Over::Quic).await;
    let server = setup.server.take().unwrap();
    let calculator = setup.calculator();
    calculator.add_one(number(0)).await.unwrap();
    let (sender, receiver) = aster::channel(1);
    let mut replies = calculator.double(receiver).await.unwrap();
    sender.send(number(1)).await.unwrap();
    assert_eq!(replies.message().await.unwrap(), Some(number(2)));
    let shutdown = tokio::spawn(server.shutdown());
    // A new call is turned away while the old one goes on.
    soon(async {
        loop {
            match calculator.add_one(number(0)).await {
                Err(status) if status.code() == Code::Unavailable => break,
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    })
    .await;
    sender.send(number(2)).await.unwrap();
    assert_eq!(soon(replies.message()).await.unwrap(), Some(number(4)));
    drop(sender);
    assert_eq!(soon(replies.message()).await.unwrap(), None);
    soon(shutdown).await.unwrap();
}

#[tokio::test]
async fn a_call_that_never_ends_is_cut_after_the_drain_time() {
    let limits = Limits { drain_timeout: Duration::from_millis(100), ..Default::default() };
    let mut setup = Setup::with_limits(Over::Quic, limits).await;
    let server = setup.server.take().unwrap();
    let call = tokio::spawn(setup.calculator().hang(number(0)).into_future());
    soon(setup.probe.started.notified()).await;
    soon(server.shutdown()).await;
    assert_eq!(soon(call).await.unwrap().unwrap_err().code(), Code::Unavailable);
    soon(setup.probe.dropped.notified()).await;
}

#[tokio::test]
async fn an_idle_session_does_not_hold_the_shutdown_up() {
    let mut setup = Setup::new(Over::Quic).await;
    let server = setup.server.take().unwrap();
    let tally = setup.tally().await;
    tally.add(number(1)).await.unwrap();
    soon(server.shutdown()).await;
    assert!(tally.add(number(1)).await.is_err());
}

#[tokio::test]
async fn a_dropped_server_is_gone() {
    let mut setup = Setup::new(Over::Quic).await;
    let calculator = setup.calculator();
    calculator.add_one(number(0)).await.unwrap();
    drop(setup.server.take());
    let status = soon(async {
        loop {
            if let Err(status) = calculator.add_one(number(0)).timeout(Duration::from_secs(2)).await
            {
                return status;
            }
        }
    })
    .await;
    assert!(matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded), "{status}");
}

#[tokio::test]
async fn a_handler_learns_of_the_shutdown() {
    let mut setup = Setup::new(Over::Quic).await;
    let server = setup.server.take().unwrap();
    let call = tokio::spawn(setup.calculator().until_shutdown(number(7)).into_future());
    soon(setup.probe.started.notified()).await;
    soon(server.shutdown()).await;
    assert_eq!(soon(call).await.unwrap().unwrap(), number(7));
}
