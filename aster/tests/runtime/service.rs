//! The services that the tests call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use aster::{
    AsterClient, AsterServer, AsterServerBuilder, CallContext, Limits, Network, Status, Streaming,
    service, wire_type,
};
use futures::{Stream, StreamExt};
use tokio::sync::Notify;

#[wire_type("test/Number")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: i64,
}

#[wire_type("test/Text")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) text: String,
}

pub(crate) fn number(value: i64) -> Number {
    Number { value }
}

pub(crate) fn text(text: &str) -> Text {
    Text { text: text.into() }
}

/// What the tests watch from outside.
#[derive(Clone, Default)]
pub(crate) struct Probe {
    pub(crate) started: Arc<Notify>,
    pub(crate) dropped: Arc<Notify>,
    pub(crate) finished: Arc<AtomicBool>,
    pub(crate) produced: Arc<AtomicU64>,
}

/// Tells the probe when the handler's future is dropped.
struct Guard(Probe);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.dropped.notify_one();
    }
}

pub(crate) struct Calculator {
    pub(crate) probe: Probe,
}

#[service(name = "Calculator", rename_all = "camelCase")]
impl Calculator {
    /// Adds one.
    #[rpc(idempotent)]
    async fn add_one(&self, n: Number) -> Result<Number, Status> {
        Ok(number(n.value + 1))
    }

    /// Counts from one to the number.
    #[server_stream]
    async fn count(
        &self,
        n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        Ok(futures::stream::iter((1..=n.value).map(|v| Ok(number(v)))))
    }

    /// Fails after as many numbers as asked for.
    #[server_stream]
    fn count_then_fail(
        &self,
        n: Number,
    ) -> impl Stream<Item = Result<Number, Status>> + Send + use<> {
        futures::stream::iter(
            (1..=n.value).map(|v| Ok(number(v))).chain([Err(Status::data_loss("no more numbers"))]),
        )
    }

    #[client_stream]
    async fn sum(&self, mut numbers: Streaming<Number>) -> Result<Number, Status> {
        let mut total = 0;
        while let Some(n) = numbers.message().await? {
            total += n.value;
        }
        Ok(number(total))
    }

    /// Answers after the first request and ignores the others.
    #[client_stream]
    async fn first(&self, mut numbers: Streaming<Number>) -> Result<Number, Status> {
        numbers.message().await?.ok_or_else(|| Status::invalid_argument("no number"))
    }

    #[bidi_stream]
    async fn double(
        &self,
        numbers: Streaming<Number>,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        Ok(numbers.map(|n| n.map(|n| number(n.value * 2))))
    }

    #[rpc]
    async fn echo(&self, message: Text) -> Result<Text, Status> {
        Ok(message)
    }

    /// Fails with the code.
    #[rpc]
    async fn fail(&self, n: Number) -> Result<Number, Status> {
        let code = aster::Code::from_number(n.value).unwrap_or(aster::Code::Unknown);
        Err(Status::new(code, "as you wish \u{1f600}").with_detail("asked", n.value.to_string()))
    }

    /// Fails with an error that is nobody's business.
    #[rpc]
    async fn leak(&self, _n: Number) -> Result<Number, std::io::Error> {
        Err(std::io::Error::other("password=hunter2"))
    }

    #[rpc]
    async fn panic(&self, _n: Number) -> Result<Number, Status> {
        panic!("secret panic text")
    }

    /// What the context says.
    #[rpc]
    async fn context(&self, cx: &CallContext, name: Text) -> Result<Text, Status> {
        Ok(text(&match name.text.as_str() {
            "peer" => cx.peer().to_string(),
            "method" => format!("{}.{}", cx.service().name, cx.method().name),
            "deadline" => {
                cx.deadline().map_or_else(|| "none".into(), |d| d.remaining().as_secs().to_string())
            }
            key => cx.metadata().get(key).unwrap_or("none").to_owned(),
        }))
    }

    /// Never answers.
    #[rpc]
    async fn hang(&self, _n: Number) -> Result<Number, Status> {
        let _guard = Guard(self.probe.clone());
        self.probe.started.notify_one();
        std::future::pending::<()>().await;
        self.probe.finished.store(true, Ordering::SeqCst);
        Ok(number(0))
    }

    /// Never ends, one item at a time.
    #[server_stream]
    async fn endless(
        &self,
        _n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        let guard = Guard(self.probe.clone());
        let produced = self.probe.produced.clone();
        Ok(futures::stream::iter(0..).map(move |v| {
            let _keep = &guard;
            produced.fetch_add(1, Ordering::SeqCst);
            Ok(number(v))
        }))
    }

    /// Sends one item and then nothing.
    #[server_stream]
    async fn quiet(
        &self,
        n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        let guard = Guard(self.probe.clone());
        Ok(futures::stream::iter([Ok(n)]).chain(futures::stream::poll_fn(move |_| {
            let _keep = &guard;
            std::task::Poll::Pending
        })))
    }

