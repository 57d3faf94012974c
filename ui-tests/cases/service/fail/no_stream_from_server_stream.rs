// A server stream is a stream.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[server_stream]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
