//! The smallest program: one service, a server, a client.
use aster::{AsterClient, AsterServer, Status, service, wire_type};

#[wire_type("hello/Hello")]
struct Hello {
    name: String,
}
#[wire_type("hello/Greeting")]
struct Greeting {
    text: String,
}
struct Greeter;
#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Greeting, Status> {
        Ok(Greeting {
            text: format!("Hello, {}!", hello.name),
        })
    }
}
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let Some(address) = std::env::args().nth(1) {
        let client = AsterClient::connect(&address).await?;
        let greeting = GreeterClient::new(&client)?
            .greet(Hello { name: "Ada".into() })
            .await?;
        println!("{}", greeting.text);
    } else {
        let server = AsterServer::builder()
            .open_gate()
            .service(Greeter)
            .bind()
            .await?;
        println!("{}", server.address());
        server.serve().await;
    }
    Ok(())
}
