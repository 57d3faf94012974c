//! The client's side of the admission exchange.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::{ClientCredential, ConnectError};
use crate::address::Address;
use crate::hello::{HelloRequest, HelloResponse};
use crate::limits::{Limits, MAX_HELLO_BYTES};
use crate::peer::PeerId;
use crate::server::HELLO_ALPN;
use crate::transport::endpoint::Endpoint;
use crate::transport::{Connection, TransportError};
use crate::trust::RootPublicKey;

/// How often an exchange that the server cut off is tried. The reference drops
/// the connection as soon as it has queued its answer, so a busy one often
/// loses the answer.
const ATTEMPTS: u32 = 8;

/// The pause before the second attempt; each later one is longer by this.
const PAUSE: Duration = Duration::from_millis(10);

/// How a client asks to be admitted, at first and when it comes again.
pub(super) struct Admission {
    pub(super) credential: Option<ClientCredential>,
    /// The key that this client proves to hold.
    pub(super) client: PeerId,
    /// The root that the server trusts, if that is known here.
    pub(super) root: Option<RootPublicKey>,
    pub(super) allow_unbound: bool,
    pub(super) limits: Arc<Limits>,
}

impl Admission {
    /// Whether it can be asked for more than once.
    pub(super) fn is_repeatable(&self) -> bool {
        self.credential.as_ref().is_none_or(|credential| !credential.is_one_time())
    }

    /// Looks at the credential before it is sent.
    pub(super) fn check(&self) -> Result<(), ConnectError> {
        let Some(credential) = &self.credential else { return Ok(()) };
        credential
            .check(self.client, self.root, self.allow_unbound)
            .map_err(|reason| ConnectError::Credential { reason })
    }

    /// Asks to be admitted and reads what the server offers.
    pub(super) async fn ask(
        &self,
        endpoint: &Endpoint,
        address: &Address,
    ) -> Result<HelloResponse, ConnectError> {
        let peer = address.peer;
        let malformed = |reason: String| ConnectError::Malformed { peer, reason };
        let request = HelloRequest {
            credential_json: self
                .credential
                .as_ref()
                .map(ClientCredential::to_wire)
                .unwrap_or_default(),
            iid_token: String::new(),
        };
        // The fields are strings: this always serializes.
        let request = serde_json::to_vec(&request).unwrap_or_default();
        let attempts = async {
            let mut attempt = 1;
            loop {
                let connection = endpoint
                    .connect(address, HELLO_ALPN)
                    .await
                    .map_err(|error| ConnectError::unreachable(peer, &error))?;
                let outcome = exchange(&connection, &request).await;
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
        let body = timeout(self.limits.connect_timeout + self.limits.hello_timeout, attempts)
            .await
            .map_err(|_| malformed("no answer in time".to_owned()))??
            .ok_or_else(|| malformed(format!("it is larger than {MAX_HELLO_BYTES} bytes")))?;
        let response =
            HelloResponse::from_json(&body).map_err(|error| malformed(error.to_string()))?;
        if !response.admitted {
            return Err(ConnectError::denied(peer, self.credential.as_ref(), self.client));
        }
        self.check_root(peer, &response.root_pubkey)?;
        Ok(response)
    }

    /// Compares the root that a server names with the one that is known here.
    /// A server with an open gate names none.
    fn check_root(&self, peer: PeerId, named: &str) -> Result<(), ConnectError> {
        let Some(expected) = self.root else { return Ok(()) };
        if named.is_empty() || named == expected.to_string() {
            return Ok(());
        }
        let named = named.parse::<RootPublicKey>();
        let named =
            named.map_or_else(|_| "no valid key".into(), |root| format!("root {}", root.short()));
        Err(ConnectError::OtherRoot { peer, named, expected: expected.short() })
    }
}

/// One request and its answer; `None` for an answer that is too large.
async fn exchange(
    connection: &Connection,
    request: &[u8],
) -> Result<Option<Vec<u8>>, TransportError> {
    let (mut send, mut recv) = connection.open().await?;
    send.write_chunk(&mut request.to_vec().into()).await?;
    send.finish();
    recv.read_to_end(MAX_HELLO_BYTES).await
}
