//! The serving side: a static descriptor and a table of handlers.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Form, Service};
use super::table::handler_name;

/// For a trait, the type that carries an implementation.
pub(super) fn wrapper(service: &Service) -> TokenStream {
    let Form::Trait(ident) = &service.form else {
        return TokenStream::new();
    };
    let server = service.derived("Server");
    let visibility = &service.visibility;
    let doc = format!("Serves any `{ident}`: pass it where a service is registered.");
    quote! {
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub)]
        #visibility struct #server<T>(T);
    }
}

/// The `Service` implementation.
pub(super) fn implementation(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let client = service.derived("Client");
    let handlers = |generics: TokenStream| {
        let handlers = service.sound().enumerate().map(|(i, (method, _))| {
            let cfgs = &method.cfgs;
            let name = handler_name(i);
            quote!(#(#cfgs)* #name #generics)
        });
        quote! {
            const DESCRIPTOR: &'static #rt::ServiceDescriptor = #client::DESCRIPTOR;
            const HANDLERS: &'static [#rt::Handler<Self>] = &[#(#handlers),*];
        }
    };
    match &service.form {
        Form::Impl(ty) => {
            let handlers = handlers(TokenStream::new());
            quote! {
                #[automatically_derived]
                impl #rt::Service for #ty {
                    #handlers
                }
            }
        }
        Form::Trait(ident) => {
            let server = service.derived("Server");
            let handlers = handlers(quote!(::<__T>));
            quote! {
                impl<T> #server<T> {
                    /// Wraps an implementation.
                    pub fn new(implementation: T) -> Self {
                        Self(implementation)
                    }
                }

                #[automatically_derived]
                impl<T: ::core::fmt::Debug> ::core::fmt::Debug for #server<T> {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::core::fmt::Debug::fmt(&self.0, f)
                    }
                }

                #[automatically_derived]
                impl<__T: #ident + ::core::marker::Send + ::core::marker::Sync + 'static>
                    #rt::Service for #server<__T>
                {
                    #handlers
                }
            }
        }
    }
}
