// A text is no capability, even if it is one's name.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

const ADMIN: &str = "ops.admin";

#[service]
pub trait Greeter {
    #[rpc(requires = ADMIN)]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
