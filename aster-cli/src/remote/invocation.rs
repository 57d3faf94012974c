//! One call of any pattern.

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aster::{Pattern, ProxyCall, Streaming};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::request::check;
use super::{Callee, RemoteMethod};
use crate::failure::Failure;

/// How a call is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    /// The longest time for the whole call; the server is told.
    pub(crate) timeout: Option<Duration>,
    /// Metadata entries.
    pub(crate) metadata: Vec<(String, String)>,
    /// A stream of responses is left after this many.
    pub(crate) limit: Option<u64>,
    /// A stream of responses is left after this long.
    pub(crate) duration: Option<Duration>,
}

/// What a call sends.
pub(crate) enum Items {
    One(Value),
    Stream(BoxStream<'static, Result<Value, Failure>>),
}

/// What went over the wire in a call that ended well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) received: u64,
}

/// Takes the responses one by one. An error ends the call.
pub(crate) type Sink<'a> = dyn FnMut(Value) -> Result<(), Failure> + Send + 'a;

impl CallOptions {
    fn apply<T>(&self, mut call: ProxyCall<T>) -> ProxyCall<T> {
        if let Some(timeout) = self.timeout {
            call = call.timeout(timeout);
        }
        for (key, value) in &self.metadata {
            call = call.metadata(key, value);
        }
        call
    }
}

macro_rules! on {
    ($callee:expr, $target:ident => $call:expr) => {
        match $callee {
            Callee::Shared($target) => $call,
            Callee::Session($target) => $call,
        }
    };
}

/// Makes a call and hands each response to `sink`. Dropping the future cancels
/// the call, also at the server.
///
/// # Errors
/// The status of the call, or what is wrong with the items.
pub(crate) async fn invoke(
    callee: &Callee,
    method: &RemoteMethod,
    items: Items,
    options: &CallOptions,
    sink: &mut Sink<'_>,
) -> Result<Tally, Failure> {
    let name = &method.name;
    match method.pattern {
        Pattern::Unary => {
            let request = items.only(method)?;
            let call = on!(callee, target => target.call(name, request));
            sink(options.apply(call).await?)?;
            Ok(Tally { sent: 1, received: 1 })
        }
        Pattern::ServerStream => {
            let request = items.only(method)?;
            let call = on!(callee, target => target.server_stream(name, request));
            let responses = options.apply(call).await?;
            let received = drain(responses, options, sink).await?;
            Ok(Tally { sent: 1, received })
        }
        Pattern::ClientStream => {
            let (requests, mut source) = items.sound(method);
            let call = on!(callee, target => target.client_stream(name, requests));
            let response = tokio::select! {
                biased;
                failure = source.failure() => return Err(failure),
                response = options.apply(call).into_future() => response?,
            };
            sink(response)?;
            Ok(Tally { sent: source.count(), received: 1 })
        }
        Pattern::Bidi => {
            let (requests, mut source) = items.sound(method);
            let call = on!(callee, target => target.bidi(name, requests));
            let responses = async {
                let responses = options.apply(call).await?;
                drain(responses, options, sink).await
            };
            let received = tokio::select! {
                biased;
                failure = source.failure() => return Err(failure),
                received = responses => received?,
            };
            Ok(Tally { sent: source.count(), received })
        }
    }
}

async fn drain(
    mut responses: Streaming<Value>,
    options: &CallOptions,
    sink: &mut Sink<'_>,
) -> Result<u64, Failure> {
    let end = options.duration.map(|duration| Instant::now() + duration);
    let mut received = 0;
    while options.limit.is_none_or(|limit| received < limit) {
        let next = async {
            match end {
                Some(end) => {
                    tokio::time::timeout_at(end, responses.message()).await.unwrap_or(Ok(None))
                }
                None => responses.message().await,
            }
        };
        let Some(response) = next.await? else { break };
        received += 1;
        sink(response)?;
    }
    Ok(received)
}

/// What becomes of the source of a request stream.
struct Source {
    failure: oneshot::Receiver<Failure>,
    sent: Arc<AtomicU64>,
}

impl Source {
    /// What is wrong with an item; never, if nothing is.
    async fn failure(&mut self) -> Failure {
        match (&mut self.failure).await {
            Ok(failure) => failure,
            Err(_) => std::future::pending().await,
        }
    }

    fn count(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Items {
    /// The request of a method that takes one.
    fn only(self, method: &RemoteMethod) -> Result<Value, Failure> {
        let Self::One(value) = self else {
            return Err(Failure::usage(format!("{} takes one request", method.full_name())));
        };
        check(method, &value)?;
        Ok(value)
    }

    /// The items up to the first that is wrong. Then the stream neither ends
    /// nor goes on: an end would tell the server that this was all.
    fn sound(self, method: &RemoteMethod) -> (impl Stream<Item = Value> + Send + use<>, Source) {
        let items = match self {
            Self::One(value) => futures::stream::iter([Ok(value)]).boxed(),
            Self::Stream(items) => items,
        };
        let method = method.clone();
        let items = items.map(move |item| {
            let value = item?;
            check(&method, &value)?;
            Ok(value)
        });
        let items = items.boxed();
        let (fault, failure) = oneshot::channel();
        let sent = Arc::new(AtomicU64::new(0));
        let source = Source { failure, sent: sent.clone() };
        let state = (items, Some(fault), sent);
        let requests = futures::stream::unfold(state, async |(mut items, mut fault, sent)| {
            match items.next().await? {
                Ok(value) => {
                    sent.fetch_add(1, Ordering::Relaxed);
                    Some((value, (items, fault, sent)))
                }
                Err(failure) => {
                    if let Some(fault) = fault.take() {
                        let _ = fault.send(failure);
                    }
                    std::future::pending().await
                }
            }
        });
        (requests, source)
    }
}
