// A handler says what it returns.
use aster::{service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello);
    #[server_stream]
    async fn greetings(&self, hello: Hello);
}

fn main() {}
