// A flag has no value.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc(idempotent = "yes")]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
