//! The floor: an echo on iroh without a framework, one stream per call, on the
//! default runtime with default settings.

use iroh::endpoint::{Connection, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayMode, TransportAddr};

use crate::load::{Figures, closed_loop};

const ALPN: &[u8] = b"bench/echo";

async fn endpoint() -> Endpoint {
    Endpoint::builder(presets::Minimal)
        .relay_mode(RelayMode::Disabled)
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .expect("an address")
        .alpns(vec![ALPN.to_vec()])
        .bind()
        .await
        .expect("a free port")
}

pub async fn serve() {
    let endpoint = endpoint().await;
    println!("{}@{}", endpoint.id(), endpoint.bound_sockets()[0]);
    while let Some(incoming) = endpoint.accept().await {
        tokio::spawn(async move {
            let Ok(connection) = incoming.await else { return };
            while let Ok((mut send, mut recv)) = connection.accept_bi().await {
                tokio::spawn(async move {
                    let Ok(message) = recv.read_to_end(1 << 20).await else { return };
                    let _ = send.write_all(&message).await;
                    let _ = send.finish();
                });
            }
        });
    }
}

pub async fn measure(address: &str, in_flight: usize) -> Figures {
    let (id, socket) = address.split_once('@').expect("id@address");
    let id: EndpointId = id.parse().expect("an id");
    let socket = TransportAddr::Ip(socket.parse().expect("an address"));
    let endpoint = endpoint().await;
    let target = EndpointAddr::from_parts(id, [socket]);
    let connection = endpoint.connect(target, ALPN).await.expect("connected");
    let figures = closed_loop(in_flight, move || echo(connection.clone())).await;
    endpoint.close().await;
    figures
}

async fn echo(connection: Connection) {
    let (mut send, mut recv) = connection.open_bi().await.expect("a stream");
    send.write_all(&[7; 64]).await.expect("written");
    send.finish().expect("finished");
    let reply = recv.read_to_end(1 << 20).await.expect("read");
    assert_eq!(reply.len(), 64);
}
