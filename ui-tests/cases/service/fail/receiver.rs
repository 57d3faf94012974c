// A handler takes `&self`.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn a(hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc]
    async fn b(&mut self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc]
    async fn c(self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {}
