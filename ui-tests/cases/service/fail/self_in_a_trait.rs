// A message does not depend on the implementation.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    type Greeting;
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Self::Greeting, Status>;
}

fn main() {}
