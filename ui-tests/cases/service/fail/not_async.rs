// A handler of one response is async; its callers need no second error.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

async fn caller(client: GreeterClient) -> Result<String, Status> {
    Ok(client.greet(Hello { name: String::new() }).await?.name)
}

fn main() {}
