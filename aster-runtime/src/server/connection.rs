//! Connections as they come in: which protocol, past which gate.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::streams::serve_calls;
use super::{HELLO_ALPN, RPC_ALPN, Shared};
use crate::admission::Admitted;
use crate::gate::{Denial, Protocol};
use crate::hello::{HelloRequest, HelloResponse};
use crate::limits::MAX_HELLO_BYTES;
use crate::printable::Printable;
use crate::transport::endpoint::{Accepted, Endpoint};
use crate::transport::{Connection, RecvHalf, SendHalf};

/// How long tasks of closed connections may take to end.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// How long a client may keep an answered admission connection open.
const HELLO_LINGER: Duration = Duration::from_secs(30);

/// How long a denial may take to arrive.
const DENIAL_LINGER: Duration = Duration::from_secs(2);

/// Accepts connections until the server stops. Runs on the I/O runtime.
pub(super) async fn accept_loop(endpoint: Endpoint, shared: Arc<Shared>) {
    let limits = &shared.core.limits;
    let most = limits.max_connections.min(Semaphore::MAX_PERMITS);
    let places = Arc::new(Semaphore::new(most));
    let waiting = limits.max_unadmitted_connections.min(Semaphore::MAX_PERMITS);
    let waiting_places = Arc::new(Semaphore::new(waiting));
    loop {
        let incoming = tokio::select! {
            () = shared.stop.cancelled() => break,
            incoming = endpoint.incoming() => incoming,
        };
        let Some(incoming) = incoming else { break };
        let place = places.clone().try_acquire_owned();
        let waiting_place = waiting_places.clone().try_acquire_owned();
        let (Ok(place), Ok(waiting_place)) = (place, waiting_place) else {
            tracing::warn!("connection refused: the server holds as many as it may");
            incoming.refuse();
            continue;
        };
        // When it gets crowded, only senders that are where they say.
        let crowded = waiting_places.available_permits() < waiting / 2;
        let Some(incoming) = (if crowded { incoming.validated() } else { Some(incoming) }) else {
            continue;
        };
        let shared = shared.clone();
        tokio::spawn(async move {
            let handshake = timeout(shared.core.limits.connect_timeout, incoming.accept());
            if let Ok(Some(accepted)) = handshake.await {
                serve_connection(&shared, accepted, waiting_place).await;
            }
            drop(place);
        });
    }
    endpoint.close().await;
    // Every connection is over now; let their tasks see it.
    let all = places.acquire_many(u32::try_from(most).unwrap_or(u32::MAX));
    let _ = timeout(CLOSE_WAIT, all).await;
}

/// Serves one connection. `waiting` is its place among those that have not
/// passed the gate; it is given up when it has.
async fn serve_connection(
    shared: &Arc<Shared>,
    Accepted { alpn, connection }: Accepted,
    waiting: OwnedSemaphorePermit,
) {
    if alpn == RPC_ALPN {
        serve_rpc(shared, connection, Some(waiting)).await;
    } else if alpn == HELLO_ALPN {
        serve_hello(shared, connection, Some(waiting)).await;
    } else {
        #[cfg(feature = "registry")]
        if shared.registry.is_some() {
            return serve_registry(shared, alpn, connection, waiting).await;
        }
        connection.close("unknown protocol");
    }
}

/// Gate 0 for a connection that has come in; one that may not go on is closed.
fn pass(shared: &Shared, connection: &Connection, protocol: Protocol) -> Option<Arc<Admitted>> {
    let peer = connection.peer();
    let decision = shared.core.admissions.connection(peer, protocol);
    decision.map_err(|denial| refuse(connection, &denial)).ok()
}

pub(super) fn refuse(connection: &Connection, denial: &Denial) {
    tracing::info!(
        peer = %connection.peer().short(),
        "connection refused: {}",
        Printable(denial)
    );
    connection.refuse();
}

