//! Thirty lines: two types, a service, a server, a client.
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
        let text = format!("Hello, {}!", hello.name);
        Ok(Greeting { text })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(address) = std::env::args().nth(1) else {
        let server = AsterServer::builder().open_gate().service(Greeter).bind().await?;
        println!("{}", server.address());
        return Ok(server.serve().await?);
    };
    let client = AsterClient::connect(&address).await?;
    let hello = Hello { name: "Ada".into() };
    println!("{}", GreeterClient::new(&client)?.greet(hello).await?.text);
    Ok(())
}
