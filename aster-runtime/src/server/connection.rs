//! Connections as they come in: which protocol, past which gate.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::call::serve_stream;
use super::{Caller, HELLO_ALPN, RPC_ALPN, Shared};
use crate::hello::{HelloRequest, HelloResponse};
use crate::limits::MAX_HELLO_BYTES;
use crate::transport::endpoint::{Accepted, Endpoint};
use crate::transport::{Connection, RecvHalf, SendHalf};

/// How long tasks of closed connections may take to end.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// How long a client may keep an answered admission connection open.
const HELLO_LINGER: Duration = Duration::from_secs(30);

/// Accepts connections until the server stops. Runs on the I/O runtime.
pub(super) async fn accept_loop(endpoint: Endpoint, shared: Arc<Shared>) {
    let most = shared.core.limits.max_connections.min(Semaphore::MAX_PERMITS);
    let places = Arc::new(Semaphore::new(most));
    loop {
        let incoming = tokio::select! {
            () = shared.stop.cancelled() => break,
            incoming = endpoint.incoming() => incoming,
        };
        let Some(incoming) = incoming else { break };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::warn!("connection refused: the server holds as many as it may");
            incoming.refuse();
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let handshake = timeout(shared.core.limits.connect_timeout, incoming.accept());
            if let Ok(Some(accepted)) = handshake.await {
                serve_connection(&shared, accepted).await;
            }
            drop(place);
        });
    }
    endpoint.close().await;
    // Every connection is over now; let their tasks see it.
    let all = places.acquire_many(u32::try_from(most).unwrap_or(u32::MAX));
    let _ = timeout(CLOSE_WAIT, all).await;
}

async fn serve_connection(shared: &Arc<Shared>, Accepted { alpn, connection }: Accepted) {
    if alpn == RPC_ALPN {
        serve_rpc(shared, connection).await;
    } else if alpn == HELLO_ALPN {
        serve_hello(shared, connection).await;
    } else {
        #[cfg(feature = "registry")]
        if shared.registry.is_some() {
            return serve_registry(shared, alpn, connection).await;
        }
        connection.close("unknown protocol");
    }
}

/// Serves published contracts to a peer that passes the gate. Runs on the
/// program's runtime: reading a store is no work for the packets' thread.
#[cfg(feature = "registry")]
async fn serve_registry(shared: &Arc<Shared>, alpn: Vec<u8>, connection: Connection) {
    if shared.gate.connect(connection.peer()).is_none() {
        connection.refuse();
        return;
    }
    let serving = shared.clone();
    let serving = shared.app.spawn(async move {
        if let Some(registry) = &serving.registry {
            registry.serve(&alpn, connection).await;
        }
    });
    let _ = serving.await;
}

/// Serves the streams of one connection. Each runs on the program's runtime,
/// so a handler that blocks holds up neither this loop nor the packets.
pub(crate) async fn serve_rpc(shared: &Arc<Shared>, connection: Connection) {
    let peer = connection.peer();
    let Some(attributes) = shared.gate.connect(peer) else {
        connection.refuse();
        return;
    };
    let memory = shared.core.memory.part(shared.core.limits.connection_memory_bytes);
    let caller = Caller { peer, attributes, memory };
    loop {
        let stream = tokio::select! {
            () = shared.stop.cancelled() => None,
            stream = connection.accept() => stream,
        };
        let Some((send, recv)) = stream else { break };
        let serving = serve_stream(shared.core.clone(), caller.clone(), send, recv);
        shared.calls.spawn_on(serving, &shared.app);
    }
    tracing::debug!(peer = %peer.short(), "connection ended");
}

/// Answers the one admission request of a connection.
pub(crate) async fn serve_hello(shared: &Arc<Shared>, connection: Connection) {
    let limit = shared.core.limits.hello_timeout;
    let exchange = async {
        let (send, recv) = connection.accept().await?;
        answer_hello(shared, &connection, send, recv).await
    };
    if timeout(limit, exchange).await.ok().flatten().is_none() {
        tracing::debug!(peer = %connection.peer().short(), "no admission request in time");
        return;
    }
    // The client closes after reading; closing first could lose the answer.
    let _ = timeout(HELLO_LINGER, connection.closed()).await;
}

async fn answer_hello(
    shared: &Shared,
    connection: &Connection,
    mut send: SendHalf,
    mut recv: RecvHalf,
) -> Option<()> {
    let request = read_to_end(&mut recv, MAX_HELLO_BYTES).await;
    let admitted = request
        .and_then(|body| serde_json::from_slice::<HelloRequest>(&body).ok())
        .and_then(|request| shared.gate.admit(connection.peer(), &request));
    // One refusal for every reason, malformed requests included.
    let response = match admitted {
        Some(attributes) => HelloResponse {
            admitted: true,
            attributes: (*attributes).clone(),
            services: shared.services.clone(),
            registry_namespace: shared.namespace.clone(),
            root_pubkey: String::new(),
            reason: String::new(),
        },
        None => HelloResponse::denied(String::new()),
    };
    let mut bytes = serde_json::to_vec(&response).ok()?.into();
    send.write_chunk(&mut bytes).await.ok()?;
    send.finish();
    Some(())
}

/// Everything until the end of the stream; `None` beyond `max` bytes.
pub(crate) async fn read_to_end(recv: &mut RecvHalf, max: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| recv.poll_chunk(cx)).await.ok()? {
        if body.len() + chunk.len() > max {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}
