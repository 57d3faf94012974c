//! A peer that speaks the protocols by hand.

use aster::{HELLO_ALPN, Identity, PeerId, RPC_ALPN};
use iroh::endpoint::{Connection, ConnectionError};
use serde_json::{Value, json};

use super::setup::Domain;
use crate::service::soon;

/// An endpoint with a key of ours, without a client on top.
pub(crate) struct Stranger {
    pub(crate) endpoint: iroh::Endpoint,
    pub(crate) target: iroh::EndpointAddr,
    pub(crate) key: Identity,
}

impl Stranger {
    pub(crate) async fn new(domain: &Domain) -> Self {
        let secret = rand_secret();
        let address = domain.server.address();
        let endpoint = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
            .relay_mode(iroh::RelayMode::Disabled)
            .secret_key(iroh::SecretKey::from_bytes(&secret))
            .clear_ip_transports()
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        let id = iroh::EndpointId::from_bytes(address.peer.as_bytes()).unwrap();
        let ips = address.direct.iter().copied().map(iroh::TransportAddr::Ip);
        let target = iroh::EndpointAddr::from_parts(id, ips);
        Self { endpoint, target, key: Identity::from_secret(secret) }
    }

    /// One that is admitted with these capabilities, and its connection for
    /// calls.
    pub(crate) async fn admitted(domain: &Domain, role: &str) -> (Self, Connection) {
        let stranger = Self::new(domain).await;
        let credential = domain.credential(&stranger.key, role).to_wire_json();
        let answer: Value = serde_json::from_slice(&stranger.present(&credential).await).unwrap();
        assert_eq!(answer["admitted"], true);
        let connection = stranger.connect(RPC_ALPN).await;
        (stranger, connection)
    }

    pub(crate) fn peer(&self) -> PeerId {
        self.key.peer()
    }

    pub(crate) async fn connect(&self, alpn: &[u8]) -> Connection {
        self.endpoint.connect(self.target.clone(), alpn).await.unwrap()
    }

    /// Sends a body to the admission protocol; reads the answer to its end.
    pub(crate) async fn ask(&self, body: &[u8]) -> Vec<u8> {
        let connection = self.connect(HELLO_ALPN).await;
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        // The server may stop reading early.
        let _ = send.write_all(body).await;
        let _ = send.finish();
        soon(recv.read_to_end(1 << 20)).await.unwrap()
    }

    /// Presents a text as the credential.
    pub(crate) async fn present(&self, credential: &str) -> Vec<u8> {
        let body = json!({ "credential_json": credential, "iid_token": "" });
        self.ask(body.to_string().as_bytes()).await
    }

    /// The code with which a connection is closed under a protocol.
    pub(crate) async fn closed(&self, alpn: &[u8]) -> u64 {
        let connection = self.connect(alpn).await;
        match soon(connection.closed()).await {
            ConnectionError::ApplicationClosed(close) => {
                assert_eq!(&close.reason[..], b"not admitted");
                close.error_code.into_inner()
            }
            other => panic!("{other}"),
        }
    }
}

fn rand_secret() -> [u8; 32] {
    // A key is a key: the public part of another one serves as a secret.
    *Identity::generate().peer().as_bytes()
}