    /// Blocks its thread.
    #[rpc]
    async fn block(&self, n: Number) -> Result<Number, Status> {
        self.probe.started.notify_one();
        std::thread::sleep(Duration::from_millis(n.value as u64));
        Ok(n)
    }

    /// Answers when the server shuts down.
    #[rpc]
    async fn until_shutdown(&self, n: Number, cx: &CallContext) -> Result<Number, Status> {
        self.probe.started.notify_one();
        cx.shutting_down().await;
        Ok(n)
    }

    /// A second at most, however long the caller gives it.
    #[rpc(timeout = "200ms")]
    async fn brief(&self, _n: Number) -> Result<Number, Status> {
        let _guard = Guard(self.probe.clone());
        std::future::pending().await
    }
}

/// One for each session.
pub(crate) struct Tally {
    pub(crate) total: AtomicU64,
    pub(crate) closed: Arc<AtomicU64>,
    pub(crate) probe: Probe,
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }
}

#[service(name = "Tally", scope = "session")]
impl Tally {
    #[rpc]
    async fn add(&self, n: Number) -> Result<Number, Status> {
        let before = self.total.fetch_add(n.value as u64, Ordering::SeqCst);
        Ok(number(before as i64 + n.value))
    }

    #[rpc]
    async fn fail(&self, _n: Number) -> Result<Number, Status> {
        Err(Status::aborted("not this one").with_detail("k", "v"))
    }

    #[server_stream]
    async fn down(
        &self,
        n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        Ok(futures::stream::iter((0..n.value).rev().map(|v| Ok(number(v)))))
    }

    #[client_stream]
    async fn sum(&self, mut numbers: Streaming<Number>) -> Result<Number, Status> {
        let mut total = 0;
        while let Some(n) = numbers.message().await? {
            total += n.value;
        }
        Ok(number(total))
    }

    #[bidi_stream]
    async fn double(
        &self,
        numbers: Streaming<Number>,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        Ok(numbers.map(|n| n.map(|n| number(n.value * 2))))
    }

    #[rpc]
    async fn hang(&self, _n: Number) -> Result<Number, Status> {
        let _guard = Guard(self.probe.clone());
        self.probe.started.notify_one();
        std::future::pending().await
    }

    #[server_stream]
    async fn endless(
        &self,
        _n: Number,
    ) -> Result<impl Stream<Item = Result<Number, Status>> + Send + use<>, Status> {
        let guard = Guard(self.probe.clone());
        Ok(futures::stream::iter(0..).map(move |v| {
            let _keep = &guard;
            Ok(number(v))
        }))
    }
}

/// A server with both services and a client of it.
pub(crate) struct Setup {
    pub(crate) client: AsterClient,
    pub(crate) probe: Probe,
    pub(crate) sessions_closed: Arc<AtomicU64>,
    /// `None` in memory.
    pub(crate) server: Option<AsterServer>,
}

/// Where the tests run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Over {
    Quic,
    Memory,
}

pub(crate) const BOTH: [Over; 2] = [Over::Quic, Over::Memory];

pub(crate) fn loopback() -> Network {
    Network::loopback()
}

pub(crate) fn builder(probe: &Probe, closed: &Arc<AtomicU64>) -> AsterServerBuilder {
    let (session_probe, closed) = (probe.clone(), closed.clone());
    AsterServer::builder()
        .open_gate()
        .network(loopback())
        .service(Calculator { probe: probe.clone() })
        .session(move |_| Tally {
            total: AtomicU64::new(0),
            closed: closed.clone(),
            probe: session_probe.clone(),
        })
}

impl Setup {
    pub(crate) async fn new(over: Over) -> Self {
        Self::with_limits(over, Limits::default()).await
    }

    pub(crate) async fn with_limits(over: Over, limits: Limits) -> Self {
        let probe = Probe::default();
        let sessions_closed = Arc::default();
        let builder = builder(&probe, &sessions_closed).limits(limits);
        let (client, server) = match over {
            Over::Memory => (builder.in_process().unwrap(), None),
            Over::Quic => {
                let server = builder.bind().await.unwrap();
                let address = server.address().to_string();
                let client =
                    AsterClient::builder().network(loopback()).connect(&address).await.unwrap();
                (client, Some(server))
            }
        };
        Self { client, probe, sessions_closed, server }
    }

    pub(crate) fn calculator(&self) -> CalculatorClient {
        CalculatorClient::new(&self.client).unwrap()
    }

    pub(crate) async fn tally(&self) -> TallyClient {
        TallyClient::open(&self.client).await.unwrap()
    }
}

/// Waits for something that must happen. The time is a guard against hanging,
/// not an expectation.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("it did not happen")
}

/// Waits until `condition` holds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    soon(async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}
