// A handler can fail.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Hello;
    #[rpc]
    async fn part(&self, hello: Hello) -> Option<Hello>;
}

async fn caller(client: GreeterClient) -> Result<Hello, Status> {
    Ok(client.greet(Hello {}).await?)
}

fn main() {}
