//! What a service with a mistake that leaves nothing to generate expands to,
//! beside the report.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Generics, Item, Type, Visibility};

use super::options::ServiceOptions;
use crate::errors::Errors;
use crate::naming::derived;
use crate::runtime_path::private_module;

/// Inert names, so that the uses of the service elsewhere add no errors of
/// their own.
pub(super) struct StandIn {
    runtime: TokenStream,
    visibility: TokenStream,
    ident: Ident,
    what: What,
}

enum What {
    /// A type that was to be a service.
    Type(Box<Type>, Generics),
    /// A trait that was to describe one.
    Trait,
}

impl StandIn {
    /// For an `impl` block or a struct.
    pub(super) fn of_type(
        options: &ServiceOptions,
        ident: Ident,
        ty: &Type,
        generics: &Generics,
    ) -> Self {
        Self {
            runtime: private_module(options.krate.as_ref()),
            visibility: quote!(pub),
            ident,
            what: What::Type(Box::new(ty.clone()), generics.clone()),
        }
    }

    /// For a trait.
    pub(super) fn of_trait(
        options: &ServiceOptions,
        visibility: &Visibility,
        ident: &Ident,
    ) -> Self {
        Self {
            runtime: private_module(options.krate.as_ref()),
            visibility: visibility.to_token_stream(),
            ident: ident.clone(),
            what: What::Trait,
        }
    }

    /// For an item that cannot be a service. Its options are not checked: what
    /// the attribute sits on is the mistake.
    pub(super) fn of_item(arguments: TokenStream, item: &Item) -> Option<Self> {
        let (ident, generics) = match item {
            Item::Struct(item) => (&item.ident, &item.generics),
            Item::Enum(item) => (&item.ident, &item.generics),
            _ => return None,
        };
        let options = ServiceOptions::parse(arguments, &Errors::default());
        let (_, arguments, _) = generics.split_for_impl();
        let ty = syn::parse_quote!(#ident #arguments);
        Some(Self::of_type(&options, ident.clone(), &ty, generics))
    }

    /// The names, for a type that holds the first report.
    pub(super) fn expand(&self, errors: &Errors) -> TokenStream {
        let mistake = silent_type(errors.take_first().as_ref());
        let (rt, visibility) = (&self.runtime, &self.visibility);
        let client = derived(&self.ident, "Client");
        let rest = match &self.what {
            What::Trait => {
                let server = derived(&self.ident, "Server");
                quote! {
                    #[allow(dead_code)]
                    #visibility type #server = #client;
                }
            }
            What::Type(ty, generics) => {
                let (generics, _, _) = generics.split_for_impl();
                quote! {
                    impl #generics #rt::Service for #ty
                    where
                        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
                    {
                        const DESCRIPTOR: &'static #rt::ServiceDescriptor = ::core::unreachable!();
                        const HANDLERS: &'static [#rt::Handler<Self>] = &[];
                    }
                }
            }
        };
        quote! {
            #[allow(dead_code)]
            #visibility type #client = #mistake;
            #rest
        }
    }
}

/// A type that reports the mistake. The compiler says nothing about uses of a
/// type that has been reported, and the length of an array is an expression, so
/// `compile_error!` makes it one.
pub(super) fn silent_type(mistake: Option<&TokenStream>) -> TokenStream {
    match mistake {
        Some(mistake) => quote!([(); #mistake]),
        None => quote!(()),
    }
}
