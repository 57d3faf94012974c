// The contract is the one in the manifest.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(manifest = "manifest.json")]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
