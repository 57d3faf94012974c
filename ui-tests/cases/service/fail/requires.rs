// A requirement names a capability.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc(requires = "")]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = "a,b")]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = 5)]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = one_of("a"))]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
