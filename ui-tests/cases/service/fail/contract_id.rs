// A contract id is 64 lowercase hex digits.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(contract_id = "e5c6")]
pub trait Short {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

#[service(contract_id = "E5C6D649AAF0DEF0D30009651A01F7ED4E5807A4268C145BDB25A8E194D28530")]
pub trait Capital {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
