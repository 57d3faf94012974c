// All four patterns on an `impl`, with and without the context.
use aster::{CallContext, Status, Streaming, service, wire_type};
use futures::{Stream, StreamExt};

#[wire_type("ui/Item")]
pub struct Item {
    pub text: String,
}

pub struct Everything;

#[service(version = 3, rename_all = "camelCase", serialization = ["xlang", "json"], requires = any_of("a", "b"))]
impl Everything {
    #[rpc(idempotent, timeout = 0.5)]
    async fn one_one(&self, item: Item, cx: &CallContext) -> Result<Item, Status> {
        let _ = cx.peer();
        Ok(item)
    }

    #[server_stream(requires = all_of("a", "b"))]
    async fn one_many<'a>(
        &'a self,
        cx: &'a CallContext,
        item: Item,
    ) -> Result<impl Stream<Item = Result<Item, Status>> + Send + 'a, Status> {
        let own = move |n: usize| Item { text: format!("{} {n} {}", item.text, cx.peer()) };
        Ok(futures::stream::iter(0..3).map(move |n| Ok(own(n))))
    }

    #[client_stream(name = "many2one")]
    async fn many_one(&self, mut items: Streaming<Item>) -> Result<Item, Status> {
        items.message().await?.ok_or_else(|| Status::not_found("nothing"))
    }

    #[bidi_stream]
    async fn many_many(&self, _: &CallContext, items: Streaming<Item>) -> Result<Streaming<Item>, Status> {
        Ok(items)
    }

    /// Not async, cannot fail.
    #[bidi_stream(item = Item)]
    fn mirror(&self, items: Streaming<Item>) -> Items {
        items
    }

    pub fn not_a_method(&self) {}
}

pub type Items = Streaming<Item>;

pub async fn calls(client: &aster::AsterClient, item: fn() -> Item) -> Result<(), Status> {
    let client = EverythingClient::new(client)?;
    let _: Item = client.one_one(item()).metadata("k", "v").await?;
    let mut items: Streaming<Item> = client.one_many(item()).await?;
    let _: Option<Item> = items.message().await?;
    let _: Item = client.many_one(futures::stream::iter([item()])).await?;
    let (sender, receiver) = aster::channel(1);
    sender.send(item()).await?;
    let _: Streaming<Item> = client.many_many(receiver).await?;
    let _: Streaming<Item> = client.clone().mirror(futures::stream::empty()).await?;
    Ok(())
}

fn main() {
    let descriptor = EverythingClient::DESCRIPTOR;
    assert_eq!((descriptor.name, descriptor.version), ("Everything", 3));
    let names: Vec<_> = descriptor.methods.iter().map(|m| m.name).collect();
    assert_eq!(names, ["oneOne", "oneMany", "many2one", "manyMany", "mirror"]);
    let _ = aster::AsterServer::builder().open_gate().service(Everything);
}
