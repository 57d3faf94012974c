// A request is taken by value.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: &Hello) -> Result<Hello, Status>;
}

async fn caller(client: GreeterClient, hello: &Hello) -> Result<Hello, Status> {
    client.greet(hello).await
}

fn main() {}
