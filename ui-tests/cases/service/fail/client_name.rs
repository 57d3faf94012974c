// A few names belong to the client.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn new(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn open(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn close(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
