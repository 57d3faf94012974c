// A response is a message; registering the service needs no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, _: Hello) -> Result<(), Status> {
        Ok(())
    }
}

fn main() {
    let _ = aster::AsterServer::builder().open_gate().service(Greeter);
}
