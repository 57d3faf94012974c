//! What a handler's signature says: which argument is what, which messages go
//! each way.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericParam, PatType, ReceiverKind, ReturnType, Safety, Signature, Type,
};

use super::model::Pattern;
use super::types::{
    StreamItem, argument_of, name_of, peel, place, replace_self, result, stream_item,
};
use crate::errors::Errors;

/// One argument after `&self`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    Context,
    Request,
}

/// A handler's signature, understood.
pub(super) struct Handler {
    /// The arguments in the order they were written.
    pub(super) arguments: Vec<Argument>,
    /// The message type, without `Streaming<...>`.
    pub(super) request: Type,
    /// The message type, without `Result` and stream.
    pub(super) response: Type,
    /// Whether calling it gives a future.
    pub(super) is_async: bool,
    /// Whether what it gives is a `Result`, and where to complain about its
    /// error type.
    pub(super) fallible: Option<Span>,
    /// Where to complain about a response that is no stream, or whose error
    /// type does not fit.
    pub(super) stream: Span,
}

/// What a handler gives.
struct Output {
    message: Type,
    fallible: Option<Span>,
    stream: Span,
}

impl Handler {
    /// Reads `sig`. In an `impl`, `self_type` is what `Self` means.
    pub(super) fn parse(
        pattern: Pattern,
        sig: &Signature,
        item: Option<&Type>,
        self_type: Option<&Type>,
        errors: &Errors,
    ) -> Option<Self> {
        check_shape(pattern, sig, errors);
        let (arguments, request) = arguments(pattern, sig, errors);
        let output = output(pattern, sig, item, errors);
        let (mut request, mut output) = (request?, output?);
        for message in [&mut request, &mut output.message] {
            if let Some(span) = replace_self(message, self_type) {
                errors.span(
                    span,
                    "a message is the same for every implementation: name its type instead of `Self`",
                );
            }
        }
        Some(Self {
            arguments,
            request,
            response: output.message,
            is_async: sig.asyncness.is_some(),
            fallible: output.fallible,
            stream: output.stream,
        })
    }
}

/// How many arguments the method of a client takes if it is to take what was
/// probably meant.
pub(super) fn parameters(sig: &Signature) -> usize {
    let counts = |argument: &PatType| match peel(&argument.ty) {
        Type::Reference(reference) => !is_context(&reference.elem),
        ty => !is_context(ty),
    };
    typed(sig).filter(|argument| counts(argument)).count().max(1)
}

fn typed(sig: &Signature) -> impl Iterator<Item = &PatType> {
    sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

fn is_context(ty: &Type) -> bool {
    name_of(ty).is_some_and(|name| name == "CallContext")
}

fn check_shape(pattern: Pattern, sig: &Signature, errors: &Errors) {
    if sig.asyncness.is_none() && !pattern.streams_responses() {
        errors.at(
            sig.fn_token,
            format!(
                "a #[{}] handler is an `async fn`; write `async fn {}`",
                pattern.attribute(),
                sig.ident
            ),
        );
    }
    if !matches!(sig.safety, Safety::Default) {
        errors.at(
            &sig.safety,
            "peers call a handler without promises, so it is not `unsafe`; check its request instead",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a handler is a Rust function; remove `extern`");
    }
    for parameter in &sig.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            errors.at(
                parameter,
                "a handler has no generic parameters: its messages are part of the contract; name the types",
            );
        }
    }
    match sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => {
            conditional(&receiver.attrs, errors);
            let by_reference = match &receiver.kind {
                ReceiverKind::Reference(_, _, mutable) => mutable.is_none(),
                ReceiverKind::Typed(_, ty) => matches!(
                    peel(ty),
                    Type::Reference(reference)
                        if reference.mutability.is_none()
                            && name_of(&reference.elem).is_some_and(|name| name == "Self")
                ),
                _ => false,
            };
            if !by_reference {
                errors.at(
                    receiver,
                    "a handler takes `&self`: calls run at the same time; keep state that changes in a Mutex or an atomic",
                );
            }
        }
        _ => errors.at(
            &sig.ident,
            format!("a handler takes `&self` first, as in `{}(&self, ...)`", sig.ident),
        ),
    }
}

/// Reports conditions on an argument, and says whether there are any.
fn conditional(attrs: &[Attribute], errors: &Errors) -> bool {
    let mut found = false;
    for attribute in attrs {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.at(
                attribute,
                "an argument of a handler cannot be conditional; put #[cfg(...)] on the method",
            );
            found = true;
        }
    }
    found
}

