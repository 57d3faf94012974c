//! What a service is, as a static value.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Method, Pattern, Scope, Service};
use super::options::Mode;
use super::requirement::Requirement;
use super::signature::Handler;
use super::types::place;

/// The descriptor, whose methods are the expression `methods`.
pub(super) fn service(service: &Service, methods: &TokenStream) -> TokenStream {
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
    quote! {
        #rt::ServiceDescriptor {
            name: #name,
            version: #version,
            scope: #scope,
            modes: &[#(#modes),*],
            requires: #requires,
            doc: #doc,
            methods: #methods,
            contract_id: __ASTER_CONTRACT_ID,
        }
    }
}

/// The list of the methods, each under its conditions.
pub(super) fn methods(service: &Service) -> TokenStream {
    let methods = service.sound().map(|(method, handler)| {
        let cfgs = &method.cfgs;
        let descriptor = one(&service.runtime, method, handler);
        quote!(#(#cfgs)* #descriptor)
    });
    quote!(&[#(#methods),*])
}

fn one(rt: &TokenStream, method: &Method, handler: &Handler) -> TokenStream {
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
    let (request_type, response_type) = (&handler.request, &handler.response);
    quote! {
        #rt::MethodDescriptor {
            name: #name,
            pattern: #pattern,
            idempotent: #idempotent,
            timeout: #timeout,
            requires: #requires,
            doc: #doc,
            request: <__Of<#request_type>>::DESCRIPTOR,
            response: <__Of<#response_type>>::DESCRIPTOR,
        }
    }
}

/// Fails to compile, on the type and once, if a message is not one. Everything
/// else is written so that it then stays silent.
pub(super) fn assertions(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let assertions = service.sound().map(|(method, handler)| {
        let cfgs = &method.cfgs;
        let messages = [&handler.request, &handler.response].map(|ty| {
            quote_spanned! {place(ty)=>
                #(#cfgs)*
                const _: fn() -> &'static #rt::codec::TypeDescriptor =
                    <#ty as #rt::codec::WireType>::descriptor;
            }
        });
        quote!(#(#messages)*)
    });
    quote!(#(#assertions)*)
}

fn requirement(rt: &TokenStream, requirement: Option<&Requirement>) -> TokenStream {
    match requirement.map(|requirement| requirement.expand(rt)) {
        None => quote!(::core::option::Option::None),
        Some(requirement) => quote!(::core::option::Option::Some(#requirement)),
    }
}
