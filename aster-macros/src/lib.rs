//! The macros of the `aster` crate.
//!
//! Five stages, one direction: `args` (attribute arguments, spans kept) →
//! model → checks → expansion. Nothing in an expansion can fail on user input.

mod args;
mod capability;
mod errors;
mod naming;
mod runtime_path;
mod service;
mod wire_type;

use proc_macro::TokenStream;

/// Makes a struct a message, or a unit enum a field type. The documentation is
/// on the re-export, `aster::wire_type`.
#[proc_macro_attribute]
pub fn wire_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    wire_type::expand(arguments.into(), item.into()).into()
}

/// Makes an `impl` block or a trait a service. The documentation is on the
/// re-export, `aster::service`.
#[proc_macro_attribute]
pub fn service(arguments: TokenStream, item: TokenStream) -> TokenStream {
    service::expand(arguments.into(), item.into()).into()
}

/// Makes a unit enum a list of capabilities. The documentation is on the
/// re-export, `aster::Capability`.
#[proc_macro_derive(Capability, attributes(capability))]
pub fn capability(item: TokenStream) -> TokenStream {
    capability::expand(item.into()).into()
}
