// A service type is concrete; its uses need no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter<T>(T);

#[service]
impl<T: Send> Greeter<T> {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(Greeter(1));
    let _ = server.in_process().map(|client| GreeterClient::new(&client)?.greet(1));
}
