// A method's messages are concrete.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn a<T>(&self, hello: T) -> Result<Hello, Status>;
    #[rpc]
    async fn b<const N: usize>(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn c(&self, hello: impl Into<Hello>) -> Result<Hello, Status>;
}

fn main() {}
