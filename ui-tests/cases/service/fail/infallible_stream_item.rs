// The items of a stream are results.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[server_stream]
    async fn a(&self, hello: Hello) -> Result<impl futures::Stream<Item = Hello> + Send, Status>;
}

fn main() {}
