//! Generated clients as programs, and a server for those in Python.

#[path = "../../../aster-cli/tests/services/mod.rs"]
mod services;

use aster::{AsterClient, AsterServer, Code};
use clap::{Parser, Subcommand};
use futures::{StreamExt, TryStreamExt, stream};
use services::everything::every_thing_x_v1::EveryThingXServer;
use services::matrix::matrix_session_v1::MatrixSessionClient;
use services::matrix::matrix_v1::MatrixClient;
use services::matrix::types as matrix;
use services::mission_control::agent_session_v1::AgentSessionClient;
use services::mission_control::mission_control_v1::MissionControlClient;
use services::mission_control::types as mission;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The Rust side of the tests of generated clients.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the service with everything; prints the address.
    Serve,
    /// Calls MissionControl and AgentSession.
    Control { address: String },
    /// Calls Matrix and MatrixSession.
    Matrix { address: String },
}

#[tokio::main]
async fn main() -> Result {
    match Arguments::parse().command {
        Command::Serve => serve().await,
        Command::Control { address } => control(&AsterClient::connect(&address).await?).await,
        Command::Matrix { address } => call_matrix(&AsterClient::connect(&address).await?).await,
    }
}

/// The service has requirements, so the environment names a root key.
async fn serve() -> Result {
    let server = AsterServer::builder().service(EveryThingXServer::new(services::Echo));
    let server = server.bind().await?;
    println!("{}", server.address());
    server.serve().await?;
    Ok(())
}

async fn control(client: &AsterClient) -> Result {
    let service = MissionControlClient::new(client)?;
    let request = mission::StatusRequest { agent_id: "edge-7".into() };
    let status = service.get_status(request).await?;
    assert_eq!((status.agent_id.as_str(), status.status.as_str()), ("edge-7", "running"));
    let entry = |message: &str| mission::LogEntry {
        timestamp: 1.5e9,
        level: "warn".into(),
        message: message.into(),
        agent_id: "generated".into(),
    };
    assert!(service.submit_log(entry("one")).await?.accepted);
    let request = mission::TailRequest { agent_id: "generated".into(), level: "warn".into() };
    let mut entries = service.tail_logs(request).await?;
    assert_eq!(entries.message().await?, Some(entry("one")));
    drop(entries);
    let point = |i: i64| mission::MetricPoint {
        name: "temp".into(),
        value: 0.5,
        timestamp: 0.0,
        tags: [("slot".to_owned(), aster::Value::Int(i))].into(),
    };
    let counted = service.ingest_metrics(stream::iter((0..100).map(point))).await?;
    assert_eq!((counted.accepted, counted.dropped), (100, 0));

    let session = AgentSessionClient::open(client).await?;
    let heartbeat = mission::Heartbeat {
        agent_id: "edge-7".into(),
        capabilities: vec!["gpu".into()],
        load_avg: 0.5,
    };
    assert_eq!(session.register(heartbeat).await?.task_id, "train-42");
    for text in ["one", "two"] {
        let commands = [mission::Command { command: format!("echo {text}") }];
        let results: Vec<_> =
            session.run_command(stream::iter(commands)).await?.try_collect().await?;
        let stdout: String = results.iter().map(|result| result.stdout.as_str()).collect();
        assert_eq!(stdout, format!("{text}\n"));
    }
    session.close().await;
    println!("ok");
    Ok(())
}

fn request(i: i64) -> matrix::Request {
    matrix::Request {
        text: format!("item {i} grüße 世界 🚀"),
        n: i,
        ratio: 0.5,
        flag: true,
        items: vec!["a".into(), String::new()],
        table: [("k".to_owned(), i), (String::new(), -1)].into(),
        note: (i % 2 == 0).then(|| "note".into()),
        inner: matrix::Inner { label: "inside".into(), value: -i },
    }
}

fn reply(index: i64, i: i64) -> matrix::Reply {
    matrix::Reply { index, request: request(i) }
}

async fn call_matrix(client: &AsterClient) -> Result {
    let service = MatrixClient::new(client)?;
    assert_eq!(service.echo(request(1)).await?, reply(0, 1));
    let blob = matrix::Blob { name: "all".into(), raw: (0..=255).collect() };
    assert_eq!(service.blob(blob.clone()).await?, blob);
    let replies: Vec<_> = service.count(request(3)).await?.try_collect().await?;
    assert_eq!(replies, [0, 1, 2].map(|index| reply(index, 3)));
    let total = service.total(stream::iter((0..10).map(request))).await?;
    assert_eq!((total.count, total.sum), (10, 45));
    let replies = service.chat(stream::iter((0..5).map(request))).await?;
    assert_eq!(
        replies.map(|reply| reply.unwrap().index).collect::<Vec<_>>().await,
        [0, 1, 2, 3, 4]
    );
    assert_eq!(service.fail(request(0)).await.unwrap_err().code(), Code::NotFound);

    let session = MatrixSessionClient::open(client).await?;
    for index in 0..3 {
        assert_eq!(session.echo(request(1)).await?, reply(index, 1));
    }
    let replies: Vec<_> =
        session.chat(stream::iter((0..2).map(request))).await?.try_collect().await?;
    assert_eq!(replies, [reply(0, 0), reply(1, 1)]);
    session.close().await;
    println!("ok");
    Ok(())
}
