// Conditions are for whole methods.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter;

#[service]
impl Greeter {
    #[cfg_attr(all(), rpc)]
    async fn greet(&self, #[cfg(any())] extra: u8, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {}
