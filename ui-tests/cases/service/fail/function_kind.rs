// A handler is a plain function.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async unsafe fn a(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc]
    async extern "C" fn b(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {}
