//! The client's side of the admission exchange.

use tokio::time::timeout;

use super::ConnectError;
use crate::address::Address;
use crate::hello::{HelloRequest, HelloResponse};
use crate::limits::{Limits, MAX_HELLO_BYTES};
use crate::server::HELLO_ALPN;
use crate::transport::TransportError;
use crate::transport::endpoint::Endpoint;

/// Asks to be admitted and reads what the server offers.
pub(super) async fn admission(
    endpoint: &Endpoint,
    address: &Address,
    limits: &Limits,
) -> Result<HelloResponse, ConnectError> {
    let peer = address.peer;
    let malformed = |reason: String| ConnectError::Malformed { peer, reason };
    let connection = endpoint
        .connect(address, HELLO_ALPN)
        .await
        .map_err(|error| ConnectError::unreachable(peer, &error))?;
    let exchange = async {
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
        Ok::<_, TransportError>(Some(body))
    };
    let body = timeout(limits.hello_timeout, exchange)
        .await
        .map_err(|_| malformed("no answer in time".to_owned()))?
        .map_err(|error| ConnectError::unreachable(peer, &error))?
        .ok_or_else(|| malformed(format!("it is larger than {MAX_HELLO_BYTES} bytes")))?;
    connection.close("admitted");
    let response = HelloResponse::from_json(&body).map_err(|error| malformed(error.to_string()))?;
    if !response.admitted {
        return Err(ConnectError::Denied { peer });
    }
    Ok(response)
}
