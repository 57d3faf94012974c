// Raw identifiers travel without their prefix.
#![allow(non_camel_case_types)]
use aster::{Status, service, wire_type};

#[wire_type("ui/Item")]
pub struct r#type {
    pub r#move: String,
}

pub struct r#match;

#[service]
impl r#match {
    #[rpc]
    async fn r#move(&self, r#type: r#type) -> Result<r#type, Status> {
        Ok(r#type)
    }

    #[rpc(name = "loop")]
    async fn r#while(&self, item: r#type) -> Result<r#type, Status> {
        Ok(item)
    }
}

#[service(rename_all = "PascalCase")]
pub trait r#trait {
    #[rpc]
    async fn r#dyn(&self, item: r#type) -> Result<r#type, Status>;
}

pub async fn call(client: matchClient, item: r#type) -> Result<r#type, Status> {
    client.r#while(client.r#move(item).await?).await
}

fn main() {
    let names = |d: &'static aster::ServiceDescriptor| -> Vec<_> {
        std::iter::once(d.name).chain(d.methods.iter().map(|m| m.name)).collect()
    };
    assert_eq!(names(matchClient::DESCRIPTOR), ["match", "move", "loop"]);
    assert_eq!(names(traitClient::DESCRIPTOR), ["trait", "Dyn"]);
    let _ = traitServer::<()>::new;
}
