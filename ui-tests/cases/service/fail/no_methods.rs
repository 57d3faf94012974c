// A service has a method; its uses need no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter;

#[service]
impl Greeter {
    pub async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(Greeter);
    let _ = server.in_process().map(|client| GreeterClient::new(&client)?.greet(1));
}
