// The arguments of a method attribute are in parentheses.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc = "greet"]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
