// A handler takes a request.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self) -> Result<Hello, Status>;
    #[bidi_stream]
    async fn talk(&self) -> Result<aster::Streaming<Hello>, Status>;
}

async fn caller(client: GreeterClient) -> Result<Hello, Status> {
    client.greet(Hello {}).await
}

fn main() {}
