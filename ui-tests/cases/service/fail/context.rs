// The context is taken once, by shared reference.
use aster::{CallContext, Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn a(&self, cx: CallContext, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn b(&self, cx: &mut CallContext, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn c(&self, cx: &CallContext, hello: Hello, dx: &CallContext) -> Result<Hello, Status>;
}

fn main() {}
