//! Deadlines on both sides.

use std::time::Duration;

use aster::{AsterClient, AsterServer, Code, Limits, Status, service};

use crate::service::{BOTH, Number, Over, Setup, loopback, number, soon, text};

#[tokio::test]
async fn a_timeout_ends_the_call_on_both_sides() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = setup.calculator().hang(number(0)).timeout(Duration::from_millis(100));
        let status = soon(call.into_future()).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        soon(setup.probe.dropped.notified()).await;
    }
}

#[tokio::test]
async fn a_stream_ends_at_its_deadline() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = setup.calculator().quiet(number(1)).timeout(Duration::from_millis(300));
        let mut stream = call.await.unwrap();
        assert_eq!(stream.message().await.unwrap(), Some(number(1)));
        let status = soon(stream.message()).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        soon(setup.probe.dropped.notified()).await;
    }
}

#[tokio::test]
async fn a_methods_timeout_is_its_callers_default_and_its_servers_rule() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let status = soon(setup.calculator().brief(number(0)).into_future()).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
        // A caller that gives more is still stopped by the server.
        let patient = setup.calculator().brief(number(0)).timeout(Duration::from_secs(3600));
        let status = soon(patient.into_future()).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }
}

#[tokio::test]
async fn the_servers_own_limit_applies() {
    for over in BOTH {
        let limits =
            Limits { max_call_duration: Some(Duration::from_millis(100)), ..Default::default() };
        let setup = Setup::with_limits(over, limits).await;
        let status = soon(setup.calculator().hang(number(0)).into_future()).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded);
    }
}

#[tokio::test]
async fn a_handler_sees_the_deadline_and_none_is_none() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let none = setup.calculator().context(text("deadline")).await.unwrap();
        assert_eq!(none, text("none"));
        let call = setup.calculator().context(text("deadline"));
        let left: u64 = call.timeout(Duration::from_secs(100)).await.unwrap().text.parse().unwrap();
        assert!((50..=100).contains(&left), "{left}");
    }
}

/// Calls on to a server behind it.
struct Front {
    behind: AsterClient,
}

#[service]
impl Front {
    #[rpc]
    async fn forward(&self, n: Number) -> Result<Number, Status> {
        let behind = crate::service::CalculatorClient::new(&self.behind)?;
        behind.hang(n).await
    }
}

#[tokio::test]
async fn nested_calls_inherit_the_deadline() {
    let setup = Setup::new(Over::Quic).await;
    let front = AsterServer::builder()
        .open_gate()
        .network(loopback())
        .service(Front { behind: setup.client.clone() })
        .in_process()
        .unwrap();
    let call = FrontClient::new(&front).unwrap().forward(number(0));
    let call = tokio::spawn(call.timeout(Duration::from_millis(300)).into_future());
    soon(setup.probe.started.notified()).await;
    assert_eq!(call.await.unwrap().unwrap_err().code(), Code::DeadlineExceeded);
    // The innermost handler is gone as well.
    soon(setup.probe.dropped.notified()).await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = setup.calculator().add_one(number(1)).timeout(Duration::ZERO);
        assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
        let tally = setup.tally().await;
        let call = tally.add(number(1)).timeout(Duration::ZERO);
        assert_eq!(call.await.unwrap_err().code(), Code::DeadlineExceeded);
        assert_eq!(tally.add(number(1)).await.unwrap(), number(1));
    }
}

#[tokio::test]
async fn a_source_that_is_always_ready_ends_at_its_deadline() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = setup.calculator().endless(number(0)).timeout(Duration::from_millis(200));
        let mut stream = call.await.unwrap();
        let status = soon(async {
            loop {
                if let Err(status) = stream.message().await {
                    return status;
                }
            }
        });
        assert_eq!(status.await.code(), Code::DeadlineExceeded);
        soon(setup.probe.dropped.notified()).await;
    }
}
