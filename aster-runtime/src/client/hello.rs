//! The client's side of the admission exchange.

use std::time::Duration;

use tokio::time::timeout;

use super::ConnectError;
use crate::address::Address;
use crate::hello::{HelloRequest, HelloResponse};
use crate::limits::{Limits, MAX_HELLO_BYTES};
use crate::server::HELLO_ALPN;
use crate::transport::endpoint::Endpoint;
use crate::transport::{Connection, TransportError};

/// How often an exchange that the server cut off is tried. The reference drops
/// the connection as soon as it has queued its answer, so a busy one often
/// loses the answer.
const ATTEMPTS: u32 = 8;

/// The pause before the second attempt; each later one is longer by this.
const PAUSE: Duration = Duration::from_millis(10);

/// Asks to be admitted and reads what the server offers.
pub(super) async fn admission(
    endpoint: &Endpoint,
    address: &Address,
    limits: &Limits,
) -> Result<HelloResponse, ConnectError> {
    let peer = address.peer;
    let malformed = |reason: String| ConnectError::Malformed { peer, reason };
    let attempts = async {
        let mut attempt = 1;
        loop {
            let connection = endpoint
                .connect(address, HELLO_ALPN)
                .await
                .map_err(|error| ConnectError::unreachable(peer, &error))?;
            let outcome = exchange(&connection).await;
            connection.close("admission done");
            match outcome {
                Err(TransportError::Connection(_)) if attempt < ATTEMPTS => {
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                outcome => {
                    return outcome.map_err(|error| ConnectError::unreachable(peer, &error));
                }
            }
        }
    };
    let body = timeout(limits.connect_timeout + limits.hello_timeout, attempts)
        .await
        .map_err(|_| malformed("no answer in time".to_owned()))??
        .ok_or_else(|| malformed(format!("it is larger than {MAX_HELLO_BYTES} bytes")))?;
    let response = HelloResponse::from_json(&body).map_err(|error| malformed(error.to_string()))?;
    if !response.admitted {
        return Err(ConnectError::Denied { peer });
    }
    Ok(response)
}

/// One request and its answer; `None` for an answer that is too large.
async fn exchange(connection: &Connection) -> Result<Option<Vec<u8>>, TransportError> {
    let (mut send, mut recv) = connection.open().await?;
    // The fields are strings: this always serializes.
    let request = serde_json::to_vec(&HelloRequest::default()).unwrap_or_default();
    send.write_chunk(&mut request.into()).await?;
    send.finish();
    let mut body = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| recv.poll_chunk(cx)).await? {
        if body.len() + chunk.len() > MAX_HELLO_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
