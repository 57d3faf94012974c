// A method has one pattern, given once.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    #[server_stream]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    #[rpc]
    async fn part(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
