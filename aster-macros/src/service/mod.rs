//! `#[service(...)]`: from an `impl` block or a trait to a descriptor, a
//! handler table and a typed client.

mod attributes;
mod client;
mod contract;
mod descriptor;
mod manifest;
mod model;
mod names;
mod options;
mod requirement;
mod server;
mod signature;
mod stand_in;
mod table;
mod types;
mod unguarded;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Item;

use crate::errors::Errors;
use model::Service;
use stand_in::StandIn;

/// Expands the attribute. The user's item is always emitted; mistakes add
/// their messages and stand-ins for what they leave out.
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
            errors.span(
                place_of(&other),
                "#[service] goes on an `impl` block with the handlers, or on a trait that describes them",
            );
            let stand_in = StandIn::of_item(arguments, &other);
            (other.into_token_stream(), Err(stand_in.map(Box::new)))
        }
    };
    let generated = match service {
        Ok(service) => {
            let wrapper = server::wrapper(&service);
            let client = client::declaration(&service);
            let table = table::expand(&service);
            let contract = contract::expand(&service, &errors);
            let server = server::implementation(&service);
            let methods = client::implementation(&service);
            let lint = if errors.is_empty() && service.is_sound() {
                unguarded::expand(&service)
            } else {
                TokenStream::new()
            };
            let allow = allow();
            quote! {
                #lint
                #wrapper
                #client
                #allow
                const _: () = {
                    #table
                    #contract
                    #server
                    #methods
                };
            }
        }
        Err(stand_in) => stand_in.map_or_else(TokenStream::new, |s| s.expand(&errors)),
    };
    let errors = errors.into_compile_errors();
    quote!(#item #errors #generated)
}

/// The name of an item, or its first token: never all of its lines.
fn place_of(item: &Item) -> proc_macro2::Span {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Mod(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return proc_macro2::Span::call_site(),
    };
    ident.span()
}

/// The lints that code on behalf of a user must not trip.
pub(crate) fn allow() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            private_interfaces,
            unreachable_pub,
            unused_qualifications,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}
