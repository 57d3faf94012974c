// Wire names differ, also those that a style makes.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(rename_all = "camelCase")]
pub trait Greeter {
    #[rpc]
    async fn say_hello(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(name = "sayHello")]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn sayHello(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
