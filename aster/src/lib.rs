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
//! [`service`] and [`wire_type`] are the two attributes,
//! [`Capability`](derive@Capability) names what callers must hold; [`AsterServer`] and
//! [`AsterClient`] the two ends; [`CallContext`], [`Status`] and [`Streaming`]
//! what handlers meet; [`AsterServerBuilder::in_process`] runs them without a
//! network, in tests.

/// Makes the variants of an enum capabilities, for `requires = Role::Admin` in
/// [`service`].
///
/// ```
/// use aster::Capability;
///
/// #[derive(Capability, Clone, Copy, Debug)]
/// pub enum Role {
///     #[capability("ops.status")]
///     Status,
///     #[capability("ops.admin")]
///     Admin,
/// }
///
/// assert_eq!(Role::Status.name(), "ops.status");
/// assert_eq!(Role::Admin.to_string(), "ops.admin");
/// ```
///
/// Every variant has the name that credentials have, in `#[capability("...")]`:
/// a rename in Rust changes nobody's rights. A name has no comma and no white
/// space in it, and no other variant has it. The derive implements the trait
/// [`Capability`](trait@Capability) and [`Display`](std::fmt::Display), which
/// both give the name.
///
/// | `#[capability(...)]` | meaning |
/// |---|---|
/// | `"name"`, on a variant | the capability; required |
/// | `crate = path`, on the enum | where `aster` is, if not in the dependencies |
pub use aster_macros::Capability;
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
/// | `requires = ...` | who may call any of the methods, see below |
/// | `contract_id = "64 hex digits"` | the id that the contract must have, see below |
/// | `manifest = "path"` | the manifest that states it; relative to `Cargo.toml` |
/// | `crate = path` | where `aster` is, if not in the dependencies |
///
/// | argument of a method attribute | meaning |
/// |---|---|
/// | `name = "name"` | the name on the wire |
/// | `timeout = "5s"` | longest duration of a call, enforced on both sides; a number is seconds |
/// | `idempotent` | calling twice does what calling once does |
/// | `requires = ...` | who may call it, see below |
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
///
/// # Who may call
/// | `requires` | met by |
/// |---|---|
/// | `"ops.logs"`, `Role::Logs` | holders of this capability: its name, or a value of an enum with [`Capability`](derive@Capability) |
/// | `any_of(Role::Logs, "ops.admin")` | holders of at least one of these |
/// | `all_of(Role::Logs, Role::Admin)` | holders of every one of these |
/// | `admitted` | every peer that the gate admitted, whatever it holds |
///
/// ```
/// use aster::{Capability, Requirement, Status, service, wire_type};
/// # #[wire_type("doc/Query")] pub struct Query { text: String }
/// # #[wire_type("doc/Lines")] pub struct Lines { lines: Vec<String> }
///
/// #[derive(Capability)]
/// pub enum Role {
///     #[capability("ops.logs")]
///     Logs,
///     #[capability("ops.admin")]
///     Admin,
/// }
///
/// #[service]
/// pub trait Logbook {
///     #[rpc(requires = admitted)]
///     async fn recent(&self, query: Query) -> Result<Lines, Status>;
///
///     #[rpc(requires = any_of(Role::Logs, Role::Admin))]
///     async fn search(&self, query: Query) -> Result<Lines, Status>;
///
///     #[rpc(requires = Role::Admin)]
///     async fn erase(&self, query: Query) -> Result<Lines, Status>;
/// }
///
/// let erase = LogbookClient::DESCRIPTOR.method("erase").unwrap();
/// assert_eq!(erase.requires, Some(Requirement::Role("ops.admin")));
/// ```
///
/// A requirement of the service and one of the method both apply: the caller
/// meets the first and the second. So `requires = admitted` on the service
/// opens the methods that say nothing, and takes nothing from those that do.
///
/// A method for which neither says anything can be called with an open gate
/// only; [`ServiceDescriptor::unguarded`] lists such methods. Where other
/// methods of the service have a requirement, one was probably forgotten, and
/// the compiler warns at the method's name (as use of something deprecated,
/// the one kind of warning that macros have). Say who may call it; or, if it
/// is meant, put `#[allow(deprecated)]` on the method.
///
/// Requirements are no part of the contract's id.
///
/// # The contract
/// [`Service::CONTRACT_ID`], and `CONTRACT_ID` of the client, is the hash of
/// what callers and servers must agree on: names, versions, patterns, timeouts,
/// modes, and every message with its fields. It is computed while compiling,
/// and Python computes the same (recursive messages apart).
///
/// With `contract_id` or `manifest` the contract is fixed: a change of it, in
/// whatever message, does not compile.
///
/// ```compile_fail,E0080
/// # use aster::{Status, service, wire_type};
/// # #[wire_type("doc/Hello")] pub struct Hello { name: String }
/// #[service(contract_id = "0000000000000000000000000000000000000000000000000000000000000000")]
/// pub trait Greeter {
///     #[rpc]
///     async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
/// }
/// ```
///
/// The error says what the id is now. For a manifest, which a program writes,
/// build once with the environment variable `ASTER_CONTRACT_DRIFT=allow`, then
/// `aster contract gen PROGRAM --out PATH`.
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
/// | `back_edge` | closes a circle of messages, see below |
///
/// Fields are `bool`, `i8`-`i64`, `u8`-`u64`, `f32`, `f64`, `String`, `Vec<u8>`
/// and `Bytes`, `Vec`, `VecDeque`, sets and maps of the standard library,
/// `Option`, `Box` (for recursion), other wire types, `jiff`'s `civil::Date`
/// and `Timestamp`, and [`Value`]. Python's `int` is `i64`, its `float` `f64`.
///
/// # Recursion
/// A message may hold itself, as `Vec<Self>` or `Option<Box<Node>>`. Messages
/// that hold each other need a mark on the field that closes the circle: a
/// contract has every message by its hash, and there the message by its name.
///
/// ```
/// # use aster::wire_type;
/// #[wire_type("blog/Author")]
/// struct Author {
///     posts: Vec<Post>,
/// }
///
/// #[wire_type("blog/Post")]
/// struct Post {
///     #[wire(back_edge)]
///     author: Option<Box<Author>>,
/// }
/// ```
///
/// The compiler asks for the mark where it is missing, and for a better place
/// where it would hide a message from a contract.
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
