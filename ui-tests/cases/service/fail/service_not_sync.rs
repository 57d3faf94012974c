// A service is shared between threads.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter(std::cell::Cell<u64>);

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {}
