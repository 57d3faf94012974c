//! The guide's metrics: 10,000 points over one client stream, until the answer.

use std::sync::Arc;

use crate::calls;
use crate::figures::Figures;
use crate::load::Load;
use crate::message::MetricPoint;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{GuardedClient, connect, serve_guarded};

const POINTS: u32 = 10_000;

pub(super) const ROWS: &[Row] = &[Row {
    name: "metrics",
    title: "**Aster**, client stream of 10,000 metric points",
    table: Table::Whole,
    baseline: "metrics",
    loads: &[Load::Once],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve_guarded()),
    measure: |run| Box::pin(measure(run)),
}];

async fn measure(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let points: Arc<[MetricPoint]> = (0..POINTS).map(MetricPoint::number).collect();
    let call = move || {
        let points = points.clone();
        let numbers = 0..points.len();
        let points = futures::stream::iter(numbers.map(move |n| points[n].clone()));
        let call = service.ingest(points);
        async move {
            let answer = call.await.expect("answered");
            assert_eq!(answer.count, i64::from(POINTS));
        }
    };
    let figures = calls::closed(&run, 1, call).await;
    client.close().await;
    figures
}
