//! The whole guide in one process: a control plane, two agents and an
//! operator, over real connections on this machine's loopback interface. The
//! demo checks what it shows: a wrong result is an error.

use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aster::{AsterClient, Code, Network, RelayMode, Status, Streaming, channel};
use futures::stream;
use serde_json::json;

use crate::agent::AgentSessionClient;
use crate::control::MissionControlClient;
use crate::logbook::LogBook;
use crate::roles::{entry, load_point, metrics};
use crate::serve;
use crate::types::{
    Assignment, Command, CommandResult, Heartbeat, IngestResult, LogEntry, StatusRequest,
    TailRequest,
};
use crate::{Result, terminal};

/// A demo that takes this long is stuck.
const GUARD: Duration = Duration::from_secs(120);

const POINTS: u32 = 10_000;

macro_rules! say {
    ($($text:tt)*) => { terminal::line(format_args!($($text)*)) };
}

mod credentials;

pub(crate) async fn run() -> Result {
    let directory = tempfile::tempdir()?;
    let demo = tokio::time::timeout(GUARD, demo(directory.path()));
    demo.await.map_err(|_| format!("the demo did not end within {} s", GUARD.as_secs()))?
}

async fn demo(directory: &Path) -> Result {
    let started = Instant::now();
    let logs = Arc::new(LogBook::default());
    let server =
        serve::open(logs.clone(), Some(directory.to_owned())).network(loopback()).bind().await?;
    let address = server.address().to_string();
    say!("Mission Control: a control plane, two agents and an operator")?;
    say!("  the control plane is {address}")?;
    let edge_7 = Agent::connect("edge-7", &address).await?;
    let edge_9 = Agent::connect("edge-9", &address).await?;
    let operator = Agent::connect("operator", &address).await?;
    say!("  edge-7, edge-9 and the operator are connected")?;

    status(&edge_7, &edge_9).await?;
    live_logs(&edge_7, &edge_9, &operator, &logs).await?;
    telemetry(&edge_7, &edge_9).await?;
    sessions(&edge_7, &edge_9, &operator).await?;
    failures(&operator).await?;
    credentials::credentials().await?;

    for agent in [edge_7, edge_9, operator] {
        agent.client.close().await;
    }
    server.shutdown().await;
    say!("\nAll as expected, in {:.1} s.", started.elapsed().as_secs_f64())?;
    Ok(())
}

/// This machine, and nothing else.
fn loopback() -> Network {
    Network { bind: (Ipv4Addr::LOCALHOST, 0).into(), relay: RelayMode::Disabled }
}

/// A program of its own, but for the process.
struct Agent {
    id: &'static str,
    client: AsterClient,
    control: MissionControlClient,
}

impl Agent {
    async fn connect(id: &'static str, address: &str) -> Result<Self> {
        let client = AsterClient::builder().network(loopback()).connect(address).await?;
        let control = MissionControlClient::new(&client)?;
        Ok(Self { id, client, control })
    }

    async fn log(&self, level: &str, message: &str) -> Result<LogEntry> {
        let entry = entry(self.id, level, message);
        let result = self.control.submit_log(entry.clone()).await?;
        check("accepted", &result.accepted, &true)?;
        Ok(entry)
    }

    /// Opens a session and registers in it.
    async fn register(&self, capabilities: &[&str]) -> Result<(AgentSessionClient, Assignment)> {
        let session = AgentSessionClient::open(&self.client).await?;
        let assignment = session
            .register(Heartbeat {
                agent_id: self.id.to_owned(),
                capabilities: capabilities.iter().map(ToString::to_string).collect(),
                load_avg: 0.3,
            })
            .await?;
        Ok((session, assignment))
    }
}

async fn status(edge_7: &Agent, edge_9: &Agent) -> Result {
    say!("\nChapter 1: status (one request, one response)")?;
    for agent in [edge_7, edge_9] {
        let request = StatusRequest { agent_id: agent.id.to_owned() };
        let started = Instant::now();
        let response = agent.control.get_status(request).await?;
        let took = started.elapsed();
        check("agent_id", &*response.agent_id, agent.id)?;
        check("status", &*response.status, "running")?;
        say!(
            "  {} asks: {}, up for {} s ({:.1} ms)",
            agent.id,
            response.status,
            response.uptime_secs,
            took.as_secs_f64() * 1e3
        )?;
    }
    Ok(())
}

async fn live_logs(edge_7: &Agent, edge_9: &Agent, operator: &Agent, logs: &LogBook) -> Result {
    say!("\nChapter 2: live logs (one request, a stream of responses)")?;
    let tail = async |agent: &str, level: &str| {
        let request = TailRequest { agent_id: agent.to_owned(), level: level.to_owned() };
        operator.control.tail_logs(request).await
    };
    let mut everything = tail("", "").await?;
    let mut sent = vec![
        edge_7.log("info", "agent started").await?,
        edge_7.log("warn", "disk 92% full").await?,
        edge_9.log("debug", "polling the sensor").await?,
    ];
    // The second follower comes late and still gets what was before.
    let mut troubles = tail("edge-7", "warn").await?;
    sent.extend([
        edge_9.log("error", "lost the sensor").await?,
        edge_7.log("info", "cleaning up").await?,
        edge_7.log("error", "disk full").await?,
    ]);
    show("everything", &mut everything, &sent).await?;
    sent.retain(|e| e.agent_id == "edge-7" && ["warn", "error"].contains(&&*e.level));
    show("edge-7, warn and worse", &mut troubles, &sent).await?;
    check("followers", &logs.followers(), &2)?;
    drop((everything, troubles));
    while logs.followers() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    say!("  both followers left, and the control plane knows")?;
    Ok(())
}

