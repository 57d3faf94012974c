// The contract is the one whose id is written: here a field of a message inside
// a message has another name since.
use aster::{Status, service, wire_type};

#[wire_type("ui/Name")]
pub struct Name {
    text: String,
}

#[wire_type("ui/Hello")]
pub struct Hello {
    name: Option<Name>,
}

#[service(
    name = "Greeter",
    version = 3,
    contract_id = "1cea0b1b6a5a0e5f7d5a6b0b6b1d2c3e4f5061728394a5b6c7d8e9fa0b1c2d3e"
)]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {
    // Uses of it are not reported again.
    let _ = GreeterClient::CONTRACT_ID;
    let _ = GreeterClient::DESCRIPTOR;
}
