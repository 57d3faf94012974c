// A service that another macro writes, from its own tokens and from the user's.
macro_rules! store {
    ($name:ident, $client:ident, $message:ty, $error:ty, $method:ident) => {
        pub struct $name;

        #[aster::service]
        impl $name {
            #[rpc]
            async fn $method(&self, message: $message) -> Result<$message, $error> {
                Ok(message)
            }

            #[client_stream]
            async fn fixed(&self, service: aster::Streaming<$message>) -> Result<Fixed, aster::Status> {
                let _ = service;
                Ok(Fixed {})
            }

            #[server_stream]
            async fn stream(
                &self,
                cx: &aster::CallContext,
                _: $message,
            ) -> Result<impl futures::Stream<Item = Result<$message, $error>> + Send, $error> {
                let _ = cx;
                Ok(futures::stream::empty())
            }
        }

        pub async fn call(client: $client, message: $message) -> Result<$message, aster::Status> {
            client.$method(message).await
        }
    };
}

macro_rules! on_type {
    ($ty:ty) => {
        #[aster::service]
        impl $ty {
            #[rpc]
            async fn fixed(&self, fixed: Fixed) -> Result<Fixed, aster::Status> {
                Ok(fixed)
            }
        }
    };
}

#[aster::wire_type("ui/Item")]
pub struct Item {}

#[aster::wire_type("ui/Fixed")]
pub struct Fixed {}

store!(Store, StoreClient, Item, aster::Status, get);

pub mod inner {
    pub struct Other;
}
on_type!(inner::Other);

fn main() {
    let _ = (call, OtherClient::DESCRIPTOR);
}
