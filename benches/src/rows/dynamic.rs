//! Our unary call without types: a method by name, JSON values.

use std::time::Duration;

use serde_json::json;

use super::ECHO_LOADS;
use crate::figures::Figures;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{connect, serve_guarded};

const DEADLINE: Duration = Duration::from_secs(30);

pub(super) const ROWS: &[Row] = &[Row {
    name: "dynamic",
    title: "Aster, without types; gate, credential, deadline",
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
    let proxy = client.proxy("Guarded").expect("offered");
    let text = Message::of(Message::JSON).text;
    let call = move || {
        let call = proxy.call("echo", json!({ "text": text })).timeout(DEADLINE);
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply["text"].as_str().map(str::len), Some(Message::JSON));
        }
    };
    let figures = run.calls(call).await;
    client.close().await;
    figures
}
