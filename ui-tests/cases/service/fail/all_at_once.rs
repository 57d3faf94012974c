// Every mistake of a service is reported, each once.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Greeter;

#[service(version = 0, nane = "x")]
impl Greeter {
    #[rpc(timeout = "1 fortnight")]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc]
    fn part(&self, hello: Hello) -> Hello {
        hello
    }

    #[server_stream]
    async fn wave(&mut self) -> Result<Hello, Status> {
        todo!()
    }
}

fn main() {}
