// A requirement on several names at least one.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc(requires = any_of())]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = all_of("a", 7))]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of("a", " b"))]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
