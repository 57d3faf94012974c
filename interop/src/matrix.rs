//! The Rust side of `peer/matrix_types.py`: messages, services, values.
//!
//! [`Matrix`] is shared, [`MatrixSession`] makes one instance for each
//! session; their methods are the same. [`json_only`] holds the same services
//! as a server offers them that knows no XLANG.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aster::{Status, Streaming, service, wire_type};
use futures::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};

/// A message inside another one.
#[wire_type("matrix/Inner")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inner {
    /// Any text.
    pub label: String,
    /// Any number.
    pub value: i64,
}

/// What most methods take: one field of each kind.
#[wire_type("matrix/Request")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Any text.
    pub text: String,
    /// A count, milliseconds or just a number.
    pub n: i64,
    /// A float.
    pub ratio: f64,
    /// A boolean.
    pub flag: bool,
    /// A list.
    pub items: Vec<String>,
    /// A map.
    pub table: BTreeMap<String, i64>,
    /// An optional text.
    #[serde(deserialize_with = "Option::deserialize")]
    pub note: Option<String>,
    /// A nested message.
    pub inner: Inner,
}

/// What most methods answer: the request and its place.
#[wire_type("matrix/Reply")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The place in a stream or in a session.
    pub index: i64,
    /// The request, unchanged.
    pub request: Request,
}

/// A stream of requests, added up.
#[wire_type("matrix/Total")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// How many.
    pub count: i64,
    /// The sum of every `n`.
    pub sum: i64,
    /// Every `text` in order.
    pub texts: Vec<String>,
}

/// Bytes, which the Python peer cannot carry in JSON.
#[wire_type("matrix/Blob")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blob {
    /// Any text.
    pub name: String,
    /// Any bytes.
    pub raw: Vec<u8>,
}

/// The note that makes `count` end with an error.
pub const ABORT_NOTE: &str = "abort";

/// What one instance remembers.
#[derive(Debug, Default)]
struct State {
    /// Echoes answered before, if this instance counts them.
    echoes: Option<AtomicI64>,
    counting: Arc<AtomicI64>,
}

impl State {
    fn of_session() -> Self {
        Self { echoes: Some(AtomicI64::new(0)), ..Self::default() }
    }

    fn echo_index(&self) -> i64 {
        self.echoes.as_ref().map_or(0, |echoes| echoes.fetch_add(1, Ordering::Relaxed))
    }
}

/// One running `count` handler.
struct Counting(Arc<AtomicI64>);

