// A client stream takes a stream.
use aster::{Status, Streaming, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[client_stream]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[bidi_stream]
    async fn b(&self, hello: Streaming) -> Result<Streaming<Hello>, Status>;
}

fn main() {}
