//! Gate 0 in front of an endpoint that the program owns.

use aster::trust::RevocationList;
use aster::{Address, ConnectionGate, HELLO_ALPN, Identity, RPC_ALPN};
use iroh::endpoint::Connection;
use iroh::protocol::{AcceptError, ProtocolHandler, Router};

use super::setup::{Domain, builder, client};
use crate::service::{number, soon};

const OWN_ALPN: &[u8] = b"own/1";

/// The program's own protocol: greets whoever comes.
#[derive(Clone, Debug)]
struct Own;

impl ProtocolHandler for Own {
    async fn accept(&self, connection: Connection) -> Result<(), AcceptError> {
        let mut stream = connection.open_uni().await?;
        stream.write_all(b"welcome").await.map_err(AcceptError::from_err)?;
        stream.finish().map_err(AcceptError::from_err)?;
        connection.closed().await;
        Ok(())
    }
}

async fn endpoint(key: &Identity, gate: Option<&ConnectionGate>) -> iroh::Endpoint {
    // The tests' way to the secret of an identity: its file.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    aster::trust::IdentityFile::new(key.clone()).save_new(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let base64 = text.split("secret_key = \"").nth(1).unwrap().split('"').next().unwrap();
    let secret = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
    let mut builder = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
        .relay_mode(iroh::RelayMode::Disabled)
        .secret_key(iroh::SecretKey::from_bytes(&secret.try_into().unwrap()))
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .unwrap();
    if let Some(gate) = gate {
        builder = builder.hooks(gate.clone());
    }
    builder.bind().await.unwrap()
}

/// What the program's protocol says to a node.
async fn greeting(from: &iroh::Endpoint, to: &iroh::Endpoint) -> Result<Vec<u8>, String> {
    let connection = from.connect(to.addr(), OWN_ALPN).await.map_err(|e| e.to_string())?;
    let mut stream = connection.accept_uni().await.map_err(|e| e.to_string())?;
    stream.read_to_end(100).await.map_err(|e| e.to_string())
}

#[tokio::test]
async fn b1_b24_a_programs_own_protocols_are_behind_the_gate() {
    let domain = Domain::new().await; // for its root key
    let gate = ConnectionGate::default();
    let serving = endpoint(&Identity::generate(), Some(&gate)).await;
    let node = Identity::generate();
    let peer = endpoint(&node, None).await;
    serving.set_alpns(vec![OWN_ALPN.to_vec()]);

    // Before there is a server, nobody comes in.
    let accepting = tokio::spawn({
        let serving = serving.clone();
        async move {
            let incoming = serving.accept().await.unwrap();
            incoming.await.is_ok()
        }
    });
    assert!(soon(greeting(&peer, &serving)).await.unwrap_err().contains("not admitted"));
    assert!(!soon(accepting).await.unwrap());

    let address = Address::of(&serving);
    let aster = builder(&Default::default(), &Default::default())
        .root_pubkey(domain.root.public_key())
        .nonce_store(domain.directory.path().join("nonces.json"))
        .connection_gate(&gate)
        .protocol(&address)
        .unwrap();
    let router = Router::builder(serving.clone())
        .accept(RPC_ALPN, aster.clone())
        .accept(HELLO_ALPN, aster)
        .accept(OWN_ALPN, Own)
        .spawn();
    // A stranger does not get to it.
    assert!(soon(greeting(&peer, &serving)).await.unwrap_err().contains("not admitted"));

    // B24: the program itself may dial whom it wants.
    peer.set_alpns(vec![b"theirs/1".to_vec()]);
    let accepting = tokio::spawn({
        let peer = peer.clone();
        async move { peer.accept().await.unwrap().await.is_ok() }
    });
    let dialled = serving.connect(peer.addr(), b"theirs/1").await;
    assert!(dialled.is_ok() && soon(accepting).await.unwrap());

    // Admitted, it does.
    let credential = domain.credential(&node, "ops.status");
    let aster_client = client(&node).credential(credential);
    let aster_client = aster_client.connect(&address.to_string()).await.unwrap();
    let fleet = super::setup::FleetClient::new(&aster_client).unwrap();
    assert_eq!(fleet.status(number(1)).await.unwrap(), number(1));
    assert_eq!(soon(greeting(&peer, &serving)).await.unwrap(), b"welcome");

    // A chain for one service does not lead there.
    let narrow = Identity::generate();
    let chain = domain.chain(narrow.peer(), "ops.status", &["Fleet"]);
    let narrow_client = client(&narrow).credential(chain).connect(&address.to_string()).await;
    let narrow_client = narrow_client.unwrap();
    let fleet = super::setup::FleetClient::new(&narrow_client).unwrap();
    assert_eq!(fleet.status(number(1)).await.unwrap(), number(1));
    let other = endpoint(&narrow, None).await;
    assert!(soon(greeting(&other, &serving)).await.unwrap_err().contains("not admitted"));
    router.shutdown().await.unwrap();
}

#[tokio::test]
async fn a23_a_revoked_key_is_neither_let_in_nor_dialled() {
    let domain = Domain::new().await; // for its root key
    let (node, other) = (Identity::generate(), Identity::generate());
    let path = domain.directory.path().join("revoked.json");
    RevocationList::first(&domain.root, 1, [], [node.peer()]).unwrap().save(&path).unwrap();
    let gate = ConnectionGate::default();
    let serving = endpoint(&Identity::generate(), Some(&gate)).await;
    let address = Address::of(&serving);
    let aster = builder(&Default::default(), &Default::default())
        .root_pubkey(domain.root.public_key())
        .nonce_store(domain.directory.path().join("nonces.json"))
        .revocation_file(&path)
        .connection_gate(&gate)
        .protocol(&address)
        .unwrap();
    let router = Router::builder(serving.clone())
        .accept(RPC_ALPN, aster.clone())
        .accept(HELLO_ALPN, aster)
        .accept(OWN_ALPN, Own)
        .spawn();
    for (key, good) in [(&node, false), (&other, true)] {
        let credential = domain.credential(key, "ops.status");
        let text = address.to_string();
        let connecting = client(key).credential(credential).connect(&text);
        assert_eq!(soon(connecting).await.is_ok(), good);
        let peer = endpoint(key, None).await;
        assert_eq!(soon(greeting(&peer, &serving)).await.is_ok(), good);
        // Nor does this program go to it.
        peer.set_alpns(vec![b"theirs/1".to_vec()]);
        let target = peer.addr();
        let accepting = tokio::spawn(async move {
            while let Some(incoming) = peer.accept().await {
                let _ = incoming.await;
            }
        });
        assert_eq!(soon(serving.connect(target, b"theirs/1")).await.is_ok(), good);
        accepting.abort();
    }
    router.shutdown().await.unwrap();
}