impl Counting {
    fn new(running: &Arc<AtomicI64>) -> Self {
        running.fetch_add(1, Ordering::Relaxed);
        Self(running.clone())
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn counted(
    request: Request,
    counting: Counting,
) -> impl Stream<Item = Result<Reply, Status>> + Send {
    let end = (request.note.as_deref() == Some(ABORT_NOTE))
        .then(|| Err(Status::aborted(format!("stopped after {}", request.n))));
    let replies = (0..request.n).map(move |index| {
        let _running = &counting;
        Ok(Reply { index, request: request.clone() })
    });
    stream::iter(replies.chain(end))
}

async fn totalled(mut requests: Streaming<Request>) -> Result<Total, Status> {
    let mut total = Total::default();
    while let Some(request) = requests.message().await? {
        total.count += 1;
        total.sum += request.n;
        total.texts.push(request.text);
    }
    Ok(total)
}

fn answered(requests: Streaming<Request>) -> impl Stream<Item = Result<Reply, Status>> + Send {
    requests
        .enumerate()
        .map(|(index, request)| Ok(Reply { index: index as i64, request: request? }))
}

fn failure(request: &Request) -> Status {
    Status::not_found(format!("nothing is called \"{}\"", request.text))
        .with_detail("text", request.text.clone())
        .with_detail("n", request.n.to_string())
}

/// The same methods for every way of offering them.
macro_rules! matrix {
    ($(#[$doc:meta])* $name:ident, $state:expr, $($options:tt)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(State);

        impl Default for $name {
            fn default() -> Self {
                Self($state)
            }
        }

        #[service($($options)*)]
        impl $name {
            /// The request, and how many echoes this session answered before.
            #[rpc]
            async fn echo(&self, request: Request) -> Result<Reply, Status> {
                Ok(Reply { index: self.0.echo_index(), request })
            }

            /// The same bytes.
            #[rpc]
            async fn blob(&self, blob: Blob) -> Result<Blob, Status> {
                Ok(blob)
            }

            /// `n` replies, then an error if the note asks for it.
            #[server_stream]
            async fn count(
                &self,
                request: Request,
            ) -> Result<impl Stream<Item = Result<Reply, Status>> + Send + use<>, Status> {
                Ok(counted(request, Counting::new(&self.0.counting)))
            }

            /// All requests added up.
            #[client_stream]
            async fn total(&self, requests: Streaming<Request>) -> Result<Total, Status> {
                totalled(requests).await
            }

            /// A reply for each request as soon as it arrives.
            #[bidi_stream]
            async fn chat(
                &self,
                requests: Streaming<Request>,
            ) -> Result<impl Stream<Item = Result<Reply, Status>> + Send + use<>, Status> {
                Ok(answered(requests))
            }

            /// NOT_FOUND with details.
            #[rpc]
            async fn fail(&self, request: Request) -> Result<Reply, Status> {
                Err(failure(&request))
            }

            /// The request, after `n` milliseconds.
            #[rpc]
            async fn slow(&self, request: Request) -> Result<Reply, Status> {
                let pause = u64::try_from(request.n).unwrap_or(0);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                Ok(Reply { index: 0, request })
            }

            /// How many `count` handlers run now.
            #[rpc]
            async fn active(&self, _request: Request) -> Result<Total, Status> {
                let count = self.0.counting.load(Ordering::Relaxed);
                Ok(Total { count, ..Total::default() })
            }
        }
    };
}

matrix! {
    /// The shared service.
    Matrix, State::default(), name = "Matrix", version = 1
}

matrix! {
    /// The session-scoped service.
    MatrixSession, State::of_session(), name = "MatrixSession", version = 1, scope = "session"
}

/// The services of a server that announces JSON alone.
pub mod json_only {
    use super::*;

    matrix! {
        /// The shared service.
        Matrix, State::default(), name = "Matrix", version = 1, serialization = ["json"]
    }

    matrix! {
        /// The session-scoped service.
        MatrixSession, State::of_session(),
        name = "MatrixSession", version = 1, scope = "session", serialization = ["json"]
    }
}

fn texts<const N: usize>(items: [&str; N]) -> Vec<String> {
    items.map(str::to_owned).into()
}

fn table<const N: usize>(entries: [(&str, i64); N]) -> BTreeMap<String, i64> {
    entries.map(|(key, value)| (key.to_owned(), value)).into()
}

fn inner(label: &str, value: i64) -> Inner {
    Inner { label: label.to_owned(), value }
}

/// Requests that between them hold the awkward values of every field.
#[must_use]
pub fn samples() -> Vec<Request> {
    vec![
        Request::default(),
        Request {
            text: "plain".into(),
            n: 42,
            ratio: 1.5,
            flag: true,
            items: texts(["a", "b", "c"]),
            table: table([("one", 1), ("two", 2)]),
            note: Some("seen".into()),
            inner: inner("inside", 7),
        },
        Request {
            text: "grüße, 世界, \u{1f680} \"quoted\" \\ \n\t\0 end".into(),
            n: -1,
            ratio: -0.1,
            items: vec![
                String::new(),
                "é".into(),
                "日本語".into(),
                "\u{1f600}".repeat(3),
                "x".repeat(300),
            ],
            table: table([("", 0), ("ключ", -5), ("\u{1f511}", 1 << 40)]),
            note: Some(String::new()),
            inner: inner("внутри", -(1 << 33)),
            ..Request::default()
        },
        Request {
            text: "lätin only ÿ".into(),
            n: i64::MAX,
            ratio: f64::MAX,
            flag: true,
            items: (0..300).map(|i| i.to_string()).collect(),
            table: (0..300).map(|i| (format!("key-{i}"), i * i)).collect(),
            inner: inner("max", (1 << 53) + 1),
            ..Request::default()
        },
        Request {
            text: "small".into(),
            n: i64::MIN,
            ratio: 5e-324,
            note: Some("n".repeat(5000)),
            inner: inner("", i64::MIN),
            ..Request::default()
        },
        Request {
            text: "third".into(),
            ratio: 1.0 / 3.0,
            n: 1 << 31,
            items: texts(["only"]),
            table: table([("only", -1)]),
            ..Request::default()
        },
    ]
}

/// The item at `index` of a stream.
#[must_use]
pub fn numbered(index: i64) -> Request {
    Request {
        text: format!("item {index}"),
        n: index * 3 - 7,
        ratio: index as f64 / 8.0,
        flag: index % 2 == 0,
        items: (0..index % 4).map(|_| index.to_string()).collect(),
        table: [(format!("k{}", index % 5), index)].into(),
        note: (index % 3 == 0).then(|| format!("note {index}")),
        inner: inner(&format!("inner {index}"), -index),
    }
}
