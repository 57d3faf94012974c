// A request is a message.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Plain;

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, plain: Plain) -> Result<Hello, Status>;
    #[client_stream]
    async fn count(&self, plain: aster::Streaming<String>) -> Result<Hello, Status>;
}

fn main() {}
