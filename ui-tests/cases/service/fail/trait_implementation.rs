// The attribute goes on the trait, not on its implementation.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter;
trait Greet {
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}
#[service]
impl Greet for Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}
fn main() {
    let _ = aster::AsterServer::builder().open_gate().service(Greeter);
}
