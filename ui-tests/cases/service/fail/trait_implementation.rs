// The attribute goes on the trait, not on its implementation.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub trait Greet {
    fn greet(&self, hello: Hello) -> impl Future<Output = Result<Hello, Status>> + Send;
}

pub struct Greeter;

#[service]
impl Greet for Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(Greeter);
    let _ = server.in_process().map(|client| GreeterClient::new(&client)?.greet(1));
}
