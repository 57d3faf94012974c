//! From nothing to the first answer: a port, a connection, the admission, a
//! call. Each time with a new endpoint, as a program that starts.

use std::time::{Duration, Instant};

use super::raw::{self, ALPN, endpoint, target};
use crate::figures::{Figures, latencies, note};
use crate::load::Load;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{GuardedClient, connect, serve_guarded};

const RAW: Row = Row {
    name: "raw-connect",
    title: "raw iroh, port and connection",
    table: Table::Whole,
    baseline: "raw-connect",
    loads: &[Load::Once],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(raw::serve()),
    measure: |run| Box::pin(measure_raw(run, false)),
};

pub(super) const ROWS: &[Row] = &[
    RAW,
    Row {
        name: "raw-connect-call",
        title: "raw iroh, port, connection and first echo",
        measure: |run| Box::pin(measure_raw(run, true)),
        ..RAW
    },
    Row {
        name: "connect",
        title: "**Aster**, port, connection, admission with a credential and first call",
        serve: || Box::pin(serve_guarded()),
        measure: |run| Box::pin(measure(run)),
        ..RAW
    },
];

/// Repeats `once`, which says how long the counted part took, without what
/// comes after it.
async fn repeat(run: &Run, once: impl AsyncFn() -> Duration) -> Figures {
    let mut latencies = latencies();
    once().await;
    let end = Instant::now() + run.window.counted;
    while Instant::now() < end {
        note(&mut latencies, once().await);
    }
    Figures::of_latencies(&latencies)
}

async fn measure_raw(run: Run, with_call: bool) -> Figures {
    let once = async || {
        let start = Instant::now();
        let endpoint = endpoint(1).await;
        let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
        if with_call {
            raw::echo(&connection, &[7; 64]).await;
        }
        let took = start.elapsed();
        endpoint.close().await;
        took
    };
    repeat(&run, once).await
}

async fn measure(run: Run) -> Figures {
    let once = async || {
        let start = Instant::now();
        let client = connect(&run.address).await;
        let service = GuardedClient::new(&client).expect("offered");
        service.echo(Message::of(Message::XLANG)).await.expect("answered");
        let took = start.elapsed();
        client.close().await;
        took
    };
    repeat(&run, once).await
}
