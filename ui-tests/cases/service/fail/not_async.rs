// A handler of one response is async; its callers need no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

pub async fn caller(client: GreeterClient) -> Result<Hello, Status> {
    client.greet(Hello {}).timeout(std::time::Duration::MAX).await
}

fn main() {}
