// A type that does not exist is the compiler's to report, once.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Helo) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {}