fn arguments(pattern: Pattern, sig: &Signature, errors: &Errors) -> (Vec<Argument>, Option<Type>) {
    let mut order = Vec::new();
    let mut request = None;
    let mut incomplete = false;
    for argument in typed(sig) {
        if conditional(&argument.attrs, errors) {
            incomplete = true;
            continue;
        }
        let ty = peel(&argument.ty);
        let context = match ty {
            Type::Reference(reference) if is_context(&reference.elem) => {
                reference.mutability.is_none()
            }
            _ if is_context(ty) => false,
            _ if order.contains(&Argument::Request) => {
                errors.at(
                    argument,
                    "a handler takes one request; put several values into the fields of one #[wire_type] struct",
                );
                continue;
            }
            _ => {
                order.push(Argument::Request);
                request = message_of_request(pattern, ty, errors);
                continue;
            }
        };
        if order.contains(&Argument::Context) {
            errors.at(argument, "the context is taken twice; remove one");
        } else if !context {
            errors.at(ty, "the context is taken by reference: `&CallContext`");
        }
        order.push(Argument::Context);
    }
    if !order.contains(&Argument::Request) && !incomplete {
        errors.at(
            &sig.ident,
            if pattern.streams_requests() {
                "this handler takes no requests; add an argument of type `Streaming<Request>`"
            } else {
                "this handler takes no request; add an argument whose type is a #[wire_type] struct (it may have no fields)"
            },
        );
    }
    (order, request)
}

fn message_of_request(pattern: Pattern, ty: &Type, errors: &Errors) -> Option<Type> {
    let is_streaming = name_of(ty).is_some_and(|name| name == "Streaming");
    match (pattern.streams_requests(), is_streaming) {
        (true, true) => {
            // The compiler asks for the message type if there is none.
            argument_of(ty, |name| name == "Streaming").cloned()
        }
        (true, false) => {
            errors.at(
                ty,
                format!(
                    "a #[{}] handler takes its requests as `Streaming<Request>`; for one request use #[{}]",
                    pattern.attribute(),
                    pattern.other_requests().attribute()
                ),
            );
            None
        }
        (false, true) => {
            errors.at(
                ty,
                format!(
                    "a #[{}] handler takes one request; for a stream of them use #[{}]",
                    pattern.attribute(),
                    pattern.other_requests().attribute()
                ),
            );
            None
        }
        (false, false) => match ty {
            Type::Reference(_) => {
                errors.at(
                    ty,
                    "a request is taken by value (and the context as `&CallContext`, under that name)",
                );
                None
            }
            Type::ImplTrait(_) => {
                errors.at(
                    ty,
                    "a request has one type, which is part of the contract; name a #[wire_type] struct",
                );
                None
            }
            _ => Some(ty.clone()),
        },
    }
}

/// What the handler gives: the response message, and how it comes.
fn output(
    pattern: Pattern,
    sig: &Signature,
    item: Option<&Type>,
    errors: &Errors,
) -> Option<Output> {
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
    let output = peel(output);
    let seen = result(output);
    let fallible = seen.map(|(_, error)| error.map_or_else(|| place(output), place));
    if pattern.streams_responses() {
        let stream = seen.map_or(output, |(stream, _)| stream);
        let mut complaints = place(stream);
        let message = match (item, stream_item(stream)) {
            (Some(item), _) => item,
            (None, Some(StreamItem::Message(message, error))) => {
                complaints = error.map_or(complaints, place);
                message
            }
            (None, Some(StreamItem::Other(item))) => {
                errors.at(
                    item,
                    "the items of a response stream are `Result<Response, Status>`, so that it can fail on the way",
                );
                return None;
            }
            (None, None) => {
                errors.at(
                    stream,
                    format!(
                        "a #[{}] handler returns a stream, as in `Result<impl Stream<Item = Result<Response, Status>> + Send, Status>`; if this type is one, name its message: #[{0}(item = Response)]",
                        pattern.attribute()
                    ),
                );
                return None;
            }
        };
        return Some(Output { message: message.clone(), fallible, stream: complaints });
    }
    let Some((message, _)) = seen else {
        errors.at(output, "a handler returns `Result<Response, E>`, where `E` turns into a Status");
        return None;
    };
    if stream_item(message).is_some() || name_of(message).is_some_and(|name| name == "Streaming") {
        errors.at(
            message,
            format!(
                "a #[{}] handler gives one response; for a stream of them use #[{}]",
                pattern.attribute(),
                pattern.other_responses().attribute()
            ),
        );
        return None;
    }
    Some(Output { message: message.clone(), fallible, stream: output.span() })
}
