// The error of a handler turns into a Status.
use aster::{service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Oops;

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Oops> {
        Ok(hello)
    }
}

fn main() {}
