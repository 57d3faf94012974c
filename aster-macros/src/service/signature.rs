//! What a handler's signature says: which argument is what, which messages go
//! each way.

use syn::spanned::Spanned;
use syn::{
    AngleBracketedGenericArguments, FnArg, GenericArgument, PathArguments, ReceiverKind,
    ReturnType, Signature, Type, TypeParamBound,
};

use super::model::{Pattern, is_receiver};
use crate::errors::Errors;

/// One argument after `&self`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    Context,
    Request,
}

/// A handler's signature, understood.
pub(super) struct Handler {
    pub(super) arguments: Vec<Argument>,
    /// The message type, without `Streaming<...>`.
    pub(super) request: Type,
    /// The message type, without `Result` and stream.
    pub(super) response: Type,
    /// Whether calling it gives a future.
    pub(super) is_async: bool,
    /// Whether what it gives is a `Result`.
    pub(super) fallible: bool,
}

impl Handler {
    pub(super) fn parse(
        pattern: Pattern,
        sig: &Signature,
        item: Option<&Type>,
        errors: &Errors,
    ) -> Option<Self> {
        check_shape(pattern, sig, errors);
        let (arguments, request) = arguments(pattern, sig, errors);
        let response = response(pattern, sig, item, errors);
        let (response, fallible) = response?;
        Some(Self {
            arguments,
            request: request?,
            response,
            is_async: sig.asyncness.is_some(),
            fallible,
        })
    }
}

fn check_shape(pattern: Pattern, sig: &Signature, errors: &Errors) {
    if sig.asyncness.is_none() && !pattern.streams_responses() {
        errors.at(
            sig.fn_token,
            format!("a #[{}] handler is an `async fn`", pattern.attribute()),
        );
    }
    if !sig.generics.params.is_empty() {
        errors.at(
            &sig.generics,
            "a handler has no generic parameters: its messages are part of the contract",
        );
    }
    match sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => {
            let by_reference = matches!(receiver.kind, ReceiverKind::Reference(_, _, None));
            if !by_reference {
                errors.at(
                    receiver,
                    "a handler takes `&self`: calls run at the same time; keep state that changes in a Mutex or an atomic",
                );
            }
        }
        _ => errors.at(&sig.ident, "a handler takes `&self` first"),
    }
}

fn arguments(pattern: Pattern, sig: &Signature, errors: &Errors) -> (Vec<Argument>, Option<Type>) {
    let mut order = Vec::new();
    let mut request = None;
    for argument in sig.inputs.iter().filter(|argument| !is_receiver(argument)) {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        if let Type::Reference(reference) = &*argument.ty
            && last_segment_is(&reference.elem, "CallContext")
        {
            if order.contains(&Argument::Context) {
                errors.at(argument, "the context is taken twice");
            } else if reference.mutability.is_some() {
                errors.at(argument, "the context is taken as `&CallContext`");
            }
            order.push(Argument::Context);
            continue;
        }
        if last_segment_is(&argument.ty, "CallContext") {
            errors.at(
                &argument.ty,
                "the context is taken by reference: `&CallContext`",
            );
            order.push(Argument::Context);
            continue;
        }
        if request.is_some() {
            errors.at(
                argument,
                "a handler takes one request; put several values into the fields of one #[wire_type] struct",
            );
            continue;
        }
        order.push(Argument::Request);
        request = message_of_request(pattern, &argument.ty, errors);
        if request.is_none() {
            return (order, None);
        }
    }
    if !order.contains(&Argument::Request) {
        errors.at(
            &sig.ident,
            if pattern.streams_requests() {
                "this handler takes no requests; add an argument of type `Streaming<Request>`"
            } else {
                "this handler takes no request; add an argument whose type is a #[wire_type] struct (it may have no fields)"
            },
        );
        return (order, None);
    }
    (order, request)
}

