// A timeout is a positive duration.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc(timeout = 0)]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(timeout = -1)]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(timeout = "5 parsecs")]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(timeout = true)]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
