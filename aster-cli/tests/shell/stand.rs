//! A server in the process of the test, that counts what runs and says what it
//! is told to say.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use aster::{AsterServer, AsterServerBuilder, Network, Publish, Status, service, wire_type};
use futures::Stream;
use terminal_tests::LIMIT;
use tokio::runtime::Runtime;

/// Text that would clear the screen, name the window and lie about a prompt.
pub(crate) const HOSTILE: &str = "evil\x1b[2J\x1b]0;owned\x07\r\u{9b}31mtext";

#[wire_type("stand/Nothing")]
struct Nothing {}

#[wire_type("stand/Number")]
struct Number {
    value: i64,
}

#[wire_type("stand/Text")]
struct Text {
    #[wire(default = "evil\u{1b}[2Jdefault")]
    text: String,
    #[wire(any)]
    more: std::collections::BTreeMap<String, aster::Value>,
}

/// Counts the calls that run.
#[derive(Clone, Default)]
struct Running(Arc<AtomicUsize>);

struct Run(Running);

impl Running {
    fn begin(&self) -> Run {
        self.0.fetch_add(1, Ordering::SeqCst);
        Run(self.clone())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Booth(Running);

#[service(name = "Stand", requires = admitted)]
impl Booth {
    #[doc = "Says evil\u{1b}[2Jthings."]
    #[rpc]
    async fn speak(&self, _text: Text) -> Result<Text, Status> {
        let more = [(HOSTILE.to_owned(), aster::Value::from(HOSTILE))].into();
        Ok(Text { text: HOSTILE.into(), more })
    }

    /// Fails badly.
    #[rpc]
    async fn fail(&self, _nothing: Nothing) -> Result<Nothing, Status> {
        Err(Status::invalid_argument(HOSTILE).with_detail("why", HOSTILE))
    }

    /// Speaks again and again.
    #[server_stream]
    async fn watch(
        &self,
        _nothing: Nothing,
    ) -> Result<impl Stream<Item = Result<Text, Status>> + Send + use<>, Status> {
        let run = self.0.begin();
        Ok(futures::stream::unfold(run, async |run| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let text = Text { text: HOSTILE.into(), more: Default::default() };
            Some((Ok(text), run))
        }))
    }

    /// Never answers.
    #[rpc]
    async fn hold(&self, _nothing: Nothing) -> Result<Nothing, Status> {
        let _run = self.0.begin();
        std::future::pending().await
    }
}

struct Counter(AtomicI64, Running);

#[service(scope = "session", requires = admitted)]
impl Counter {
    /// Counts the calls of this session.
    #[rpc]
    async fn count(&self, _nothing: Nothing) -> Result<Number, Status> {
        Ok(Number { value: self.0.fetch_add(1, Ordering::SeqCst) + 1 })
    }

    /// Never answers.
    #[rpc]
    async fn hold(&self, _nothing: Nothing) -> Result<Nothing, Status> {
        let _run = self.1.begin();
        std::future::pending().await
    }
}

/// A running server.
pub(crate) struct Stand {
    address: String,
    running: Running,
    server: AsterServer,
    runtime: Runtime,
}

impl Stand {
    /// Open to everybody.
    pub(crate) fn open() -> Self {
        Self::start(AsterServer::builder().open_gate())
    }

    /// The same without contracts.
    pub(crate) fn without_contracts() -> Self {
        Self::start(AsterServer::builder().open_gate().publish(Publish::Off))
    }

    fn start(builder: AsterServerBuilder) -> Self {
        let runtime = Runtime::new().unwrap();
        let running = Running::default();
        let network = Network::loopback();
        let counted = running.clone();
        let server = builder
            .network(network)
            .service(Booth(running.clone()))
            .session(move |_| Counter(AtomicI64::new(0), counted.clone()));
        let server = runtime.block_on(server.bind()).unwrap();
        Self { address: server.address().to_string(), running, server, runtime }
    }

    /// Ends the server as an operator would.
    pub(crate) fn shut_down(self) {
        self.runtime.block_on(self.server.shutdown());
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until this many calls run.
    pub(crate) fn wait_for_running(&self, calls: usize) {
        let reached = async {
            while self.running.0.load(Ordering::SeqCst) != calls {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        self.runtime.block_on(async {
            let reached = tokio::time::timeout(LIMIT, reached).await;
            reached.unwrap_or_else(|_| panic!("there are never {calls} calls"));
        });
    }
}
