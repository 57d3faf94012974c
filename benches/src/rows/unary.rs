//! Our typed unary call: behind a gate, with a credential and a deadline; open;
//! and with packets and handlers on other threads.

use super::ECHO_LOADS;
use crate::figures::Figures;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{
    GuardedClient, OpenClient, connect, connect_open, serve_apart, serve_guarded, serve_open,
};

const GUARDED: Row = Row {
    name: "unary",
    title: "**Aster**, XLANG; gate, credential, deadline",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve_guarded()),
    measure: |run| Box::pin(guarded(run)),
};

pub(super) const ROWS: &[Row] = &[
    GUARDED,
    Row {
        name: "unary-open",
        title: "Aster, XLANG; open gate, no deadline",
        serve: || Box::pin(serve_open()),
        measure: |run| Box::pin(open(run)),
        ..GUARDED
    },
    Row {
        name: "unary-apart",
        title: "Aster, XLANG; handlers on the program's runtime (`handlers_beside_packets: false`)",
        serve: || Box::pin(serve_apart()),
        ..GUARDED
    },
    Row {
        name: "unary-thread",
        title: "Aster, XLANG; the client's packets on a thread too (`ASTER_IO=thread`)",
        environment: &[("ASTER_IO", "thread")],
        ..GUARDED
    },
];

async fn guarded(run: Run) -> Figures {
    let client = connect(&run.address).await;
    let service = GuardedClient::new(&client).expect("offered");
    let call = move || {
        let call = service.echo(Message::of(Message::XLANG));
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply.text.len(), Message::XLANG);
        }
    };
    let figures = run.calls(call).await;
    client.close().await;
    figures
}

async fn open(run: Run) -> Figures {
    let client = connect_open(&run.address).await;
    let service = OpenClient::new(&client).expect("offered");
    let call = move || {
        let call = service.echo(Message::of(Message::XLANG));
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply.text.len(), Message::XLANG);
        }
    };
    let figures = run.calls(call).await;
    client.close().await;
    figures
}
