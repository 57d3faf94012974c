// A message with a mistake is reported, but not that it changes the contract.
use aster::{Status, service, wire_type};

#[wire_type("ui/Inner")]
pub struct Inner(String);

#[wire_type("ui/Hello")]
pub struct Hello {
    inner: Vec<Inner>,
}

#[service(contract_id = "0000000000000000000000000000000000000000000000000000000000000000")]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
