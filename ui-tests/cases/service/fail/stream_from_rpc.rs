// A stream of responses has a pattern of its own.
use aster::{Status, Streaming, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service]
pub trait Greeter {
    #[rpc]
    async fn a(&self, hello: Hello) -> Result<Streaming<Hello>, Status>;
    #[client_stream]
    async fn b(&self, hello: Streaming<Hello>) -> Result<BoxStream<Result<Hello, Status>>, Status>;
}

pub type BoxStream<T> = std::pin::Pin<Box<dyn futures::Stream<Item = T> + Send>>;

fn main() {}
