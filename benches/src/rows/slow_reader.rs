//! A consumer that sleeps: how much memory both sides take while the producer
//! would go on for ever.

use crate::figures::Figures;
use crate::load::Load;
use crate::message::Count;
use crate::process::Memory;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{GuardedClient, connect, serve_guarded};

pub(super) const ROWS: &[Row] = &[Row {
    name: "slow-reader",
    title: "**Aster**, a server stream whose reader sleeps",
    table: Table::Held,
    baseline: "slow-reader",
    loads: &[Load::Once],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve_guarded()),
    measure: |run| Box::pin(measure(run)),
}];

async fn measure(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let memory = Memory::now(run.server);
    let mut items = service.items(Count { count: i64::MAX }).await.expect("begun");
    items.message().await.expect("no error");
    tokio::time::sleep(run.window.counted).await;
    let figures = memory.each_since(1.0, Figures::default());
    drop(items);
    client.close().await;
    figures
}
