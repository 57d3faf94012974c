//! Finds the name under which the user's crate knows the runtime.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

/// The path of the hidden module that generated code may name, for example
/// `::aster::__private0`. `explicit` is the `crate = path` argument.
pub(crate) fn private_module(explicit: Option<&syn::Path>) -> TokenStream {
    let root = root(explicit);
    let module = format_ident!("__private{}", env!("CARGO_PKG_VERSION_PATCH"));
    quote!(#root::#module)
}

/// The path of the crate itself, for example `::aster`.
pub(crate) fn root(explicit: Option<&syn::Path>) -> TokenStream {
    explicit.map_or_else(find_root, |path| quote!(#path))
}

fn find_root() -> TokenStream {
    for package in ["aster", "aster-runtime"] {
        match crate_name(package) {
            // Inside the package itself: its examples, doc tests and
            // integration tests see it under its library name.
            Ok(FoundCrate::Itself) => {
                let ident = format_ident!("{}", package.replace('-', "_"));
                return quote!(::#ident);
            }
            Ok(FoundCrate::Name(name)) => {
                let ident = syn::Ident::new(&name, Span::call_site());
                return quote!(::#ident);
            }
            Err(_) => {}
        }
    }
    quote!(::aster)
}
