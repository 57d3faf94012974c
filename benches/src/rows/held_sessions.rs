//! Sessions that do nothing, on one connection: their memory on both sides,
//! beside as many open streams of raw iroh.

use std::time::Duration;

use futures::StreamExt;

use super::raw::{self, ALPN, endpoint, target};
use crate::figures::Figures;
use crate::load::Load;
use crate::message::Message;
use crate::process::Memory;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{DeskClient, connect, serve_guarded};

/// Sessions that are opened at a time.
const AT_ONCE: usize = 64;

/// Streams that the raw server allows.
const STREAMS: u32 = 20_000;

const SETTLE: Duration = Duration::from_secs(1);

const RAW: Row = Row {
    name: "raw-held-streams",
    title: "raw iroh, idle streams of one connection",
    table: Table::Held,
    baseline: "raw-held-streams",
    loads: &[Load::Held(1_000), Load::Held(10_000)],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(raw::serve_streams(STREAMS)),
    measure: |run| Box::pin(measure_raw(run)),
};

pub(super) const ROWS: &[Row] = &[
    RAW,
    Row {
        name: "held-sessions",
        title: "**Aster**, idle sessions of one connection, each after a call",
        serve: || Box::pin(serve_guarded()),
        measure: |run| Box::pin(measure(run)),
        ..RAW
    },
];

fn count(run: &Run) -> usize {
    match run.load {
        Load::Held(count) => count,
        other => panic!("{other}: this row holds sessions"),
    }
}

async fn measure_raw(run: Run) -> Figures {
    let endpoint = endpoint(1).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    raw::echo(&connection, &[7; 64]).await;
    let memory = Memory::now(run.server);
    let mut streams = Vec::new();
    for _ in 0..count(&run) {
        let (mut send, recv) = connection.open_bi().await.expect("a stream");
        send.write_all(&[7; 64]).await.expect("written");
        streams.push((send, recv));
    }
    tokio::time::sleep(SETTLE).await;
    let figures = memory.each_since(count(&run) as f64, Figures::default());
    drop(streams);
    endpoint.close().await;
    figures
}

async fn measure(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let open = async || {
        let session = DeskClient::open(&client).await.expect("opened");
        session.echo(Message::of(Message::XLANG)).await.expect("answered");
        session
    };
    let first = open().await;
    let memory = Memory::now(run.server);
    let sessions: Vec<_> = futures::stream::iter((0..count(&run)).map(|_| open()))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    tokio::time::sleep(SETTLE).await;
    let figures = memory.each_since(count(&run) as f64, Figures::default());
    drop((first, sessions));
    client.close().await;
    figures
}
