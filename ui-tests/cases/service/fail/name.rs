// A name is text that peers accept.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(name = "my greeter")]
pub trait Greeter {
    #[rpc(name = "")]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(name = Part)]
    async fn part(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(name)]
    async fn leave(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