/// Reads the wanted entries from a stream of logs, shows and compares them.
async fn show(filter: &str, entries: &mut Streaming<LogEntry>, wanted: &[LogEntry]) -> Result {
    say!("  a follower of {filter} gets")?;
    for wanted in wanted {
        let entry = entries.message().await?.ok_or("the stream ended early")?;
        check("log entry", &entry, wanted)?;
        let LogEntry { level, message, agent_id, .. } = entry;
        say!("    {level:5} {agent_id}: {message}")?;
    }
    Ok(())
}

async fn telemetry(edge_7: &Agent, edge_9: &Agent) -> Result {
    say!("\nChapter 3: metrics (a stream of requests, one response)")?;
    let started = Instant::now();
    let result = metrics::push(&edge_7.control, edge_7.id, POINTS).await?;
    let rate = f64::from(POINTS) / started.elapsed().as_secs_f64();
    let wanted = IngestResult { accepted: POINTS.into(), dropped: 0 };
    check("ingestMetrics", &result, &wanted)?;
    say!(
        "  edge-7 sends {POINTS} points: {} accepted, {rate:.0} points per second",
        result.accepted
    )?;

    let points = [0.5, f64::NAN, 0.7].map(|load| load_point(edge_9.id, 0, load));
    let result = edge_9.control.ingest_metrics(stream::iter(points)).await?;
    let wanted = IngestResult { accepted: 2, dropped: 1 };
    check("ingestMetrics", &result, &wanted)?;
    say!(
        "  edge-9 sends 3 points, one not a number: {} accepted, {} dropped",
        result.accepted,
        result.dropped
    )?;
    Ok(())
}

async fn sessions(edge_7: &Agent, edge_9: &Agent, operator: &Agent) -> Result {
    say!("\nChapter 4: sessions (an instance of the service for each caller)")?;
    for (agent, capabilities, wanted) in [
        (edge_7, &["gpu", "arm64"][..], "train-42: python train.py"),
        (edge_9, &["arm64"], "idle: sleep 60"),
    ] {
        let (session, assignment) = agent.register(capabilities).await?;
        let assigned = format!("{}: {}", assignment.task_id, assignment.command);
        check("assignment", &*assigned, wanted)?;
        say!("  {} can {capabilities:?} and gets {assigned}", agent.id)?;
        session.close().await;
    }

    let (session, _) = operator.register(&[]).await?;
    say!("  the operator registers and runs three commands in one session")?;
    for (command, wanted) in [
        ("echo hello", ("hello\n", "", 0)),
        ("echo oops >&2; exit 3", ("", "oops\n", 3)),
        ("echo \"I am $AGENT_ID\"", ("I am operator\n", "", 0)),
    ] {
        let mut results = session.run_command(commands([command])).await?;
        let result = results.message().await?.ok_or("no result")?;
        check_command(command, &result, wanted)?;
        check("results", &results.message().await?, &None)?;
    }

    say!("  and has a conversation in one call: each command needs the answer before")?;
    let (questions, requests) = channel(1);
    let mut answers = session.run_command(requests).await?;
    let mut number = 1;
    for _ in 0..4 {
        let command = format!("echo $(({number} * 3))");
        let question = Command { command: command.clone() };
        questions.send(question).await?;
        let answer = answers.message().await?.ok_or("no answer")?;
        check_command(&command, &answer, (&format!("{}\n", number * 3), "", 0))?;
        number = answer.stdout.trim().parse()?;
    }
    drop(questions);
    check("answers", &answers.message().await?, &None)?;
    session.close().await;
    Ok(())
}

async fn failures(operator: &Agent) -> Result {
    say!("\nWhen something is wrong, the caller reads what")?;
    let result = operator.log("loud", "hello?").await;
    let status = result.err().and_then(|e| e.downcast::<Status>().ok());
    refused("a log entry of level loud", status.map(|status| *status), Code::InvalidArgument)?;

    let proxy = operator.client.proxy("MissionControl")?;
    let result = proxy.call("getStatus", json!({ "agentid": "edge-7" })).await;
    refused("a misspelt field", result.err(), Code::ContractViolation)?;

    let (session, _) = operator.register(&[]).await?;
    let mut results =
        session.run_command(commands(["sleep 1000"])).timeout(Duration::from_millis(200)).await?;
    refused(
        "a command that takes longer than its call may",
        results.message().await.err(),
        Code::DeadlineExceeded,
    )?;
    drop(results);
    let mut results = session.run_command(commands(["echo ready"])).await?;
    let result = results.message().await?.ok_or("no result")?;
    say!("  that command is killed, and the session goes on")?;
    check_command("echo ready", &result, ("ready\n", "", 0))
}

fn refused(what: &str, status: Option<Status>, wanted: Code) -> Result {
    let status = status.ok_or_else(|| format!("{what} was not refused"))?;
    check(what, &status.code(), &wanted)?;
    say!("  {what}\n    {status}")?;
    Ok(())
}

fn commands<const N: usize>(
    commands: [&str; N],
) -> impl futures::Stream<Item = Command> + Send + use<N> {
    stream::iter(commands.map(|command| Command { command: command.to_owned() }))
}

fn check_command(command: &str, result: &CommandResult, wanted: (&str, &str, i64)) -> Result {
    let got = (&*result.stdout, &*result.stderr, result.exit_code);
    check(command, &got, &wanted)?;
    let output = format!("{}{}", result.stdout, result.stderr);
    let code = match result.exit_code {
        0 => String::new(),
        code => format!(" (exit code {code})"),
    };
    say!("    $ {command}\n      {}{code}", output.trim_end())?;
    Ok(())
}

fn check<T: PartialEq + Debug + ?Sized>(what: &str, got: &T, wanted: &T) -> Result {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{what}: expected {wanted:?}, got {got:?}").into())
    }
}
