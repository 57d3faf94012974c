//! The same echo as a typed unary call.

use aster::{AsterClient, AsterServer, Network, Status, service, wire_type};

use crate::load::{Figures, closed_loop};

/// 64 bytes of payload, give or take the encoding.
#[wire_type("bench/Message")]
pub struct Message {
    text: String,
}

struct Echo;

#[service]
impl Echo {
    #[rpc]
    async fn echo(&self, message: Message) -> Result<Message, Status> {
        Ok(message)
    }
}

pub async fn serve() {
    let server = AsterServer::builder()
        .open_gate()
        .network(Network::loopback())
        .service(Echo)
        .bind()
        .await
        .expect("bound");
    println!("{}", server.address());
    server.serve().await.expect("signals");
}

pub async fn measure(address: &str, in_flight: usize) -> Figures {
    let client = AsterClient::builder()
        .network(Network::loopback())
        .connect(address)
        .await
        .expect("connected");
    let echo = EchoClient::new(&client).expect("offered");
    let figures = closed_loop(in_flight, move || {
        let call = echo.echo(Message { text: "x".repeat(38) });
        async move {
            let reply = call.await.expect("answered");
            assert_eq!(reply.text.len(), 38);
        }
    })
    .await;
    client.close().await;
    figures
}
