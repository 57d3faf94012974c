// A stream of requests has a pattern of its own.
use aster::{Status, Streaming, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn a(&self, hellos: Streaming<Hello>) -> Result<Hello, Status>;
    #[server_stream]
    async fn b(&self, hellos: Streaming<Hello>) -> Result<Streaming<Hello>, Status>;
}

fn main() {}
