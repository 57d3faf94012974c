//! `#[service(...)]`: from an `impl` block or a trait to a descriptor, a
//! handler table and a typed client.

mod client;
mod model;
mod options;
mod server;
mod signature;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Item;

use crate::errors::Errors;
use model::Service;

/// Expands the attribute. The user's item is always emitted; mistakes add
/// their messages and leave out the methods they are in.
pub(crate) fn expand(arguments: TokenStream, input: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let item = match syn::parse2::<Item>(input.clone()) {
        Ok(item) => item,
        Err(error) => {
            errors.push(error);
            let errors = errors.into_compile_errors();
            return quote!(#input #errors);
        }
    };
    let (item, service) = match item {
        Item::Impl(mut item) => {
            let service = Service::of_impl(arguments, &mut item, &errors);
            (item.into_token_stream(), service)
        }
        Item::Trait(mut item) => {
            let service = Service::of_trait(arguments, &mut item, &errors);
            (item.into_token_stream(), service)
        }
        other => {
            errors.at(
                &other,
                "#[service] goes on an `impl` block with the handlers, or on a trait that describes them",
            );
            (other.into_token_stream(), None)
        }
    };
    let generated = service.map(|service| {
        let server = server::expand(&service);
        let client = client::expand(&service);
        quote!(#server #client)
    });
    let errors = errors.into_compile_errors();
    quote!(#item #generated #errors)
}
