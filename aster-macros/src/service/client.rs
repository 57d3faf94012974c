//! The calling side: a typed client.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Method, Pattern, Scope, Service};

/// The client struct and its methods.
pub(super) fn expand(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let client = service.derived("Client");
    let visibility = &service.visibility;
    let descriptor = super::server::descriptor(service);
    let constructor = match service.scope {
        Scope::Shared => quote! {
            /// The client of this service at the server that `client` is
            /// connected to.
            ///
            /// # Errors
            /// NOT_FOUND if the server does not offer the service.
            pub fn new(client: &#rt::AsterClient) -> ::core::result::Result<Self, #rt::Status> {
                ::core::result::Result::Ok(Self {
                    target: client.shared_target(Self::DESCRIPTOR)?,
                })
            }
        },
        Scope::Session => quote! {
            /// Opens a session at the server that `client` is connected to.
            ///
            /// # Errors
            /// NOT_FOUND if the server does not offer the service, and whatever
            /// keeps the session from opening.
            pub async fn open(
                client: &#rt::AsterClient,
            ) -> ::core::result::Result<Self, #rt::Status> {
                ::core::result::Result::Ok(Self {
                    target: client.session_target(Self::DESCRIPTOR).await?,
                })
            }

            /// Ends the session after the call that runs now.
            pub async fn close(&self) {
                self.target.close().await;
            }
        },
    };
    let methods = service
        .methods
        .iter()
        .enumerate()
        .map(|(i, m)| method(service, i, m));
    let doc = match service.scope {
        Scope::Shared => format!("A typed client of service `{}`.", service.name),
        Scope::Session => format!("A session of service `{}`.", service.name),
    };
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code, unreachable_pub)]
        #visibility struct #client {
            target: #rt::Target,
        }

        #[allow(
            dead_code,
            unreachable_pub,
            private_interfaces,
            clippy::all,
            clippy::pedantic,
            clippy::nursery
        )]
        impl #client {
            /// What the service is: name, version, methods.
            pub const DESCRIPTOR: &'static #rt::ServiceDescriptor = &#descriptor;

            #constructor
            #(#methods)*
        }
    }
}

fn method(service: &Service, index: usize, method: &Method) -> TokenStream {
    let rt = &service.runtime;
    let ident = &method.ident;
    let (request, response) = (&method.handler.request, &method.handler.response);
    let doc = if method.doc.is_empty() {
        format!("Calls `{}`.", method.name)
    } else {
        method.doc.clone()
    };
    let call = match method.pattern {
        Pattern::Unary => quote!(UnaryCall),
        Pattern::ServerStream => quote!(ServerStreamCall),
        Pattern::ClientStream => quote!(ClientStreamCall),
        Pattern::Bidi => quote!(BidiCall),
    };
    let span = request.span();
    if method.pattern.streams_requests() {
        quote_spanned! {span=>
            #[doc = #doc]
            pub fn #ident<S>(&self, requests: S) -> #rt::#call<S, #request, #response>
            where
                S: #rt::Stream<Item = #request> + ::core::marker::Send + 'static,
            {
                #rt::#call::new(&self.target, &Self::DESCRIPTOR.methods[#index], requests)
            }
        }
    } else {
        quote_spanned! {span=>
            #[doc = #doc]
            pub fn #ident(&self, request: #request) -> #rt::#call<#request, #response> {
                #rt::#call::new(&self.target, &Self::DESCRIPTOR.methods[#index], request)
            }
        }
    }
}
