//! The calling side: a typed client.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use super::descriptor;
use super::model::{Body, Method, Pattern, Scope, Service};
use super::signature::Handler;
use super::stand_in;

/// The client struct.
pub(super) fn declaration(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let client = service.derived("Client");
    let visibility = &service.visibility;
    let doc = match service.scope {
        Scope::Shared => format!("A typed client of service `{}`.", service.name),
        Scope::Session => format!("A session of service `{}`.", service.name),
    };
    quote! {
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub)]
        #visibility struct #client {
            target: #rt::Target,
        }
    }
}

/// Its methods.
pub(super) fn implementation(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let client = service.derived("Client");
    let methods = descriptor::methods(service);
    let descriptor = descriptor::service(service, &methods);
    let constructor = constructor(service);
    let mut rows = Rows::default();
    let mut mistakes = TokenStream::new();
    let mut methods = TokenStream::new();
    for (i, method) in service.methods.iter().enumerate() {
        methods.extend(match &method.body {
            Body::Sound(handler) => {
                let index = rows.next(method);
                sound(rt, &index, method, handler)
            }
            Body::Broken { mistake, parameters } => {
                let (cfgs, alias) = (&method.cfgs, format_ident!("__Mistake{i}"));
                let ty = stand_in::silent_type(mistake.as_ref());
                mistakes.extend(quote!(#(#cfgs)* type #alias = #ty;));
                broken(method, &alias, *parameters)
            }
        });
        mistakes.extend(method.mistakes.clone());
    }
    quote! {
        #mistakes

        static __ASTER_SERVICE: #rt::ServiceDescriptor = #descriptor;

        impl #client {
            /// What the service is: name, version, methods.
            pub const DESCRIPTOR: &'static #rt::ServiceDescriptor = &__ASTER_SERVICE;

            /// The name of the contract, which changes with everything that
            /// callers and servers must agree on.
            pub const CONTRACT_ID: #rt::ContractId = __ASTER_CONTRACT_ID;

            #constructor
            #methods
        }

        #[automatically_derived]
        impl ::core::clone::Clone for #client {
            fn clone(&self) -> Self {
                Self {
                    target: ::core::clone::Clone::clone(&self.target),
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for #client {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Formatter::debug_struct(f, ::core::stringify!(#client))
                    .field("target", &self.target)
                    .finish()
            }
        }
    }
}

fn constructor(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    match service.scope {
        Scope::Shared => quote! {
            /// The client of this service at the server that `client` is
            /// connected to.
            ///
            /// # Errors
            /// NOT_FOUND if the server does not offer the service.
            pub fn new(client: &#rt::AsterClient) -> ::core::result::Result<Self, #rt::Status> {
                Self::new_with(client, #rt::ContractCheck::Exact)
            }

            /// As `new`, for servers whose contract may differ.
            ///
            /// # Errors
            /// As for `new`.
            pub fn new_with(
                client: &#rt::AsterClient,
                check: #rt::ContractCheck,
            ) -> ::core::result::Result<Self, #rt::Status> {
                ::core::result::Result::Ok(Self {
                    target: client.shared_target(Self::DESCRIPTOR, check)?,
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
                Self::open_with(client, #rt::ContractCheck::Exact).await
            }

            /// As `open`, for servers whose contract may differ.
            ///
            /// # Errors
            /// As for `open`.
            pub async fn open_with(
                client: &#rt::AsterClient,
                check: #rt::ContractCheck,
            ) -> ::core::result::Result<Self, #rt::Status> {
                ::core::result::Result::Ok(Self {
                    target: client.session_target(Self::DESCRIPTOR, check).await?,
                })
            }

            /// Ends the session after the call that runs now.
            pub async fn close(&self) {
                self.target.close().await;
            }
        },
    }
}

/// Counts the rows of the table, some of which may be conditional.
#[derive(Default)]
struct Rows {
    certain: usize,
    conditional: TokenStream,
}

impl Rows {
    /// The place of the next method, as an expression.
    fn next(&mut self, method: &Method) -> TokenStream {
        let Self { certain, conditional } = self;
        let place = if conditional.is_empty() {
            quote!(#certain)
        } else {
            quote!(const { let i = #certain; #conditional i })
        };
        if method.cfgs.is_empty() {
            self.certain += 1;
        } else {
            let cfgs = &method.cfgs;
            self.conditional.extend(quote!(#(#cfgs)* let i = i + 1;));
        }
        place
    }
}

fn documentation(method: &Method) -> TokenStream {
    let shown = &method.shown;
    let has_text = shown.iter().any(|attribute| {
        attribute.path().is_ident("doc") && matches!(attribute.meta, syn::Meta::NameValue(_))
    });
    if has_text {
        quote!(#(#shown)*)
    } else {
        let doc = format!("Calls `{}`.", method.name);
        quote!(#[doc = #doc] #(#shown)*)
    }
}

fn sound(rt: &TokenStream, index: &TokenStream, method: &Method, handler: &Handler) -> TokenStream {
    if !method.in_client {
        return TokenStream::new();
    }
    let (ident, cfgs) = (&method.ident, &method.cfgs);
    let (request, response) = (&handler.request, &handler.response);
    let doc = documentation(method);
    let call = match method.pattern {
        Pattern::Unary => quote!(UnaryCall),
        Pattern::ServerStream => quote!(ServerStreamCall),
        Pattern::ClientStream => quote!(ClientStreamCall),
        Pattern::Bidi => quote!(BidiCall),
    };
    if method.pattern.streams_requests() {
        let stream = unused("S", &quote!(#request #response));
        quote! {
            #(#cfgs)*
            #doc
            pub fn #ident<#stream>(&self, requests: #stream) -> #rt::#call<#stream, #request, #response>
            where
                #stream: #rt::Stream<Item = #request> + ::core::marker::Send + 'static,
            {
                #rt::#call::new(&self.target, &Self::DESCRIPTOR.methods[#index], requests)
            }
        }
    } else {
        quote! {
            #(#cfgs)*
            #doc
            pub fn #ident(&self, request: #request) -> #rt::#call<#request, #response> {
                #rt::#call::new(&self.target, &Self::DESCRIPTOR.methods[#index], request)
            }
        }
    }
}

/// A method whose signature has a mistake: it takes and gives a type that is
/// the report, so that its callers compile as far as they can.
fn broken(method: &Method, alias: &Ident, parameters: usize) -> TokenStream {
    if !method.in_client {
        return TokenStream::new();
    }
    let (ident, cfgs) = (&method.ident, &method.cfgs);
    let parameters = (0..parameters).map(|_| quote!(_: #alias));
    quote! {
        #(#cfgs)*
        pub fn #ident(&self, #(#parameters),*) -> #alias {
            ::core::unreachable!()
        }
    }
}

/// A name that `tokens` do not use.
fn unused(name: &str, tokens: &TokenStream) -> Ident {
    fn uses(tokens: &TokenStream, name: &str) -> bool {
        tokens.clone().into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == name,
            TokenTree::Group(group) => uses(&group.stream(), name),
            _ => false,
        })
    }
    let mut name = name.to_owned();
    while uses(&tokens.to_token_stream(), &name) {
        name.push('_');
    }
    format_ident!("{name}")
}
