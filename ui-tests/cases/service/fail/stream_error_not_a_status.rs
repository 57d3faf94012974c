// The error of a stream turns into a Status.
use aster::{Status, service, wire_type};
use futures::Stream;

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Oops;
pub struct Greeter;

#[service]
impl Greeter {
    #[server_stream]
    async fn greet(&self, _: Hello) -> Result<impl Stream<Item = Result<Hello, Oops>> + Send, Status> {
        Ok(futures::stream::empty())
    }
}

fn main() {}
