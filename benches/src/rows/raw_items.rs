//! The floor of streams: items of 64 bytes on one stream of raw iroh, in
//! writes of 16 KiB.

use std::time::Instant;

use bytes::Bytes;

use super::raw::{ALPN, announce, endpoint, target};
use crate::figures::{Figures, Measure};
use crate::load::Load;
use crate::process::Usage;
use crate::row::{Row, Run, Runtime, Table};

const ITEM_BYTES: usize = 64;

/// What is written at once.
const WRITE_BYTES: usize = 16 * 1024;

/// What is read at once.
const READ_BYTES: usize = 256 * 1024;

pub(super) const ROWS: &[Row] = &[Row {
    name: "raw-items",
    title: "raw iroh, items without framing, server to client",
    table: Table::Streams,
    baseline: "raw-items",
    loads: &[Load::Once],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

async fn serve() {
    let endpoint = endpoint(1).await;
    announce(&endpoint);
    let items = Bytes::from_static(&[7; WRITE_BYTES]);
    while let Some(incoming) = endpoint.accept().await {
        let items = items.clone();
        tokio::spawn(async move {
            let Ok(connection) = incoming.await else { return };
            let Ok((mut send, _recv)) = connection.accept_bi().await else { return };
            while send.write_chunk(items.clone()).await.is_ok() {}
        });
    }
}

async fn measure(run: Run) -> Figures {
    let endpoint = endpoint(1).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let (mut send, mut recv) = connection.open_bi().await.expect("a stream");
    send.write_all(&[1]).await.expect("written");
    let until = Instant::now() + run.window.warm_up;
    while Instant::now() < until {
        recv.read_chunk(READ_BYTES).await.expect("read");
    }
    let (usage, start) = (Usage::now(run.server), Instant::now());
    let mut bytes = 0;
    while start.elapsed() < run.window.counted {
        let chunk = recv.read_chunk(READ_BYTES).await.expect("read");
        bytes += chunk.expect("it has no end").len();
    }
    let items = bytes as f64 / ITEM_BYTES as f64;
    let per_second = items / start.elapsed().as_secs_f64();
    let figures = usage.each_since(items, Figures::default().with(Measure::PerSecond, per_second));
    endpoint.close().await;
    figures
}
