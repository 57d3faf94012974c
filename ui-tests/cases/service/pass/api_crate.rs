// A trait in one place, its client without the implementation, its server in another.
#![allow(dead_code)]
mod api {
    use aster::{CallContext, Status, Streaming, service, wire_type};
    use futures::Stream;

    #[wire_type("ui/Item")]
    pub struct Item {
        pub text: String,
    }

    /// What a store needs.
    pub trait Storage {
        fn load(&self) -> String;
    }

    #[service(name = "ui.Store")]
    pub trait Store: Storage {
        const LIMIT: usize;
        type Error;

        #[rpc]
        async fn get(&self, item: Item, cx: &CallContext) -> Result<Item, Status>;

        #[server_stream]
        async fn list(&self, item: Item) -> Result<impl Stream<Item = Result<Item, Status>> + Send, Status>;

        #[client_stream]
        async fn put(&self, items: Streaming<Item>) -> Result<Item, Status>;

        #[bidi_stream]
        async fn sync(&self, items: Streaming<Item>) -> Result<Streaming<Item>, Status>;

        /// Has a body, which awaits and uses `self`.
        #[rpc]
        async fn first(&self, mut item: Item, cx: &CallContext) -> Result<Item, Status> {
            item.text = self.load();
            let item = self.get(item, cx).await?;
            Ok(item)
        }

        fn not_a_method(&self) -> usize {
            Self::LIMIT
        }

        async fn nor_this(&self);
    }
}

mod caller {
    use super::api::{Item, StoreClient};

    pub async fn get(client: &aster::AsterClient) -> Result<String, aster::Status> {
        let store = StoreClient::new(client)?;
        Ok(store.get(Item { text: String::new() }).await?.text)
    }
}

mod server {
    use super::api::{Item, Storage, Store};
    use aster::{CallContext, Status, Streaming};
    use futures::{Stream, StreamExt};

    pub struct Memory;

    impl Storage for Memory {
        fn load(&self) -> String {
            String::new()
        }
    }

    impl Store for Memory {
        const LIMIT: usize = 3;
        type Error = std::rc::Rc<()>;

        async fn get(&self, Item { text }: Item, _: &CallContext) -> Result<Item, Status> {
            Ok(Item { text })
        }

        async fn list(&self, item: Item) -> Result<impl Stream<Item = Result<Item, Status>> + Send, Status> {
            Ok(futures::stream::once(async { Ok(item) }).chain(futures::stream::empty()))
        }

        async fn put(&self, mut items: Streaming<Item>) -> Result<Item, Status> {
            items.message().await?.ok_or_else(|| Status::not_found("nothing"))
        }

        async fn sync(&self, items: Streaming<Item>) -> Result<Streaming<Item>, Status> {
            Ok(items)
        }

        async fn nor_this(&self) {}
    }
}

fn main() {
    assert_eq!(api::StoreClient::DESCRIPTOR.name, "ui.Store");
    let server = api::StoreServer::new(server::Memory);
    let _ = aster::AsterServer::builder().open_gate().service(server);
    let _ = caller::get;
}
