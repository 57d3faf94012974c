//! The server that the commands call, in the process of the test, on a port of
//! the loopback interface.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aster::trust::RootPublicKey;
use aster::{
    AsterServer, AsterServerBuilder, Code, Network, Status, Streaming, service, wire_type,
};
use futures::{Stream, StreamExt, TryStreamExt};
use tokio::runtime::Runtime;

/// The longest wait for something that must happen.
const LIMIT: Duration = Duration::from_secs(30);

#[wire_type("fleet/Agent")]
struct Agent {
    name: String,
    level: Level,
}

#[wire_type("fleet/Level")]
#[derive(Clone, Copy)]
enum Level {
    Info,
    Warn,
}

#[wire_type("fleet/Report")]
struct Report {
    zone: String,
    agent: String,
    load: f64,
    notes: Vec<String>,
}

#[wire_type("fleet/Point")]
struct Point {
    value: f64,
}

#[wire_type("fleet/Sum")]
struct Sum {
    count: i64,
    total: f64,
}

#[wire_type("fleet/Remark")]
#[derive(Clone)]
struct Remark {
    text: String,
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

struct Fleet(Running);

#[service(requires = admitted)]
impl Fleet {
    /// What an agent does. An agent with the name of a status code fails with
    /// it.
    #[rpc]
    async fn status(&self, agent: Agent) -> Result<Report, Status> {
        let code = (1..=101).filter_map(Code::from_number).find(|code| code.name() == agent.name);
        if let Some(code) = code {
            return Err(Status::new(code, "as asked for"));
        }
        Ok(Report {
            zone: "eu".into(),
            agent: agent.name,
            load: 0.5,
            notes: vec!["a\x1b[31m".into()],
        })
    }

    /// Never answers.
    #[rpc]
    async fn hold(&self, _agent: Agent) -> Result<Report, Status> {
        let _run = self.0.begin();
        std::future::pending().await
    }

    /// Reports without end.
    #[server_stream]
    async fn watch(
        &self,
        agent: Agent,
    ) -> Result<impl Stream<Item = Result<Report, Status>> + Send + use<>, Status> {
        let run = self.0.begin();
        Ok(futures::stream::unfold((0, run), async |(count, run)| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((count, (count + 1, run)))
        })
        .map(move |count| {
            let agent = agent.name.clone();
            Ok(Report { zone: "eu".into(), agent, load: f64::from(count), notes: Vec::new() })
        }))
    }

    /// Adds up.
    #[client_stream]
    async fn ingest(&self, mut points: Streaming<Point>) -> Result<Sum, Status> {
        let _run = self.0.begin();
        let mut sum = Sum { count: 0, total: 0.0 };
        while let Some(point) = points.message().await? {
            sum.count += 1;
            sum.total += point.value;
        }
        Ok(sum)
    }

    /// Says everything louder.
    #[bidi_stream]
    async fn shout(
        &self,
        remarks: Streaming<Remark>,
    ) -> Result<impl Stream<Item = Result<Remark, Status>> + Send + use<>, Status> {
        Ok(remarks.map_ok(|remark| Remark { text: remark.text.to_uppercase() }))
    }

    /// For administrators.
    #[rpc(requires = "fleet.admin")]
    async fn erase(&self, _agent: Agent) -> Result<Report, Status> {
        Err(Status::internal("nobody gets here"))
    }
}

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

#[service(scope = "session", requires = admitted)]
impl Notes {
    /// Keeps a remark.
    #[rpc]
    async fn keep(&self, remark: Remark) -> Result<Sum, Status> {
        let mut notes = self.0.lock().unwrap();
        notes.push(remark.text);
        Ok(Sum { count: notes.len() as i64, total: 0.0 })
    }

    /// All that were kept.
    #[server_stream]
    async fn all(
        &self,
        _remark: Remark,
    ) -> Result<impl Stream<Item = Result<Remark, Status>> + Send + use<>, Status> {
        let notes = self.0.lock().unwrap().clone();
        Ok(futures::stream::iter(notes.into_iter().map(|text| Ok(Remark { text }))))
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: String,
    running: Running,
    _server: AsterServer,
    runtime: Runtime,
}

impl Server {
    /// Open to everybody.
    pub(crate) fn open() -> Self {
        Self::start(AsterServer::builder().open_gate())
    }

    /// For those who have a credential of this root.
    pub(crate) fn trusting(root: RootPublicKey) -> Self {
        Self::start(AsterServer::builder().root_pubkey(root))
    }

    fn start(builder: AsterServerBuilder) -> Self {
        let runtime = Runtime::new().unwrap();
        let running = Running::default();
        let server = builder
            .network(Network::loopback())
            .service(Fleet(running.clone()))
            .session(|_| Notes::default());
        let server = runtime.block_on(server.bind()).unwrap();
        Self { address: server.address().to_string(), running, _server: server, runtime }
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
