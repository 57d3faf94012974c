//! The handlers, one for each method, and what their code stands on.
//!
//! A mistake in the types of a service gives one error, on the guilty token.
//! What generated code does with a message or with the service goes through the
//! functions of `__Of<T>`. They exist for messages and services; for every
//! other type the compiler finds those of `__OfOther`, which do nothing. So the
//! only complaint about a message is the assertion in [`super::descriptor`],
//! and the only one about a service that threads cannot share is that of its
//! `impl`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::descriptor;
use super::model::{Form, Method, Service};
use super::signature::{Argument, Handler};
use super::types::place;

/// The name of the handler at `index`.
pub(super) fn handler_name(index: usize) -> Ident {
    format_ident!("__handler{index}")
}

/// The handlers, and everything they need.
pub(super) fn expand(service: &Service) -> TokenStream {
    let support = support(service);
    let assertions = descriptor::assertions(service);
    let receiver = Receiver::of(service);
    let handlers = service.sound().enumerate().map(|(i, (method, handler))| {
        let name = handler_name(i);
        one(&service.runtime, &receiver, &name, method, handler)
    });
    quote! {
        #support
        #assertions
        #(#handlers)*
    }
}

fn support(service: &Service) -> TokenStream {
    let (rt, root) = (&service.runtime, &service.root);
    let result = quote!(::core::result::Result<(), #rt::Status>);
    quote! {
        struct __Of<__T>(::core::marker::PhantomData<__T>);

        impl<__T: #rt::codec::WireType> __Of<__T> {
            const DESCRIPTOR: fn() -> &'static #rt::codec::TypeDescriptor =
                <__T as #rt::codec::WireType>::descriptor;
            const NODE: &'static #rt::identity::Node = <__T as #rt::codec::WireType>::NODE;

            fn request(
                call: &#rt::Call,
                input: #rt::Input,
            ) -> ::core::result::Result<__T, #rt::Status> {
                call.request(&input)
            }

            fn requests(
                call: &#rt::Call,
                input: #rt::Input,
            ) -> ::core::result::Result<#root::Streaming<__T>, #rt::Status> {
                call.requests(input)
            }

            fn one(responses: #rt::Responses<'_>, response: &__T) -> #result {
                responses.one(response)
            }

            async fn all<__E: ::core::convert::Into<#rt::Status>>(
                responses: #rt::Responses<'_>,
                items: impl #rt::Stream<Item = ::core::result::Result<__T, __E>>,
            ) -> #result {
                responses.all(items).await
            }
        }

        impl<__T: ::core::marker::Send + ::core::marker::Sync> __Of<__T> {
            fn handler_must_be_send<'a>(
                future: impl ::core::future::Future<Output = #result> + ::core::marker::Send + 'a,
            ) -> #rt::BoxFuture<'a, #result> {
                ::std::boxed::Box::pin(future)
            }
        }

        trait __OfOther<__T> {
            const DESCRIPTOR: fn() -> &'static #rt::codec::TypeDescriptor =
                || ::core::unreachable!();
            const NODE: &'static #rt::identity::Node = &#rt::identity::Node::BROKEN;

            fn request(
                _: &#rt::Call,
                _: #rt::Input,
            ) -> ::core::result::Result<__T, #rt::Status> {
                ::core::unreachable!()
            }

            fn requests(
                _: &#rt::Call,
                _: #rt::Input,
            ) -> ::core::result::Result<#root::Streaming<__T>, #rt::Status> {
                ::core::unreachable!()
            }

            fn one(_: #rt::Responses<'_>, _: &__T) -> #result {
                ::core::unreachable!()
            }

            fn all<__S>(_: #rt::Responses<'_>, _: __S) -> ::core::future::Ready<#result> {
                ::core::unreachable!()
            }

            fn handler_must_be_send<'a>(
                _: impl ::core::future::Future<Output = #result> + 'a,
            ) -> #rt::BoxFuture<'a, #result> {
                ::core::unreachable!()
            }
        }
        impl<__T> __OfOther<__T> for __Of<__T> {}
    }
}

/// Whose methods the handlers call.
struct Receiver {
    /// The type that is registered.
    ty: TokenStream,
    /// The parameter of a handler, if the service is a trait.
    generics: TokenStream,
    /// What implements the methods.
    implementor: TokenStream,
    /// A reference to it.
    value: TokenStream,
}

impl Receiver {
    fn of(service: &Service) -> Self {
        match &service.form {
            Form::Impl(ty) => Self {
                ty: quote!(#ty),
                generics: TokenStream::new(),
                implementor: quote!(<#ty>),
                value: quote!(__service),
            },
            Form::Trait(ident) => {
                let server = service.derived("Server");
                Self {
                    ty: quote!(#server<__T>),
                    generics: quote! {
                        __T: #ident + ::core::marker::Send + ::core::marker::Sync + 'static
                    },
                    implementor: quote!(<__T as #ident>),
                    value: quote!(&__service.0),
                }
            }
        }
    }
}

fn one(
    rt: &TokenStream,
    receiver: &Receiver,
    name: &Ident,
    method: &Method,
    handler: &Handler,
) -> TokenStream {
    let cfgs = &method.cfgs;
    let Receiver { ty, generics, .. } = receiver;
    let body = body(receiver, method, handler);
    // The place is that of the complaint about futures that are not `Send`.
    let future = quote_spanned! {place(&method.ident)=>
        <__Of<#ty>>::handler_must_be_send(async move { #body })
    };
    quote! {
        #(#cfgs)*
        fn #name<'a, #generics>(
            __service: &'a #ty,
            __call: #rt::Call,
            __input: #rt::Input,
            __responses: #rt::Responses<'a>,
        ) -> #rt::BoxFuture<'a, ::core::result::Result<(), #rt::Status>> {
            #future
        }
    }
}

/// Decodes, calls and answers.
fn body(receiver: &Receiver, method: &Method, handler: &Handler) -> TokenStream {
    let (request, response) = (&handler.request, &handler.response);
    let decode = if method.pattern.streams_requests() {
        quote!(<__Of<#request>>::requests(&__call, __input)?)
    } else {
        quote!(<__Of<#request>>::request(&__call, __input)?)
    };
    let arguments = handler.arguments.iter().map(|argument| match argument {
        Argument::Context => quote!(__call.context()),
        Argument::Request => quote!(__request),
    });
    let (implementor, value, ident) = (&receiver.implementor, &receiver.value, &method.ident);
    let span = place(ident);
    let mut call = quote_spanned!(span=> #implementor::#ident(#value, #(#arguments),*));
    if handler.is_async {
        call = quote_spanned!(span=> #call.await);
    }
    if let Some(span) = handler.fallible {
        let status = quote_spanned!(span=> ::core::convert::Into::into(__error));
        call = quote! {
            match #call {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    return ::core::result::Result::Err(#status);
                }
            }
        };
    }
    let respond = if method.pattern.streams_responses() {
        quote_spanned!(handler.stream=> <__Of<#response>>::all(__responses, __response).await)
    } else {
        quote!(<__Of<#response>>::one(__responses, &__response))
    };
    quote! {
        let __request = #decode;
        let __response = #call;
        #respond
    }
}