fn message_of_request(pattern: Pattern, ty: &Type, errors: &Errors) -> Option<Type> {
    let streaming = generic_arguments(ty, "Streaming");
    match (pattern.streams_requests(), streaming) {
        (true, Some(arguments)) => first_type(arguments).cloned().or_else(|| {
            errors.at(ty, "name the message type: `Streaming<Request>`");
            None
        }),
        (true, None) => {
            errors.at(
                ty,
                format!(
                    "a #[{}] handler takes its requests as `Streaming<Request>`",
                    pattern.attribute()
                ),
            );
            None
        }
        (false, Some(_)) => {
            errors.at(
                ty,
                format!(
                    "a #[{}] handler takes one request; for a stream of them use #[{}]",
                    pattern.attribute(),
                    if pattern == Pattern::Unary {
                        "client_stream"
                    } else {
                        "bidi_stream"
                    }
                ),
            );
            None
        }
        (false, None) => {
            if let Type::Reference(reference) = ty {
                errors.at(reference, "a request is taken by value");
                return None;
            }
            Some(ty.clone())
        }
    }
}

/// The response message, and whether the handler gives a `Result`.
fn response(
    pattern: Pattern,
    sig: &Signature,
    item: Option<&Type>,
    errors: &Errors,
) -> Option<(Type, bool)> {
    let ReturnType::Type(_, output) = &sig.output else {
        errors.at(
            &sig.ident,
            if pattern.streams_responses() {
                "this handler gives no responses; let it return `Result<impl Stream<Item = Result<Response, Status>> + Send, Status>`"
            } else {
                "this handler gives no response; let it return `Result<Response, Status>`"
            },
        );
        return None;
    };
    let inner = generic_arguments(output, "Result").and_then(first_type);
    if pattern.streams_responses() {
        let (stream, fallible) = inner.map_or((&**output, false), |inner| (inner, true));
        if let Some(item) = item {
            return Some((item.clone(), fallible));
        }
        let message = stream_item(stream);
        if message.is_none() {
            errors.span(
                stream.span(),
                "cannot see the message type of this stream: return `impl Stream<Item = Result<Response, Status>> + Send`, or name it with `item = Response`",
            );
        }
        return message.map(|message| (message, fallible));
    }
    match inner {
        Some(inner) => {
            if stream_item(inner).is_some() {
                errors.span(
                    inner.span(),
                    format!(
                        "a #[{}] handler gives one response; for a stream of them use #[{}]",
                        pattern.attribute(),
                        if pattern == Pattern::Unary {
                            "server_stream"
                        } else {
                            "bidi_stream"
                        }
                    ),
                );
                return None;
            }
            Some((inner.clone(), true))
        }
        None => {
            errors.span(
                output.span(),
                "a handler returns `Result<Response, E>`, where `E` turns into a Status",
            );
            None
        }
    }
}

/// The `T` of a stream of `Result<T, E>`, as far as it can be seen: in an
/// `Item = ...` binding or as the argument of a well-known alias.
fn stream_item(ty: &Type) -> Option<Type> {
    let item = match ty {
        Type::ImplTrait(opaque) => opaque.bounds.iter().find_map(bound_item),
        Type::TraitObject(object) => object.bounds.iter().find_map(bound_item),
        Type::Path(_) => {
            if let Some(arguments) = generic_arguments(ty, "Streaming") {
                return first_type(arguments).cloned();
            }
            let boxed = ["BoxStream", "LocalBoxStream"]
                .iter()
                .find_map(|name| generic_arguments(ty, name))
                .and_then(first_type);
            if boxed.is_some() {
                boxed
            } else {
                let wrapped = ["Pin", "Box"]
                    .iter()
                    .find_map(|name| generic_arguments(ty, name))
                    .and_then(first_type)?;
                return stream_item(wrapped);
            }
        }
        _ => None,
    }?;
    generic_arguments(item, "Result")
        .and_then(first_type)
        .cloned()
}

fn bound_item(bound: &TypeParamBound) -> Option<&Type> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(binding) if binding.ident == "Item" => Some(&binding.ty),
        _ => None,
    })
}

fn generic_arguments<'a>(ty: &'a Type, name: &str) -> Option<&'a AngleBracketedGenericArguments> {
    let Type::Path(path) = ty else { return None };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

fn first_type(arguments: &AngleBracketedGenericArguments) -> Option<&Type> {
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn last_segment_is(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == name),
        _ => false,
    }
}
