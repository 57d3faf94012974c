//! Echo of 1 MiB: raw iroh and ours.

use bytes::Bytes;

use super::raw::{self, ALPN, endpoint, target};
use crate::calls;
use crate::figures::Figures;
use crate::load::Load;
use crate::message::Blob;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{GuardedClient, connect, serve_guarded};

const SIZE: usize = 1 << 20;

/// Streams of one connection.
const STREAMS: u32 = 1024;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "raw-large",
        title: "raw iroh, echo of 1 MiB",
        table: Table::Whole,
        baseline: "raw-large",
        loads: &[Load::Once],
        runtime: Runtime::MultiThread,
        environment: &[],
        serve: || Box::pin(raw::serve()),
        measure: |run| Box::pin(measure_raw(run)),
    },
    Row {
        name: "large",
        title: "**Aster**, echo of 1 MiB",
        table: Table::Whole,
        baseline: "raw-large",
        loads: &[Load::Once],
        runtime: Runtime::MultiThread,
        environment: &[],
        serve: || Box::pin(serve_guarded()),
        measure: |run| Box::pin(measure(run)),
    },
];

async fn measure_raw(run: Run) -> Figures {
    let endpoint = endpoint(STREAMS).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let call = move || {
        let connection = connection.clone();
        async move { raw::echo(&connection, &[7; SIZE]).await }
    };
    let figures = calls::closed(&run, 1, call).await;
    endpoint.close().await;
    figures
}

async fn measure(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let data = Bytes::from_static(&[7; SIZE]);
    let call = move || {
        let call = service.echo_blob(Blob { data: data.clone() });
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply.data.len(), SIZE);
        }
    };
    let figures = calls::closed(&run, 1, call).await;
    client.close().await;
    figures
}
