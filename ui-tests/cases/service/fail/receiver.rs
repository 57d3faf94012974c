// A handler takes `&self`.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter: Sized {
    #[rpc]
    async fn a(hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn b(&mut self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn c(self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn d(self: std::sync::Arc<Self>, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
