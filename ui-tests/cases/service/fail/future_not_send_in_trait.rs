// An implementation's futures change threads as well.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

impl Greeter for () {
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        let shared = std::rc::Rc::new(hello);
        std::future::ready(()).await;
        std::rc::Rc::into_inner(shared).ok_or_else(|| Status::internal("shared"))
    }
}
fn main() {}
