//! Connections that do nothing: their memory, and what they cost the calls of
//! another one.
//!
//! The idle connections are plain ones of iroh endpoints, to both servers: the
//! server's memory is what counts. The calls are the row's own.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use iroh::endpoint::Connection;
use iroh::{Endpoint, EndpointAddr, EndpointId, TransportAddr};

use super::raw::{self, ALPN, endpoint, target};
use crate::calls;
use crate::figures::{Figures, Measure};
use crate::load::Load;
use crate::message::Message;
use crate::process::resident_kib;
use crate::row::{Row, Run, Runtime, Table};
use crate::services::{OpenClient, connect_open, serve_open};

/// Handshakes at a time.
const AT_ONCE: usize = 16;

/// Connections of one endpoint to the server: a hundred clients have a hundred
/// each, because every event of a connection makes an endpoint look through all
/// that it has to the same peer.
const EACH_ENDPOINT: usize = 100;

/// Calls in flight beside the idle connections.
const IN_FLIGHT: usize = 64;

/// Until the handshakes' own memory is free again.
const SETTLE: Duration = Duration::from_secs(1);

const RAW: Row = Row {
    name: "raw-held",
    title: "raw iroh, idle connections",
    table: Table::Held,
    baseline: "raw-held",
    loads: &[Load::Held(1), Load::Held(1_000), Load::Held(10_000)],
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(raw::serve()),
    measure: |run| Box::pin(measure_raw(run)),
};

pub(super) const ROWS: &[Row] = &[
    RAW,
    Row {
        name: "held",
        title: "**Aster**, idle connections",
        serve: || Box::pin(serve_open()),
        measure: |run| Box::pin(measure(run)),
        ..RAW
    },
];

/// As many connections as the load says, and what they took.
struct Idle {
    endpoints: Vec<Endpoint>,
    connections: Vec<Connection>,
    figures: Figures,
}

impl Idle {
    async fn open(run: &Run, target: EndpointAddr, alpn: &[u8]) -> Self {
        let Load::Held(count) = run.load else { panic!("this row holds connections") };
        let mut endpoints = Vec::new();
        for _ in 0..count.div_ceil(EACH_ENDPOINT) {
            endpoints.push(endpoint(1).await);
        }
        // The first one brings memory that is not its own.
        let first = endpoints[0].connect(target.clone(), alpn).await.expect("connected");
        let before = resident_kib(&run.server.to_string());
        let of_endpoint = |n: usize| &endpoints[n / EACH_ENDPOINT];
        let connecting = (0..count).map(|n| of_endpoint(n).connect(target.clone(), alpn));
        let mut connections: Vec<_> = futures::stream::iter(connecting)
            .buffer_unordered(AT_ONCE)
            .map(|connection| connection.expect("connected"))
            .collect()
            .await;
        tokio::time::sleep(SETTLE).await;
        let each = (resident_kib(&run.server.to_string()) - before) / count as f64;
        let figures = match count {
            // A few pages more or less say nothing about one connection.
            1 => Figures::default(),
            _ => Figures::default().with(Measure::ServerKib, each),
        };
        connections.push(first);
        Self { endpoints, connections, figures }
    }

    /// Checks that all were held to the end.
    async fn close(self) -> Figures {
        let lost = self.connections.iter().filter(|c| c.close_reason().is_some()).count();
        assert_eq!(lost, 0, "connections were lost");
        let closing = self.endpoints.iter().map(Endpoint::close);
        futures::future::join_all(closing).await;
        self.figures
    }
}

async fn measure_raw(run: Run) -> Figures {
    let idle = Idle::open(&run, target(&run.address), ALPN).await;
    let endpoint = endpoint(IN_FLIGHT as u32).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let call = move || {
        let connection = connection.clone();
        async move { raw::echo(&connection, &[7; 64]).await }
    };
    let figures = calls::closed(&run, IN_FLIGHT, call).await;
    endpoint.close().await;
    figures.and(idle.close().await)
}

async fn measure(run: Run) -> Figures {
    let address: aster::Address = run.address.parse().expect("an address");
    let ticket = address.ticket();
    let id = EndpointId::from_bytes(ticket.peer.as_bytes()).expect("a key");
    let sockets = ticket.addresses.into_iter().map(TransportAddr::Ip);
    let target = EndpointAddr::from_parts(id, sockets);
    let idle = Idle::open(&run, target, aster::RPC_ALPN).await;
    let client = connect_open(&run.address).await;
    let service = Arc::new(OpenClient::new(&client).expect("offered"));
    let call = move || {
        let call = service.echo(Message::of(Message::XLANG));
        async move {
            call.await.expect("answered");
        }
    };
    let figures = calls::closed(&run, IN_FLIGHT, call).await;
    client.close().await;
    figures.and(idle.close().await)
}
