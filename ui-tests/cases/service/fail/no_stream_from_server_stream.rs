// A server stream is a stream.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

#[service]
pub trait Greeter {
    #[server_stream]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[server_stream(item = Hello)]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