/// Serves published contracts to a peer that passes the gate, for as long as
/// it is admitted. Runs on the program's runtime: reading a store is no work
/// for the packets' thread.
#[cfg(feature = "registry")]
async fn serve_registry(
    shared: &Arc<Shared>,
    alpn: Vec<u8>,
    connection: Connection,
    waiting: OwnedSemaphorePermit,
) {
    let Some(admitted) = pass(shared, &connection, Protocol::Other) else { return };
    drop(waiting);
    let serving = shared.clone();
    let served = connection.clone();
    let serving = shared.app.spawn(async move {
        if let Some(registry) = &serving.registry {
            registry.serve(&alpn, served).await;
        }
    });
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        () = admitted.ended() => {
            refuse(&connection, &Denial::Ended(admitted.ending()));
            let _ = serving.await;
        }
    }
}

/// Serves the streams of one connection that passes gate 0. `waiting` is given
/// up then.
pub(crate) async fn serve_rpc(
    shared: &Arc<Shared>,
    connection: Connection,
    waiting: Option<OwnedSemaphorePermit>,
) {
    let Some(admitted) = pass(shared, &connection, Protocol::Calls) else { return };
    drop(waiting);
    serve_calls(shared, connection, admitted).await;
}

/// Answers the one admission request of a connection. A peer that is admitted
/// gives up its place among those `waiting`.
pub(crate) async fn serve_hello(
    shared: &Arc<Shared>,
    connection: Connection,
    waiting: Option<OwnedSemaphorePermit>,
) {
    let limit = shared.core.limits.hello_timeout;
    let exchange = async {
        let (send, recv) = connection.accept().await?;
        answer_hello(shared, &connection, send, recv).await
    };
    match timeout(limit, exchange).await.ok().flatten() {
        None => {
            tracing::debug!(peer = %connection.peer().short(), "no admission request in time");
        }
        // The client closes after reading; closing first could lose the answer.
        Some(Answered::Admitted) => {
            drop(waiting);
            let _ = timeout(HELLO_LINGER, connection.closed()).await;
        }
        Some(Answered::Denied(delivered)) => {
            let _ = timeout(DENIAL_LINGER, delivered).await;
            connection.close("not admitted");
        }
    }
}

/// How an admission request was answered.
enum Answered<F> {
    Admitted,
    /// Resolves when the answer has arrived.
    Denied(F),
}

async fn answer_hello(
    shared: &Shared,
    connection: &Connection,
    mut send: SendHalf,
    mut recv: RecvHalf,
) -> Option<Answered<impl Future<Output = ()> + use<>>> {
    let admissions = &shared.core.admissions;
    let request = recv.read_to_end(MAX_HELLO_BYTES).await.ok().flatten();
    let request = request.and_then(|body| serde_json::from_slice::<HelloRequest>(&body).ok());
    // One refusal for every reason, malformed requests included.
    let admitted = match request {
        Some(request) => {
            let decision = admissions.admit(connection.peer(), &request.credential_json).await;
            decision.map_err(|denial| {
                tracing::info!(
                    peer = %connection.peer().short(),
                    "admission denied: {}",
                    Printable(denial)
                );
            })
        }
        None => {
            tracing::info!(
                peer = %connection.peer().short(),
                "admission denied: no admission request"
            );
            Err(())
        }
    };
    let response = match &admitted {
        Ok(admitted) => HelloResponse {
            admitted: true,
            attributes: (*admitted.attributes).clone(),
            services: shared.services.clone(),
            registry_namespace: shared.namespace.clone(),
            root_pubkey: admissions.root().map(|root| root.to_string()).unwrap_or_default(),
            reason: String::new(),
        },
        Err(()) => HelloResponse::denied(),
    };
    let mut bytes = serde_json::to_vec(&response).ok()?.into();
    send.write_chunk(&mut bytes).await.ok()?;
    send.finish();
    Some(if admitted.is_ok() { Answered::Admitted } else { Answered::Denied(send.stopped()) })
}
