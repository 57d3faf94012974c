//! Peer-to-peer RPC between machines that prove who they are.
//!
//! Annotate structs and an `impl`; macros generate the dispatch table, the
//! service descriptor and a typed client; a small runtime drives them over
//! [iroh](https://docs.rs/iroh) (QUIC, dialled by public key). The wire is that
//! of the Python package `aster-rpc` 0.1.2, so both sides may be either.
//!
//! ```
//! use aster::{AsterClient, AsterServer, Status, service, wire_type};
//!
//! #[wire_type("hello/Hello")]
//! struct Hello { name: String }
//!
//! #[wire_type("hello/Greeting")]
//! struct Greeting { text: String }
//!
//! struct Greeter;
//!
//! #[service]
//! impl Greeter {
//!     #[rpc]
//!     async fn greet(&self, hello: Hello) -> Result<Greeting, Status> {
//!         Ok(Greeting { text: format!("Hello, {}!", hello.name) })
//!     }
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // One process: `bind()` chooses a port, the address is a string.
//! let server = AsterServer::builder().open_gate().service(Greeter).bind().await?;
//! let address = server.address().to_string();
//!
//! // Another one.
//! let client = AsterClient::connect(&address).await?;
//! let greeting = GreeterClient::new(&client)?.greet(Hello { name: "Ada".into() }).await?;
//! assert_eq!(greeting.text, "Hello, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! # Goals
//! - Peers are known by their keys; nothing is open unless asked for by name.
//! - Plain Rust types and `async fn`s; all four streaming patterns; sessions.
//! - Wire-compatible with Python, checked against the real package.
//! - Bounded: sizes, counts, depth, time and queues, all in [`Limits`].
//!
//! # Not goals
//! - HTTP, browsers, load balancers: use gRPC there.
//! - Messages without a schema that both sides agree on.
//!
//! # Where to go on
//! [`service`] and [`wire_type`] are the two attributes; [`AsterServer`] and
//! [`AsterClient`] the two ends; [`CallContext`], [`Status`] and [`Streaming`]
//! what handlers meet; [`AsterServerBuilder::in_process`] runs them without a
//! network, in tests.

