// Signatures as people write them.
#![allow(unused_parens)]
use aster::{CallContext, Status, service, wire_type};
use futures::stream::BoxStream;

#[wire_type("ui/Item")]
pub struct Item {
    pub text: String,
}

/// An error of one's own.
pub enum StoreError {
    Empty,
}

impl From<StoreError> for Status {
    fn from(StoreError::Empty: StoreError) -> Self {
        Status::not_found("nothing")
    }
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;
pub type StoreResult<T> = Result<T>;

/// Concrete arguments are fine, `Self` in a message is the service's type.
#[wire_type("ui/Echo")]
pub struct Echo {}

#[service]
impl Echo {
    #[rpc]
    async fn echo(&self, echo: Self) -> Result<Self> {
        let Self {} = echo;
        Ok(echo)
    }
}

pub mod path {
    pub struct Store<T>(pub T);
}

#[service(crate = aster)]
impl path::Store<u8>
where
    u8: Copy,
{
    const LIMIT: usize = 3;

    #[rpc]
    async fn alias(&self, Item { text }: Item) -> StoreResult<Item> {
        if text.len() > Self::LIMIT { Err(StoreError::Empty) } else { Ok(Item { text }) }
    }

    #[rpc]
    async fn one_parameter(&self, mut item: Item) -> Result<Item>
    where
        Item: Send,
    {
        item.text.clear();
        Ok(item)
    }

    #[rpc]
    async fn explicit(self: &Self, item: (Item)) -> std::result::Result<Item, std::io::Error> {
        Ok(item)
    }

    #[rpc]
    async fn never_fails(&self, item: Item) -> std::result::Result<Item, std::convert::Infallible> {
        Ok(item)
    }

    #[server_stream]
    async fn boxed(&self, _: &CallContext, item: Item) -> Result<BoxStream<'_, Result<Item>>> {
        Ok(Box::pin(futures::stream::once(async move { Ok(Item { text: item.text + &self.0.to_string() }) })))
    }

    #[server_stream]
    async fn elided(&self, item: Item) -> Result<impl futures::Stream<Item = Result<Item>> + Send + '_> {
        Ok(futures::stream::once(async move {
            let _ = &self.0;
            Ok(item)
        }))
    }

    #[server_stream]
    fn dynamic<'a>(&'a self, item: Item) -> std::pin::Pin<Box<dyn futures::Stream<Item = Result<Item>> + Send + 'a>> {
        Box::pin(futures::stream::once(async move { Ok(item) }))
    }
}

fn main() {
    let _ = aster::AsterServer::builder().open_gate().service(Echo {}).service(path::Store(1));
    assert_eq!(StoreClient::DESCRIPTOR.methods.len(), 7);
}
