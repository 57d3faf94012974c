// The error of a stream turns into a Status.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

pub struct Oops;

pub struct Greeter;

#[service]
impl Greeter {
    #[server_stream]
    async fn greet(
        &self,
        hello: Hello,
    ) -> Result<impl futures::Stream<Item = Result<Hello, Oops>> + Send, Status> {
        Ok(futures::stream::iter([Ok(hello)]))
    }
}

fn main() {}
