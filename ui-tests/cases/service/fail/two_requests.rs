// A handler takes one request.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello, again: Hello) -> Result<Hello, Status>;
}

async fn caller(client: GreeterClient, a: Hello, b: Hello) -> Result<Hello, Status> {
    client.greet(a, b).await
}

fn main() {}
