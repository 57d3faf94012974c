//! The floor: an echo on iroh without a framework, one stream per call.
//!
//! On the default runtime, and on one thread, where calls that are ready
//! together share packets. The settings are iroh's own, but for the number of
//! streams at a time, which would hold back more than 100 calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use iroh::endpoint::{Connection, QuicTransportConfig, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayMode, TransportAddr};

use super::ECHO_LOADS;
use crate::figures::{Figures, Measure};
use crate::load::Load;
use crate::row::{Row, Run, Runtime, Table};

pub(super) const ALPN: &[u8] = b"bench/echo";

/// Streams of one connection at a time, as our servers allow by default.
const STREAMS: u32 = 1024;

/// As iroh allows.
const DEFAULT_STREAMS: u32 = 100;

/// Largest message that is read.
const MESSAGE_BYTES: usize = 2 << 20;

const DEFAULT_RUNTIME: Row = Row {
    name: "raw",
    title: "raw iroh, stream per call, default runtime",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::MultiThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run, STREAMS)),
};

pub(super) const ROWS: &[Row] = &[
    DEFAULT_RUNTIME,
    Row {
        name: "raw-defaults",
        title: "the same with 100 streams at a time, iroh's default",
        loads: &[Load::Closed(256)],
        serve: || Box::pin(serve_streams(DEFAULT_STREAMS)),
        measure: |run| Box::pin(measure(run, DEFAULT_STREAMS)),
        ..DEFAULT_RUNTIME
    },
    Row {
        name: "raw-batched",
        title: "raw iroh, stream per call, one thread: calls share packets",
        runtime: Runtime::CurrentThread,
        ..DEFAULT_RUNTIME
    },
];

/// An endpoint on loopback.
pub(super) async fn endpoint(streams: u32) -> Endpoint {
    let transport = QuicTransportConfig::builder().max_concurrent_bidi_streams(streams.into());
    Endpoint::builder(presets::Minimal)
        .relay_mode(RelayMode::Disabled)
        .transport_config(transport.build())
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .expect("an address")
        .alpns(vec![ALPN.to_vec()])
        .bind()
        .await
        .expect("a free port")
}

/// Prints where the endpoint is.
pub(super) fn announce(endpoint: &Endpoint) {
    println!("{}@{}", endpoint.id(), endpoint.bound_sockets()[0]);
}

/// What [`announce`] printed.
pub(super) fn target(address: &str) -> EndpointAddr {
    let (id, socket) = address.split_once('@').expect("id@address");
    let id: EndpointId = id.parse().expect("an id");
    EndpointAddr::from_parts(id, [TransportAddr::Ip(socket.parse().expect("an address"))])
}

pub(super) async fn serve() {
    serve_streams(STREAMS).await;
}

/// Echoes each stream, however many of them a connection has.
pub(super) async fn serve_streams(streams: u32) {
    let endpoint = endpoint(streams).await;
    announce(&endpoint);
    while let Some(incoming) = endpoint.accept().await {
        tokio::spawn(async move {
            let Ok(connection) = incoming.await else { return };
            while let Ok((mut send, mut recv)) = connection.accept_bi().await {
                tokio::spawn(async move {
                    let Ok(message) = recv.read_to_end(MESSAGE_BYTES).await else { return };
                    let _ = send.write_chunk(message.into()).await;
                    let _ = send.finish();
                });
            }
        });
    }
}

async fn measure(run: Run, streams: u32) -> Figures {
    let endpoint = endpoint(streams).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let sent = connection.stats().udp_tx.datagrams;
    let calls = Arc::new(AtomicU64::new(0));
    let (caller, counted) = (connection.clone(), calls.clone());
    let figures = run
        .calls(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            let connection = caller.clone();
            async move { echo(&connection, &[7; 64]).await }
        })
        .await;
    let sent = connection.stats().udp_tx.datagrams - sent;
    endpoint.close().await;
    let calls = calls.load(Ordering::Relaxed) as f64;
    figures.with(Measure::Datagrams, sent as f64 / calls)
}

/// One call.
pub(super) async fn echo(connection: &Connection, message: &[u8]) {
    let (mut send, mut recv) = connection.open_bi().await.expect("a stream");
    send.write_all(message).await.expect("written");
    send.finish().expect("finished");
    let reply = recv.read_to_end(MESSAGE_BYTES).await.expect("read");
    assert_eq!(reply.len(), message.len());
}
