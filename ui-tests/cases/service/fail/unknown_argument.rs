// An unknown argument is named, with the nearest known one.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(nam = "Greeter", retries = 3)]
pub trait Greeter {
    #[rpc(timout = "5s")]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
