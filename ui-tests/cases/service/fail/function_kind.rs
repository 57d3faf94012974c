// A handler is a plain function.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async unsafe fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async extern "C" fn b(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
