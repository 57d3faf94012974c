//! The attributes of a method: its pattern, its documentation, its conditions.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Expr, ExprLit, ImplItem, Lit, Meta, TraitItem};

use super::model::Pattern;
use crate::errors::Errors;

/// Takes the pattern attribute off a function. Two of them contradict each
/// other.
pub(super) fn take_pattern(
    attrs: &mut Vec<Attribute>,
    errors: &Errors,
) -> Option<(Pattern, Attribute)> {
    let mut found: Option<(Pattern, Attribute)> = None;
    attrs.retain(|attribute| {
        let Some(pattern) = Pattern::of(attribute) else {
            if let Some(pattern) = conditional_pattern(attribute) {
                errors.at(
                    attribute,
                    format!(
                        "#[{0}] cannot be conditional by itself; put #[cfg(...)] and #[{0}] on the method",
                        pattern.attribute()
                    ),
                );
                let name = quote::format_ident!("{}", pattern.attribute());
                found.get_or_insert_with(|| (pattern, syn::parse_quote!(#[#name])));
                return false;
            }
            return true;
        };
        match &found {
            None => found = Some((pattern, attribute.clone())),
            Some((first, _)) if *first == pattern => {
                errors.at(attribute, format!("#[{}] is there twice", first.attribute()));
            }
            Some((first, _)) => errors.at(
                attribute,
                format!(
                    "this method is #[{}] already; a method has one pattern, so remove one of the two",
                    first.attribute()
                ),
            ),
        }
        false
    });
    found
}

/// The pattern in `#[cfg_attr(condition, rpc)]`.
fn conditional_pattern(attribute: &Attribute) -> Option<Pattern> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let mut after_comma = false;
    list.tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Punct(punct) => {
            after_comma = punct.as_char() == ',';
            None
        }
        TokenTree::Ident(ident) if std::mem::take(&mut after_comma) => Pattern::named(&ident),
        _ => None,
    })
}

/// Takes the pattern attributes off an entry of a service that is none.
pub(super) fn strip_silently(attrs: &mut Vec<Attribute>) {
    strip(attrs, &Errors::default());
}

/// Takes the pattern attributes off an entry that is no function.
pub(super) fn strip(attrs: &mut Vec<Attribute>, errors: &Errors) {
    attrs.retain(|attribute| {
        let Some(pattern) = Pattern::of(attribute) else {
            return true;
        };
        errors.at(attribute, format!("#[{}] goes on a function", pattern.attribute()));
        false
    });
}

/// The attributes of an entry.
pub(super) fn of_impl_item(item: &mut ImplItem) -> Option<&mut Vec<Attribute>> {
    match item {
        ImplItem::Fn(item) => Some(&mut item.attrs),
        ImplItem::Const(item) => Some(&mut item.attrs),
        ImplItem::Type(item) => Some(&mut item.attrs),
        ImplItem::Macro(item) => Some(&mut item.attrs),
        _ => None,
    }
}

/// The attributes of an entry.
pub(super) fn of_trait_item(item: &mut TraitItem) -> Option<&mut Vec<Attribute>> {
    match item {
        TraitItem::Fn(item) => Some(&mut item.attrs),
        TraitItem::Const(item) => Some(&mut item.attrs),
        TraitItem::Type(item) => Some(&mut item.attrs),
        TraitItem::Macro(item) => Some(&mut item.attrs),
        _ => None,
    }
}

/// The conditions under which a method exists.
pub(super) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    named(attrs, &["cfg"])
}

/// The lints that are allowed.
pub(super) fn allows(attrs: &[Attribute]) -> Vec<Attribute> {
    named(attrs, &["allow"])
}

/// What the method of the client shows as well.
pub(super) fn shown(attrs: &[Attribute]) -> Vec<Attribute> {
    named(attrs, &["doc", "deprecated"])
}

fn named(attrs: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    let has_name = |attribute: &&Attribute| names.iter().any(|n| attribute.path().is_ident(n));
    attrs.iter().filter(has_name).cloned().collect()
}

/// The doc comment: its lines without the space that follows `///`.
pub(super) fn doc_text(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                    let line = text.value();
                    Some(line.strip_prefix(' ').unwrap_or(&line).to_owned())
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The inside of the parentheses of a pattern attribute.
pub(super) fn arguments(attribute: &Attribute, errors: &Errors) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            errors.at(pair, "write the arguments in parentheses, as in #[rpc(timeout = \"5s\")]");
            TokenStream::new()
        }
    }
}
