// The message of a response stream is the one that is named.
use aster::{Status, Streaming, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[wire_type("ui/Goodbye")]
pub struct Goodbye {}

pub type Hellos = Streaming<Hello>;

pub struct Greeter;

#[service]
impl Greeter {
    #[server_stream(item = Goodbye)]
    async fn greet(&self, hello: Hello) -> Result<Hellos, Status> {
        Err(Status::unimplemented(format!("{}", size_of_val(&hello))))
    }
}

fn main() {}
