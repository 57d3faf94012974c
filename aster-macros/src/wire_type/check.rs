//! The rules of wire types, one function each.

use syn::{DeriveInput, GenericArgument, GenericParam, LitStr, PathArguments, Type};

use super::model::{Body, Field, WireName};
use crate::errors::Errors;

/// The longest tag, in bytes.
const MAX_TAG: usize = 255;

/// A tag is the identity of one concrete type.
pub(crate) fn generics(input: &DeriveInput, errors: &Errors) {
    for parameter in &input.generics.params {
        match parameter {
            GenericParam::Lifetime(lifetime) => errors.at(
                lifetime,
                "a wire type owns its data, so it has no lifetimes: use String for &str, Vec or \
                 Bytes for slices",
            ),
            other => errors.at(
                other,
                "a wire type has no parameters: its tag names one list of fields; declare one \
                 type per case",
            ),
        }
    }
}

/// The tag is what both sides agree on, so it must be sendable and readable.
pub(crate) fn tag(tag: &LitStr, errors: &Errors) {
    let text = tag.value();
    if text.is_empty() {
        errors.at(tag, "the tag is empty; write \"namespace/Name\", as in \"mission/LogEntry\"");
    } else if text.len() > MAX_TAG {
        errors.at(
            tag,
            format!("the tag has {} bytes; {MAX_TAG} is the most peers accept", text.len()),
        );
    } else if text.chars().any(char::is_control) {
        errors.at(tag, "the tag holds a control character; use letters, digits, `.`, `_` and `/`");
    } else if !text.is_ascii() {
        errors.at(tag, "the tag holds a character outside ASCII, which Python peers cannot pack");
    } else if text.ends_with('/') {
        errors.at(tag, "the tag ends with `/`; the part after the last `/` is the type's name");
    } else if let Some(name) = text.strip_prefix('/')
        && !name.contains('/')
    {
        errors.at(tag, format!("the namespace before `/` is empty; write \"{name}\" for none"));
    }
}

/// Wire names are unique and need no escapes anywhere they appear.
pub(crate) fn names(body: &Body, errors: &Errors) {
    let (what, names): (_, Vec<(&WireName, &syn::Ident)>) = match body {
        Body::Struct(fields) => ("fields", fields.iter().map(|f| (&f.name, &f.ident)).collect()),
        Body::Enum(variants) => {
            ("variants", variants.iter().map(|v| (&v.name, &v.ident)).collect())
        }
    };
    for (i, (name, ident)) in names.iter().enumerate() {
        name_characters(name, errors);
        let earlier = names.iter().take(i).find(|(earlier, _)| earlier.text == name.text);
        if let Some((_, first)) = earlier {
            errors.span(
                name.span,
                format!(
                    "the {what} `{first}` and `{ident}` have the same wire name \"{}\"",
                    name.text
                ),
            );
        }
    }
}

fn name_characters(name: &WireName, errors: &Errors) {
    let report = |message: &str| errors.span(name.span, message);
    if name.text.is_empty() {
        report("a wire name cannot be empty");
    } else if name.text.len() > MAX_TAG {
        report("a wire name has at most 255 bytes");
    } else if name.text.chars().any(|c| c.is_control() || matches!(c, '"' | '\\' | ',' | ';')) {
        report(
            "a wire name cannot hold quotes, backslashes, commas, semicolons or control characters",
        );
    }
}

/// Mistakes in field types that can be seen without knowing the types.
pub(crate) fn fields(fields: &[Field], errors: &Errors) {
    for field in fields {
        nested_option(&field.ty, errors);
        reference(&field.ty, errors);
    }
}

fn nested_option(ty: &Type, errors: &Errors) {
    if argument_of(ty, "Option").is_some_and(|inner| argument_of(inner, "Option").is_some()) {
        errors.at(
            ty,
            "Option<Option<_>> has no wire form: there is one null; use one Option, or a bool \
             field beside it",
        );
    }
}

fn reference(ty: &Type, errors: &Errors) {
    if let Type::Reference(reference) = ty {
        errors.at(
            reference,
            "a wire type owns its data: use String for &str, Vec<T> or Bytes for slices",
        );
    }
}

/// The `T` of `name<T>`.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if segment.ident == name => Some(inner),
        _ => None,
    }
}
