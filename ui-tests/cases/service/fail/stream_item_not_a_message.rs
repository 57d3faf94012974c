// The items of a stream are messages.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Plain;

pub struct Greeter;

#[service]
impl Greeter {
    #[server_stream]
    async fn greet(&self, _: Hello) -> Result<aster::Streaming<Plain>, Status> {
        Err(Status::unimplemented("later"))
    }
}

fn main() {}
