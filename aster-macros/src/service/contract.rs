//! The contract of a service: its id, and the check that it is the expected
//! one.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;

use super::manifest;
use super::model::{Form, Pattern, Scope, Service};
use super::options::{Expected, Mode};
use super::types::place;
use crate::errors::Errors;

/// The contract and its id, `__ASTER_CONTRACT_ID`. Statics are computed once,
/// constants again for every set of bounds under which they are named.
pub(super) fn expand(service: &Service, errors: &Errors) -> TokenStream {
    let rt = &service.runtime;
    let (name, version) = (&service.name, service.version);
    let mut sound: Vec<_> = service.sound().collect();
    sound.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    let methods = sound.iter().map(|(method, handler)| {
        let (cfgs, name, idempotent) = (&method.cfgs, &method.name, method.options.idempotent);
        let pattern = match method.pattern {
            Pattern::Unary => quote!(Unary),
            Pattern::ServerStream => quote!(ServerStream),
            Pattern::ClientStream => quote!(ClientStream),
            Pattern::Bidi => quote!(Bidi),
        };
        let timeout = method.options.timeout_nanos.unwrap_or_default();
        let (request, response) = (&handler.request, &handler.response);
        quote! {
            #(#cfgs)*
            #rt::identity::method_def(
                #name,
                #rt::Pattern::#pattern,
                (<__Of<#request>>::NODE, <__Of<#response>>::NODE),
                #idempotent,
                #timeout,
            )
        }
    });
    let roots = sound.iter().map(|(method, handler)| {
        let (cfgs, request, response) = (&method.cfgs, &handler.request, &handler.response);
        quote! {
            #(#cfgs)* <__Of<#request>>::NODE,
            #(#cfgs)* <__Of<#response>>::NODE,
        }
    });
    let modes = service.modes.iter().map(|mode| match mode {
        Mode::Xlang => quote!(#rt::SerializationMode::Xlang.name()),
        Mode::Json => quote!(#rt::SerializationMode::Json.name()),
    });
    let scope = match service.scope {
        Scope::Shared => quote!(Shared),
        Scope::Session => quote!(Session),
    };
    let checks = checks(service, errors);
    quote! {
        static __ASTER_ROOTS: &[&#rt::identity::Node] = &[#(#roots)*];
        static __ASTER_CONTRACT: #rt::identity::Contract = #rt::identity::Contract {
            name: #name,
            version: #version,
            methods: &[#(#methods),*],
            modes: &[#(#modes),*],
            scope: #rt::Scope::#scope,
        };
        static __ASTER_CONTRACT_ID: #rt::ContractId =
            #rt::identity::contract_id(&__ASTER_CONTRACT);
        #checks
    }
}

/// The assertions about the contract. A service with other mistakes has none:
/// its contract is not yet what it will be.
fn checks(service: &Service, errors: &Errors) -> TokenStream {
    if !errors.is_empty() || !service.is_sound() {
        return TokenStream::new();
    }
    let expected = match &service.expected {
        None => None,
        Some(Expected::Id(id, bytes)) => Some((id, *bytes, quote!(Attribute), TokenStream::new())),
        Some(Expected::Manifest(path)) => {
            match manifest::expected(path, &service.name, service.version) {
                Ok(Some((bytes, file))) => {
                    // So that cargo looks at the file again when it changes.
                    let track = quote!(
                        const _: &[u8] = ::core::include_bytes!(#file);
                    );
                    Some((path, bytes, quote!(Manifest(#path)), track))
                }
                Ok(None) => None,
                Err(error) => {
                    errors.push(error);
                    return TokenStream::new();
                }
            }
        }
    };
    let rt = &service.runtime;
    let span = match &service.form {
        Form::Impl(ty) => place(ty),
        Form::Trait(ident) => place(ident),
    };
    let hashed = quote_spanned!(span=> const _: () = __identity::assert_hashed(__ASTER_ROOTS););
    let same = expected.map(|(at, bytes, source, track)| {
        let assertion = assertion(at, bytes, &source);
        quote!(#track #assertion)
    });
    // Naming it makes cargo build again when it changes.
    let variable = service.expected.is_some().then(|| {
        let name = manifest::DRIFT_VARIABLE;
        quote! {
            const __DRIFT: ::core::option::Option<&::core::primitive::str> =
                ::core::option_env!(#name);
        }
    });
    quote! {
        const _: () = {
            use #rt::identity as __identity;

            #variable
            #hashed
            #same
        };
    }
}

/// Fails on the tokens that say which contract is expected.
fn assertion(at: &LitStr, expected: [u8; 32], source: &TokenStream) -> TokenStream {
    let bytes = Literal::byte_string(&expected).to_token_stream();
    quote_spanned! {place(at)=>
        const _: () = __identity::assert_contract_id(
            &__ASTER_CONTRACT,
            __ASTER_ROOTS,
            __ASTER_CONTRACT_ID.as_bytes(),
            #bytes,
            __identity::Expectation::#source,
            __DRIFT,
        );
    }
}
