//! tarpc over TCP without encryption, as in its own example.

use futures::StreamExt;
use tarpc::context;
use tarpc::serde_transport::tcp;
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_serde::formats::Bincode;

use super::ECHO_LOADS;
use crate::figures::Figures;
use crate::message::Message;
use crate::row::{Row, Run, Runtime, Table};

/// Calls that may be in flight: tarpc's default is fewer than we measure.
const IN_FLIGHT: usize = 1024;

pub(super) const ROWS: &[Row] = &[Row {
    name: "tarpc",
    title: "tarpc, plain TCP; deadline",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

#[tarpc::service]
trait Echo {
    async fn echo(message: Message) -> Message;
}

#[derive(Clone)]
struct EchoServer;

impl Echo for EchoServer {
    async fn echo(self, _: context::Context, message: Message) -> Message {
        message
    }
}

async fn serve() {
    let mut listener = tcp::listen("127.0.0.1:0", Bincode::default).await.expect("a free port");
    println!("{}", listener.local_addr());
    while let Some(transport) = listener.next().await {
        let Ok(transport) = transport else { continue };
        let channel = BaseChannel::with_defaults(transport);
        tokio::spawn(channel.execute(EchoServer.serve()).for_each(|call| async {
            tokio::spawn(call);
        }));
    }
}

async fn measure(run: Run) -> Figures {
    let transport = tcp::connect(&run.address, Bincode::default).await.expect("connected");
    let mut config = tarpc::client::Config::default();
    config.max_in_flight_requests = IN_FLIGHT;
    config.pending_request_buffer = IN_FLIGHT;
    let client = EchoClient::new(config, transport).spawn();
    let call = move || {
        let client = client.clone();
        async move {
            let message = Message::of(Message::BINCODE);
            let reply = client.echo(context::current(), message).await.expect("answered");
            assert_eq!(reply.text.len(), Message::BINCODE);
        }
    };
    run.calls(call).await
}
