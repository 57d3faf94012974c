//! Our typed unary call with JSON.

use super::ECHO_LOADS;
use crate::figures::Figures;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{TextualClient, connect, serve_guarded};

pub(super) const ROWS: &[Row] = &[Row {
    name: "json",
    title: "Aster, JSON; gate, credential, deadline",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve_guarded()),
    measure: |run| Box::pin(measure(run)),
}];

async fn measure(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = TextualClient::new(&client).expect("offered");
    let call = move || {
        let call = service.echo(Message::of(Message::JSON));
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply.text.len(), Message::JSON);
        }
    };
    let figures = run.calls(call).await;
    client.close().await;
    figures
}
