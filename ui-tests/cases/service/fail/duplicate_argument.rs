// An argument is given once.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(version = 1, version = 2)]
pub trait Greeter {
    #[rpc(idempotent, timeout = 1, idempotent)]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
