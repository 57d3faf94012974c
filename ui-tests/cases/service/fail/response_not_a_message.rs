// A response is a message.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<(), Status> {
        drop(hello);
        Ok(())
    }
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(Greeter);
    let client = server.in_process().and_then(|client| Ok(GreeterClient::new(&client)));
    let _ = client.map(|client| client.map(|client| client.greet(Hello { name: String::new() })));
}
