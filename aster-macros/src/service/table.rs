//! The methods, one by one: a descriptor and a handler for each.
//!
//! A method is an inherent `impl` of `__Method<N, __M>` whose bounds say that
//! its messages are messages. They hold by assumption in the `impl`, because
//! the parameter keeps the compiler from deciding them there, and they are
//! decided where the table is put together, with `()` for it. If they fail, the
//! constants of `__Fallback` are found instead, and the only error is the one
//! of [`descriptor::assertions`], on the guilty type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::descriptor;
use super::model::{Form, Method, Service};
use super::signature::{Argument, Handler};
use super::types::place;

/// The table's rows, and what stands in for rows with a mistake.
pub(super) fn expand(service: &Service) -> TokenStream {
    let rt = &service.runtime;
    let receiver = Receiver::of(service);
    let Receiver { ty, generics, .. } = &receiver;
    let rows = service
        .sound()
        .enumerate()
        .map(|(i, (method, handler))| row(service, &receiver, i, method, handler));
    let assertions = descriptor::assertions(service);
    quote! {
        struct __Method<const __N: ::core::primitive::usize, __M>(::core::marker::PhantomData<__M>);

        trait __Message<__M>: #rt::codec::WireType {}
        impl<__T: #rt::codec::WireType> __Message<()> for __T {}

        #[diagnostic::on_unimplemented(
            message = "`{Self}` does not turn into an Aster status",
            label = "the error of a handler must become a `Status`",
            note = "implement `From<{Self}>` for `aster::Status`, or return `aster::Status` itself"
        )]
        trait __IntoStatus {
            fn status(self) -> #rt::Status;
        }
        #[diagnostic::do_not_recommend]
        impl<__E: ::core::convert::Into<#rt::Status>> __IntoStatus for __E {
            fn status(self) -> #rt::Status {
                ::core::convert::Into::into(self)
            }
        }

        trait __Fallback {
            const DESCRIPTOR: #rt::MethodDescriptor = #rt::MethodDescriptor {
                name: "",
                pattern: #rt::Pattern::Unary,
                idempotent: false,
                timeout: ::core::option::Option::None,
                requires: ::core::option::Option::None,
                doc: "",
                request: || ::core::unreachable!(),
                response: || ::core::unreachable!(),
            };

            fn handler<'a, #generics>(
                _: &'a #ty,
                _: #rt::Call,
                _: #rt::Input,
                _: #rt::Responses<'a>,
            ) -> #rt::BoxFuture<'a, ::core::result::Result<(), #rt::Status>> {
                ::core::unreachable!()
            }
        }
        impl<const __N: ::core::primitive::usize, __M> __Fallback for __Method<__N, __M> {}

        #(#rows)*
        #assertions
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

fn row(
    service: &Service,
    receiver: &Receiver,
    index: usize,
    method: &Method,
    handler: &Handler,
) -> TokenStream {
    let rt = &service.runtime;
    let cfgs = &method.cfgs;
    let descriptor = descriptor::method(rt, method, handler);
    let body = body(receiver, method, handler);
    let Receiver { ty, generics, .. } = receiver;
    let (request, response) = (&handler.request, &handler.response);
    quote! {
        #(#cfgs)*
        impl<__M> __Method<#index, __M>
        where
            #request: __Message<__M>,
            #response: __Message<__M>,
        {
            const DESCRIPTOR: #rt::MethodDescriptor = #descriptor;

            fn handler<'a, #generics>(
                __service: &'a #ty,
                __call: #rt::Call,
                __input: #rt::Input,
                __responses: #rt::Responses<'a>,
            ) -> #rt::BoxFuture<'a, ::core::result::Result<(), #rt::Status>> {
                #body
            }
        }
    }
}

/// Decodes, calls and answers.
fn body(receiver: &Receiver, method: &Method, handler: &Handler) -> TokenStream {
    let (request_type, response_type) = (&handler.request, &handler.response);
    let request = if method.pattern.streams_requests() {
        quote!(__call.requests::<#request_type>(__input)?)
    } else {
        quote!(__call.request::<#request_type>(&__input)?)
    };
    let arguments = handler.arguments.iter().map(|argument| match argument {
        Argument::Context => quote!(__call.context()),
        Argument::Request => quote!(__request),
    });
    let (implementor, value, ident) = (&receiver.implementor, &receiver.value, &method.ident);
    let span = place(ident);
    let mut response = quote_spanned!(span=> #implementor::#ident(#value, #(#arguments),*));
    if handler.is_async {
        response = quote_spanned!(span=> #response.await);
    }
    if let Some(span) = handler.fallible {
        let status = quote_spanned!(span=> __IntoStatus::status(__error));
        response = quote! {
            match #response {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    return ::core::result::Result::Err(#status);
                }
            }
        };
    }
    let respond = if method.pattern.streams_responses() {
        quote_spanned! {handler.stream=>
            __responses.all::<#response_type, _, _>(__response).await
        }
    } else {
        quote!(__responses.one::<#response_type>(&__response))
    };
    // The place is that of the complaint about futures that are not `Send`.
    quote_spanned! {span=>
        ::std::boxed::Box::pin(async move {
            let __request = #request;
            let __response = #response;
            #respond
        })
    }
}
