//! Our streams: items of 64 bytes, one after the other on one stream.

use std::time::{Duration, Instant};

use aster::Streaming;

use crate::figures::{Figures, Measure};
use crate::load::Load;
use crate::message::{Count, Item};
use crate::process::Usage;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{GuardedClient, connect, serve_guarded};

/// Items between two looks at the clock.
const CLOCK_EVERY: usize = 64;

const SERVER_STREAM: Row = Row {
    name: "server-stream",
    title: "**Aster**, server stream",
    table: Table::Streams,
    baseline: "raw-items",
    loads: &[Load::Once],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve_guarded()),
    measure: |run| Box::pin(server_stream(run)),
};

pub(super) const ROWS: &[Row] = &[
    SERVER_STREAM,
    Row {
        name: "client-stream",
        title: "**Aster**, client stream",
        measure: |run| Box::pin(client_stream(run)),
        ..SERVER_STREAM
    },
    Row {
        name: "bidi",
        title: "**Aster**, bidi: items there and back",
        measure: |run| Box::pin(bidi(run)),
        ..SERVER_STREAM
    },
];

async fn server_stream(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let items = service.items(Count { count: i64::MAX }).await.expect("begun");
    let figures = read(items, &run).await;
    client.close().await;
    figures
}

async fn bidi(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let requests = futures::stream::repeat(Item::default());
    let figures = read(service.mirror(requests).await.expect("begun"), &run).await;
    client.close().await;
    figures
}

/// Counts the items that come.
async fn read(mut items: Streaming<Item>, run: &Run) -> Figures {
    for_items(&mut items, run.window.warm_up).await;
    let (usage, start) = (Usage::now(run.server), Instant::now());
    let count = for_items(&mut items, run.window.counted).await;
    let per_second = count / start.elapsed().as_secs_f64();
    usage.each_since(count, Figures::default().with(Measure::PerSecond, per_second))
}

async fn for_items(items: &mut Streaming<Item>, time: Duration) -> f64 {
    let end = Instant::now() + time;
    let mut count = 0;
    while Instant::now() < end {
        for _ in 0..CLOCK_EVERY {
            items.message().await.expect("no error").expect("it has no end");
        }
        count += CLOCK_EVERY;
    }
    count as f64
}

/// Sends for a while; the server says how many items came.
async fn client_stream(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let sent = |time: Duration| {
        let end = Instant::now() + time;
        let mut sent = 0;
        std::iter::from_fn(move || {
            sent += 1;
            (sent % CLOCK_EVERY != 0 || Instant::now() < end).then(Item::default)
        })
    };
    let warm_up = service.count(futures::stream::iter(sent(run.window.warm_up)));
    warm_up.await.expect("counted");
    let (usage, start) = (Usage::now(run.server), Instant::now());
    let answer = service.count(futures::stream::iter(sent(run.window.counted))).await;
    let count = answer.expect("counted").count as f64;
    let per_second = count / start.elapsed().as_secs_f64();
    let figures = Figures::default().with(Measure::PerSecond, per_second);
    let figures = usage.each_since(count, figures);
    client.close().await;
    figures
}
