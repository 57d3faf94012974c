//! The four patterns, typed.

use aster::Code;
use futures::{StreamExt, TryStreamExt};

use crate::service::{BOTH, Over, Setup, number, soon, text};

#[tokio::test]
async fn unary() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let reply = setup.calculator().add_one(number(41)).await.unwrap();
        assert_eq!(reply, number(42));
    }
}

#[tokio::test]
async fn server_stream_in_order() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let stream = setup.calculator().count(number(10_000)).await.unwrap();
        let values: Vec<_> = stream.map_ok(|n| n.value).try_collect().await.unwrap();
        assert_eq!(values, (1..=10_000).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_empty_server_stream_just_ends() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let mut stream = setup.calculator().count(number(0)).await.unwrap();
        assert_eq!(stream.message().await.unwrap(), None);
        assert_eq!(stream.message().await.unwrap(), None, "and stays ended");
    }
}

#[tokio::test]
async fn items_before_an_error_arrive() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let mut stream = setup.calculator().count_then_fail(number(3)).await.unwrap();
        for expected in 1..=3 {
            assert_eq!(stream.message().await.unwrap(), Some(number(expected)));
        }
        let status = stream.message().await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::DataLoss, "no more numbers"));
        assert_eq!(stream.message().await.unwrap(), None);
    }
}

#[tokio::test]
async fn client_stream() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let numbers = futures::stream::iter((1..=10_000).map(number));
        let reply = setup.calculator().sum(numbers).await.unwrap();
        assert_eq!(reply, number(50_005_000));
        let none = setup.calculator().sum(futures::stream::empty()).await.unwrap();
        assert_eq!(none, number(0));
    }
}

#[tokio::test]
async fn a36_a_client_stream_has_no_hidden_item_limit() {
    let setup = Setup::new(Over::Memory).await;
    let numbers = futures::stream::iter((0..150_000).map(|_| number(1)));
    assert_eq!(setup.calculator().sum(numbers).await.unwrap(), number(150_000));
}

#[tokio::test]
async fn a_server_may_answer_before_the_requests_end() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let endless = futures::stream::iter((7..).map(number));
        let reply = soon(setup.calculator().first(endless).into_future()).await;
        assert_eq!(reply.unwrap(), number(7));
    }
}

#[tokio::test]
async fn bidi_is_full_duplex() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let (sender, receiver) = aster::channel(1);
        let mut replies = setup.calculator().double(receiver).await.unwrap();
        // Strict alternation: no request is sent before the reply to the one
        // before it.
        for n in 0..100 {
            sender.send(number(n)).await.unwrap();
            assert_eq!(soon(replies.message()).await.unwrap(), Some(number(n * 2)));
        }
        drop(sender);
        assert_eq!(soon(replies.message()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn bidi_with_requests_nobody_waits_for() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let requests = futures::stream::iter((0..10_000).map(number));
        let replies = setup.calculator().double(requests).await.unwrap();
        let sum: i64 = replies.map(|n| n.unwrap().value).fold(0, async |a, b| a + b).await;
        assert_eq!(sum, 9_999 * 10_000);
    }
}

#[tokio::test]
async fn many_calls_share_a_connection() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let calculator = setup.calculator();
        let calls = (0..2_000).map(|n| {
            let call = calculator.add_one(number(n));
            async move { call.await.unwrap().value - n }
        });
        let replies: Vec<_> = futures::stream::iter(calls).buffer_unordered(300).collect().await;
        assert!(replies.iter().all(|difference| *difference == 1));
    }
}

#[tokio::test]
async fn large_messages_up_to_the_frame_limit() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        for size in [0, 1, 1_023, 1_024, 65_536, 1 << 20, 8 << 20] {
            let message = text(&"x".repeat(size));
            let reply = setup.calculator().echo(message.clone()).await.unwrap();
            assert!(reply == message, "{size}");
        }
        let too_large = text(&"x".repeat(16 << 20));
        let status = setup.calculator().echo(too_large).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    }
}

#[tokio::test]
async fn compressed_messages() {
    for over in BOTH {
        let limits = aster::Limits { compress_above: Some(4096), ..Default::default() };
        let setup = Setup::with_limits(over, limits).await;
        let message = text(&"compressible ".repeat(100_000));
        assert_eq!(setup.calculator().echo(message.clone()).await.unwrap(), message);
    }
}
