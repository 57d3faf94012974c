// A service trait is concrete; its uses need no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter<T> {
    #[rpc]
    async fn greet(&self, hello: T) -> Result<Hello, Status>;
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(GreeterServer::new(1));
    let _ = server.in_process().map(|client| GreeterClient::new(&client)?.greet(1));
}
