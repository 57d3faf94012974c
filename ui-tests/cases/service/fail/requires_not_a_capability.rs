// A path names a capability.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub enum Plain {
    Admin,
}

#[service]
pub trait Greeter {
    #[rpc(requires = Plain::Admin)]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
