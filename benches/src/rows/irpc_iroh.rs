//! irpc over iroh: messages of iroh's own protocols, one stream per call.

use iroh::protocol::Router;
use irpc::channel::oneshot;
use irpc::{Client, WithChannels, rpc_requests};
use irpc_iroh::{IrohProtocol, IrohRemoteConnection};
use serde::{Deserialize, Serialize};

use super::ECHO_LOADS;
use super::raw::{ALPN, announce, endpoint, target};
use crate::figures::Figures;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};

/// Streams of one connection, as our servers allow.
const STREAMS: u32 = 1024;

/// Calls that wait for the actor.
const QUEUE: usize = 1024;

pub(super) const ROWS: &[Row] = &[Row {
    name: "irpc",
    title: "irpc over iroh",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

#[rpc_requests(message = EchoMessage)]
#[derive(Debug, Serialize, Deserialize)]
enum EchoProtocol {
    #[rpc(tx = oneshot::Sender<Message>)]
    #[wrap(Echo)]
    Echo(Message),
}

async fn serve() {
    let (calls, mut queue) = tokio::sync::mpsc::channel(QUEUE);
    tokio::spawn(async move {
        while let Some(EchoMessage::Echo(call)) = queue.recv().await {
            let WithChannels { inner: Echo(message), tx, .. } = call;
            let _ = tx.send(message).await;
        }
    });
    let client = Client::<EchoProtocol>::local(calls);
    let local = client.as_local().expect("it is local");
    let endpoint = endpoint(STREAMS).await;
    announce(&endpoint);
    let router = Router::builder(endpoint).accept(ALPN, IrohProtocol::with_sender(local)).spawn();
    std::future::pending::<()>().await;
    drop(router);
}

async fn measure(run: Run) -> Figures {
    let endpoint = endpoint(STREAMS).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let client = Client::<EchoProtocol>::boxed(IrohRemoteConnection::new(connection));
    let call = move || {
        let client = client.clone();
        async move {
            let message = Message::of(Message::POSTCARD);
            let reply = client.rpc(Echo(message)).await.expect("answered");
            assert_eq!(reply.text.len(), Message::POSTCARD);
        }
    };
    let figures = run.calls(call).await;
    endpoint.close().await;
    figures
}