/// Makes an `impl` block, or a trait, a service: a descriptor, a table of
/// handlers and a typed client.
///
/// ```
/// use aster::{CallContext, Status, Streaming, service, wire_type};
/// use futures::{Stream, StreamExt};
/// # #[wire_type("doc/Point")] struct Point { value: f64 }
/// # #[wire_type("doc/Sum")] struct Sum { value: f64, count: i64 }
///
/// struct Meter;
///
/// #[service(name = "Meter", version = 1, rename_all = "camelCase")]
/// impl Meter {
///     /// One request, one response. The context is optional.
///     #[rpc(idempotent, timeout = "5s")]
///     async fn square(&self, cx: &CallContext, p: Point) -> Result<Point, Status> {
///         println!("called by {}", cx.peer());
///         Ok(Point { value: p.value * p.value })
///     }
///
///     /// One request, a stream of responses.
///     #[server_stream]
///     async fn repeat(
///         &self,
///         p: Point,
///     ) -> Result<impl Stream<Item = Result<Point, Status>> + Send, Status> {
///         let value = p.value;
///         Ok(futures::stream::iter(0..3).map(move |_| Ok(Point { value })))
///     }
///
///     /// A stream of requests, one response.
///     #[client_stream]
///     async fn sum(&self, mut points: Streaming<Point>) -> Result<Sum, Status> {
///         let mut sum = Sum { value: 0.0, count: 0 };
///         while let Some(p) = points.message().await? {
///             sum.value += p.value;
///             sum.count += 1;
///         }
///         Ok(sum)
///     }
///
///     /// Streams both ways, at the same time.
///     #[bidi_stream]
///     async fn double(
///         &self,
///         points: Streaming<Point>,
///     ) -> Result<impl Stream<Item = Result<Point, Status>> + Send, Status> {
///         Ok(points.map(|p| p.map(|p| Point { value: p.value * 2.0 })))
///     }
/// }
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = aster::AsterServer::builder().open_gate().service(Meter).in_process()?;
/// let meter = MeterClient::new(&client)?;
/// let nine = meter
///     .square(Point { value: 3.0 })
///     .timeout(std::time::Duration::from_secs(1))
///     .metadata("tenant", "acme")
///     .await?;
/// assert_eq!(nine.value, 9.0);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(run()).unwrap();
/// ```
///
/// A handler takes `&self`, one request (or a [`Streaming`] of them) and, if it
/// wants, a [`&CallContext`](CallContext); it returns a `Result` whose error
/// turns into a [`Status`]. It runs until it returns, its caller goes away, or
/// its deadline passes: then it is dropped at its next await.
///
/// | argument of `#[service]` | meaning |
/// |---|---|
/// | `name = "Name"` | the name on the wire; without it the type's or trait's |
/// | `version = 2` | without it 1 |
/// | `scope = "session"` | an instance for each session, registered with [`AsterServerBuilder::session`] |
/// | `rename_all = "camelCase"` | the style of all method names |
/// | `serialization = ["xlang", "json"]` | what is announced; both are always understood |
/// | `requires = ...` | as for methods, for all of them |
/// | `crate = path` | where `aster` is, if not in the dependencies |
///
/// | argument of a method attribute | meaning |
/// |---|---|
/// | `name = "name"` | the name on the wire |
/// | `timeout = "5s"` | longest duration of a call, enforced on both sides; a number is seconds |
/// | `idempotent` | calling twice does what calling once does |
/// | `requires = "cap"`, `any_of("a", "b")`, `all_of("a", "b")` | capabilities; in the descriptor, enforced with the gates |
/// | `item = Type` | the message type of a response stream whose type does not show it |
///
/// On a trait, the client depends on the trait's crate alone, and
/// `GreeterServer::new(value)` serves any implementation:
///
/// ```
/// # use aster::{AsterServer, Status, service, wire_type};
/// # #[wire_type("doc/Hello")] pub struct Hello { name: String }
/// # #[wire_type("doc/Greeting")] pub struct Greeting { text: String }
/// #[service]
/// pub trait Greeter {
///     #[rpc]
///     async fn greet(&self, hello: Hello) -> Result<Greeting, Status>;
/// }
///
/// struct Polite;
///
/// impl Greeter for Polite {
///     async fn greet(&self, hello: Hello) -> Result<Greeting, Status> {
///         Ok(Greeting { text: format!("Good day, {}.", hello.name) })
///     }
/// }
///
/// let server = AsterServer::builder().open_gate().service(GreeterServer::new(Polite));
/// ```
pub use aster_macros::service;
/// Makes a struct a message that peers in any language can read, or a unit enum
/// a field of one.
///
/// ```
/// use aster::wire_type;
///
/// /// What an agent reports.
/// #[wire_type("mission/Report", rename_all = "camelCase")]
/// #[derive(Debug, Clone, PartialEq)]
/// struct Report {
///     agent_id: String,
///     #[wire(default = "idle")]
///     status: String,
///     severity: Severity,
///     #[wire(rename = "labels", any)]
///     tags: std::collections::HashMap<String, String>,
/// }
///
/// #[wire_type("mission/Severity")]
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Severity {
///     Low,
///     #[wire(rename = "CRITICAL")]
///     High,
/// }
/// # use aster::codec::{decode, DecodeLimits, Encoding};
/// let json = br#"{"agentId":"edge-1","severity":"CRITICAL","labels":{"dc":"eu"}}"#;
/// let report: Report = decode(Encoding::Json, json, &DecodeLimits::default())?;
/// assert_eq!((report.status.as_str(), report.severity), ("idle", Severity::High));
/// # Ok::<(), aster::codec::DecodeError>(())
/// ```
///
/// The tag is `namespace/Name`, split at the last slash; both sides must use
/// the same one, and declare the same field names, types and optionality.
/// Names are sent as written in Rust (without `r#`).
///
/// | argument | meaning |
/// |---|---|
/// | `"namespace/Name"` | the tag; required |
/// | `rename_all = "camelCase"` | the style of all field or variant names |
/// | `crate = path` | where `aster` is, if not in the dependencies |
///
/// | `#[wire(...)]` on a field or variant | meaning |
/// |---|---|
/// | `rename = "name"` | the wire name |
/// | `default`, `default = expr` | what a missing JSON field becomes; without it zero, empty, none or the first variant |
/// | `any` | sent with its type information: Python's bare `list`, `dict` and `Any` |
///
/// Fields are `bool`, `i8`-`i64`, `u8`-`u64`, `f32`, `f64`, `String`, `Vec<u8>`
/// and `Bytes`, `Vec`, `VecDeque`, sets and maps of the standard library,
/// `Option`, `Box` (for recursion), other wire types, `jiff`'s `civil::Date`
/// and `Timestamp`, and [`Value`]. Python's `int` is `i64`, its `float` `f64`.
pub use aster_macros::wire_type;
pub use aster_runtime::codec::{Value, WireType, WireValue};
pub use aster_runtime::*;

/// Lets tools ask the program for the contracts of its services: the first
/// statement of `main`.
///
/// `aster contract gen target/debug/clock` starts the program, which then
/// writes the manifest of its services instead of doing its work. When nobody
/// asks, nothing happens; [`contract::export`] has the details.
///
/// ```
/// use aster::{Status, service, wire_type};
/// # #[wire_type("doc/Question")] struct Question { zone: String }
/// # #[wire_type("doc/Time")] struct Time { text: String }
///
/// struct Clock;
///
/// #[service]
/// impl Clock {
///     /// What time it is.
///     #[rpc]
///     async fn now(&self, question: Question) -> Result<Time, Status> {
///         Ok(Time { text: format!("five o'clock in {}", question.zone) })
///     }
/// }
///
/// #[tokio::main]
/// async fn main() {
///     aster::export_contracts!(Clock);
///     // Here the program begins.
/// }
/// ```
///
/// The arguments are types that implement [`Service`], or clients, for
/// programs that know a service by its trait only.
#[macro_export]
macro_rules! export_contracts {
    ($($service:ty),+ $(,)?) => {
        $crate::contract::export(&[$({
            #[allow(unused_imports)]
            use $crate::Service as _;
            <$service>::DESCRIPTOR
        }),+])
    };
}
