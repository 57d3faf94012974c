// Every mistake of a service is reported, each once.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(version = 0, nane = "x")]
pub trait Greeter {
    #[rpc(timeout = "1 fortnight")]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    fn part(&self, hello: Hello) -> Hello;
    #[server_stream]
    async fn wave(&mut self) -> Result<Hello, Status>;
}

fn main() {}
