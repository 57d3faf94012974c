// Two methods of one wire name are reported if both exist.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[cfg(all())]
    #[rpc(name = "greet")]
    async fn one(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(name = "greet")]
    async fn two(&self, hello: Hello) -> Result<Hello, Status>;
    #[cfg(any())]
    #[rpc(name = "greet")]
    fn three(self);
}

fn main() {}
