//! Reading types as they are written: the macro sees tokens, not meanings.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Ident, PathArguments, Type, TypeParamBound,
};

/// The place of user tokens, for errors, with the names of this macro: tokens
/// that came out of another macro would not see our local variables.
pub(super) fn place(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

/// The type without parentheses and without the invisible group around a `ty`
/// fragment of `macro_rules!`.
pub(super) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

/// The name at the end of a path.
pub(super) fn name_of(ty: &Type) -> Option<&Ident> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last().map(|s| &s.ident),
        _ => None,
    }
}

/// The `T` of `Name<T>`, for a `Name` that `accept` knows.
pub(super) fn argument_of(ty: &Type, accept: impl Fn(&str) -> bool) -> Option<&Type> {
    let Type::Path(path) = peel(ty) else {
        return None;
    };
    let segment = path.path.segments.last()?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) if accept(&segment.ident.to_string()) => {
            nth_type(arguments, 0)
        }
        _ => None,
    }
}

/// The two sides of a `Result`, as far as they can be seen: an alias shows the
/// first, or none.
pub(super) fn result(ty: &Type) -> Option<(&Type, Option<&Type>)> {
    let Type::Path(path) = peel(ty) else {
        return None;
    };
    let segment = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    if !segment.ident.to_string().ends_with("Result") {
        return None;
    }
    Some((nth_type(arguments, 0)?, nth_type(arguments, 1)))
}

fn nth_type(arguments: &AngleBracketedGenericArguments, n: usize) -> Option<&Type> {
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.into_iter().nth(n)
}

/// The items of a stream, as far as they can be seen: in an `Item = ...`
/// binding or as the argument of a well-known alias.
pub(super) enum StreamItem<'a> {
    /// `Result<T, E>`, whose `T` and, if it shows, `E` are these.
    Message(&'a Type, Option<&'a Type>),
    /// Something else.
    Other(&'a Type),
}

/// What the stream `ty` yields, if it shows.
pub(super) fn stream_item(ty: &Type) -> Option<StreamItem<'_>> {
    let item = match peel(ty) {
        Type::ImplTrait(opaque) => opaque.bounds.iter().find_map(bound_item)?,
        Type::TraitObject(object) => object.bounds.iter().find_map(bound_item)?,
        path @ Type::Path(_) => {
            if let Some(message) = argument_of(path, |name| name == "Streaming") {
                return Some(StreamItem::Message(message, None));
            }
            let boxed = argument_of(path, |name| matches!(name, "BoxStream" | "LocalBoxStream"));
            match boxed {
                Some(item) => item,
                None => {
                    let wrapped = argument_of(path, |name| matches!(name, "Pin" | "Box"))?;
                    return stream_item(wrapped);
                }
            }
        }
        _ => return None,
    };
    Some(match result(item) {
        Some((message, error)) => StreamItem::Message(message, error),
        None => StreamItem::Other(item),
    })
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

/// Puts `replacement` where `ty` says `Self`: generated code stands outside the
/// `impl`. Returns the place of the first `Self` that this cannot be done for.
pub(super) fn replace_self(ty: &mut Type, replacement: Option<&Type>) -> Option<Span> {
    struct Replace<'a> {
        replacement: Option<&'a Type>,
        left: Option<Span>,
    }
    impl VisitMut for Replace<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::Path(path) = ty
                && path.qself.is_none()
                && path.path.segments.first().is_some_and(|s| s.ident == "Self")
            {
                if let Some(replacement) = self.replacement
                    && path.path.get_ident().is_some()
                {
                    *ty = replacement.clone();
                    return;
                }
                self.left.get_or_insert_with(|| path.span());
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut visitor = Replace { replacement, left: None };
    visitor.visit_type_mut(ty);
    visitor.left
}
