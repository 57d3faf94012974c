// The attribute goes on the `impl` block, not on the struct.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(version = 2)]
pub struct Greeter {
    pub greeting: String,
}

#[service]
pub fn greet(hello: Hello) -> Result<Hello, Status> {
    Ok(hello)
}

fn main() {
    let server = aster::AsterServer::builder().open_gate().service(Greeter { greeting: String::new() });
    let _ = server.in_process().map(|client| GreeterClient::new(&client)?.greet(1));
}
