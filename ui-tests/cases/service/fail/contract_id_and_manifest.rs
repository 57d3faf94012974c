// One place says which contract is expected.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(
    contract_id = "0000000000000000000000000000000000000000000000000000000000000000",
    manifest = "manifest.json"
)]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
