// The message of a response stream is the one that is named.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[wire_type("ui/Goodbye")]
pub struct Goodbye {}

pub type Hellos = aster::Streaming<Hello>;

#[service]
pub trait Greeter {
    #[server_stream(item = Goodbye)]
    async fn greet(&self, hello: Hello) -> Result<Hellos, Status>;
}

fn main() {}
