//! The serving side: a static descriptor and a table of handlers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Form, Method, Pattern, Scope, Service};
use super::options::{Mode, Requirement};
use super::signature::Argument;

/// The `Service` implementation and, for a trait, the type that carries it.
pub(super) fn expand(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let client = service.derived("Client");
    let names: Vec<_> = (0..service.methods.len())
        .map(|i| format_ident!("handler_{i}"))
        .collect();
    let handlers = service
        .methods
        .iter()
        .zip(&names)
        .map(|(method, name)| handler(service, method, name));
    let (wrapper, implementation) = match &service.form {
        Form::Impl(ty) => (
            TokenStream::new(),
            quote! {
                #[automatically_derived]
                impl #rt::Service for #ty {
                    const DESCRIPTOR: &'static #rt::ServiceDescriptor = #client::DESCRIPTOR;
                    const HANDLERS: &'static [#rt::Handler<Self>] = &[#(#names),*];
                }
            },
        ),
        Form::Trait(ident) => {
            let server = service.derived("Server");
            (
                wrapper(service),
                quote! {
                    #[automatically_derived]
                    impl<T: #ident + ::core::marker::Send + ::core::marker::Sync + 'static>
                        #rt::Service for #server<T>
                    {
                        const DESCRIPTOR: &'static #rt::ServiceDescriptor = #client::DESCRIPTOR;
                        const HANDLERS: &'static [#rt::Handler<Self>] = &[#(#names::<T>),*];
                    }
                },
            )
        }
    };
    quote! {
        #wrapper
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            #(#handlers)*
            #implementation
        };
    }
}

fn wrapper(service: &Service) -> TokenStream {
    let server = service.derived("Server");
    let visibility = &service.visibility;
    let doc = format!(
        "Serves any `{}`: pass it where a service is registered.",
        service.ident
    );
    quote! {
        #[doc = #doc]
        #[derive(Debug)]
        #[allow(dead_code, unreachable_pub)]
        #visibility struct #server<T>(T);

        #[allow(dead_code, unreachable_pub, clippy::all, clippy::pedantic)]
        impl<T> #server<T> {
            /// Wraps an implementation.
            pub fn new(implementation: T) -> Self {
                Self(implementation)
            }
        }
    }
}

/// The descriptor's value.
pub(super) fn descriptor(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let (name, version, doc) = (&service.name, service.version, &service.doc);
    let scope = match service.scope {
        Scope::Shared => quote!(#rt::Scope::Shared),
        Scope::Session => quote!(#rt::Scope::Session),
    };
    let modes = service.modes.iter().map(|mode| match mode {
        Mode::Xlang => quote!(#rt::SerializationMode::Xlang),
        Mode::Json => quote!(#rt::SerializationMode::Json),
    });
    let requires = requirement(rt, service.requires.as_ref());
    let methods = service
        .methods
        .iter()
        .map(|method| method_descriptor(rt, method));
    quote! {
        #rt::ServiceDescriptor {
            name: #name,
            version: #version,
            scope: #scope,
            modes: &[#(#modes),*],
            requires: #requires,
            doc: #doc,
            methods: &[#(#methods),*],
        }
    }
}

fn method_descriptor(rt: &TokenStream, method: &Method) -> TokenStream {
    let (name, doc) = (&method.name, &method.doc);
    let pattern = match method.pattern {
        Pattern::Unary => quote!(#rt::Pattern::Unary),
        Pattern::ServerStream => quote!(#rt::Pattern::ServerStream),
        Pattern::ClientStream => quote!(#rt::Pattern::ClientStream),
        Pattern::Bidi => quote!(#rt::Pattern::Bidi),
    };
    let idempotent = method.options.idempotent;
    let timeout = match method.options.timeout_nanos {
        Some(nanos) => quote! {
            ::core::option::Option::Some(::core::time::Duration::from_nanos(#nanos))
        },
        None => quote!(::core::option::Option::None),
    };
    let requires = requirement(rt, method.options.requires.as_ref());
    let describe =
        |ty: &syn::Type| quote_spanned!(ty.span()=> <#ty as #rt::codec::WireType>::descriptor);
    let request = describe(&method.handler.request);
    let response = describe(&method.handler.response);
    quote! {
        #rt::MethodDescriptor {
            name: #name,
            pattern: #pattern,
            idempotent: #idempotent,
            timeout: #timeout,
            requires: #requires,
            doc: #doc,
            request: #request,
            response: #response,
        }
    }
}

fn requirement(rt: &TokenStream, requirement: Option<&Requirement>) -> TokenStream {
    let requirement = match requirement {
        None => return quote!(::core::option::Option::None),
        Some(Requirement::Role(role)) => quote!(Role(#role)),
        Some(Requirement::AnyOf(roles)) => quote!(AnyOf(&[#(#roles),*])),
        Some(Requirement::AllOf(roles)) => quote!(AllOf(&[#(#roles),*])),
    };
    quote!(::core::option::Option::Some(#rt::Requirement::#requirement))
}

/// The function that decodes, calls and answers for one method.
fn handler(service: &Service, method: &Method, name: &syn::Ident) -> TokenStream {
    let rt = &service.runtime;
    let (receiver_type, generics, receiver, function) = match &service.form {
        Form::Impl(ty) => {
            let ident = &method.ident;
            (
                quote!(#ty),
                TokenStream::new(),
                quote!(service),
                quote!(<#ty>::#ident),
            )
        }
        Form::Trait(ident) => {
            let server = service.derived("Server");
            let method = &method.ident;
            (
                quote!(#server<T>),
                quote!(T: #ident + ::core::marker::Send + ::core::marker::Sync + 'static),
                quote!(&service.0),
                quote!(<T as #ident>::#method),
            )
        }
    };
    let request_type = &method.handler.request;
    let request = if method.pattern.streams_requests() {
        quote_spanned!(request_type.span()=> call.requests::<#request_type>(input)?)
    } else {
        quote_spanned!(request_type.span()=> call.request::<#request_type>(&input)?)
    };
    let arguments = method.arguments().iter().map(|argument| match argument {
        Argument::Context => quote!(call.context()),
        Argument::Request => quote!(request),
    });
    let span = method.ident.span();
    let mut result = quote_spanned!(span=> #function(#receiver, #(#arguments),*));
    if method.handler.is_async {
        result = quote_spanned!(span=> #result.await);
    }
    if method.handler.fallible {
        result = quote! {
            match #result {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(error) => {
                    return ::core::result::Result::Err(::core::convert::Into::into(error));
                }
            }
        };
    }
    let response_type = &method.handler.response;
    let respond = if method.pattern.streams_responses() {
        quote_spanned! {response_type.span()=>
            responses.all::<#response_type, _, _>(response).await
        }
    } else {
        quote_spanned!(response_type.span()=> responses.one::<#response_type>(&response))
    };
    quote! {
        fn #name<'a, #generics>(
            service: &'a #receiver_type,
            call: #rt::Call,
            input: #rt::Input,
            responses: #rt::Responses<'a>,
        ) -> #rt::BoxFuture<'a, ::core::result::Result<(), #rt::Status>> {
            ::std::boxed::Box::pin(async move {
                let request = #request;
                let response = #result;
                #respond
            })
        }
    }
}
