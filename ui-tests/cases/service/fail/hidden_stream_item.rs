// The message of a stream must show.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub type Hellos = aster::Streaming<Hello>;

#[service]
pub trait Greeter {
    #[server_stream]
    async fn a(&self, hello: Hello) -> Result<Hellos, Status>;
    #[server_stream]
    async fn b(&self, hello: Hello) -> Result<impl futures::Stream + Send, Status>;
}

fn main() {}
