// Strict crates stay clean.
#![deny(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused,
    unused_qualifications,
    elided_lifetimes_in_paths,
    single_use_lifetimes,
    deprecated,
    private_interfaces,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    let_underscore_drop,
    warnings
)]
#![forbid(unsafe_code)]
//! A crate with strict lints.

use aster::{Status, service, wire_type};
use std::fmt::Debug;

/// A message.
#[wire_type("ui/Item")]
#[derive(Debug)]
pub struct Item {
    /// A field.
    pub text: String,
}

#[wire_type("ui/Private")]
#[derive(Debug)]
struct Private {}

/// A service.
#[derive(Debug)]
pub struct Store;

#[service]
impl Store {
    #[rpc]
    async fn undocumented(&self, item: Item) -> Result<Item, Status> {
        Ok(item)
    }

    /// Do not use.
    #[rpc]
    #[deprecated = "use `undocumented`"]
    async fn old(&self, item: Item) -> Result<Item, Status> {
        Ok(item)
    }

    #[rpc]
    #[doc(hidden)]
    async fn private(&self, private: Private) -> Result<Private, Status> {
        Ok(private)
    }

    #[rpc]
    #[allow(unused_variables)]
    async fn unused(&self, item: Item) -> Result<Item, Status> {
        Err(Status::unimplemented("later"))
    }
}

/// A service somewhere else.
#[service]
pub trait Api: Debug {
    /// Documented.
    #[rpc]
    async fn get(&self, item: Item) -> Result<Item, Status>;
}

fn main() {
    let _server = aster::AsterServer::builder().open_gate().service(Store);
    println!("{Store:?}");
}
