//! What the user wrote, as data.

use proc_macro2::{Span, TokenStream};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Ident, Lit, LitStr, Meta, Type};

use crate::args::{ArgValue, Args};
use crate::errors::Errors;
use crate::naming::{Style, unraw};

/// A parsed wire type. Parts that were wrong are absent, and reported.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) tag: Option<LitStr>,
    pub(crate) doc: String,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    Struct(Vec<Field>),
    Enum(Vec<Variant>),
}

pub(crate) struct Field {
    /// The message that it is in.
    pub(crate) owner: Ident,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) name: WireName,
    pub(crate) doc: String,
    pub(crate) default: Option<FieldDefault>,
    pub(crate) any: bool,
    /// Whether the message inside is the one that the field is in, seen without
    /// knowing what other names mean.
    pub(crate) is_recursive: bool,
    /// Whether the field is marked as the one that closes a circle.
    pub(crate) back_edge: bool,
}

/// `default` and `default = expr`.
pub(crate) enum FieldDefault {
    Trait,
    Expr(Box<Expr>),
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) name: WireName,
    pub(crate) doc: String,
}

/// The name of a field or variant on the wire, and where it was written.
pub(crate) struct WireName {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Model {
    /// Reads the item and removes the `#[wire(...)]` attributes from it.
    pub(crate) fn parse(input: &mut DeriveInput, args: &mut Args, errors: &Errors) -> Self {
        let tag = args.leading.take();
        if tag.is_none() && errors.is_empty() {
            errors.span(
                Span::call_site(),
                format!(
                    "#[wire_type] needs the name by which peers know the type: \
                     #[wire_type(\"namespace/{}\")]",
                    unraw(&input.ident)
                ),
            );
        }
        let style = args.string("rename_all", errors).and_then(|text| {
            Style::parse(&text.value()).map_err(|message| errors.at(&text, message)).ok()
        });
        for attribute in wire_attributes(&mut input.attrs) {
            errors.at(
                &attribute,
                "options of the whole type go into #[wire_type(...)]; #[wire(...)] is for fields \
                 and variants",
            );
        }
        let doc = doc(&input.attrs);
        let body = match &mut input.data {
            Data::Struct(data) => {
                Body::Struct(fields(&input.ident, &mut data.fields, style, errors))
            }
            Data::Enum(data) => {
                if data.variants.is_empty() {
                    errors.at(&input.ident, "an enum without variants has no values to send");
                }
                Body::Enum(variants(&mut data.variants, style, errors))
            }
            Data::Union(data) => {
                errors
                    .at(data.union_token, "a union has no wire form; use a struct or a unit enum");
                for field in &mut data.fields.named {
                    wire_attributes(&mut field.attrs);
                }
                Body::Struct(Vec::new())
            }
        };
        Self { ident: input.ident.clone(), tag, doc, body }
    }
}

fn fields(owner: &Ident, fields: &mut Fields, style: Option<Style>, errors: &Errors) -> Vec<Field> {
    if let Fields::Unnamed(unnamed) = fields {
        errors.at(
            &*unnamed,
            "the fields of a wire type have names, which peers see: write `struct Name { field: \
             Type }`",
        );
        for field in &mut unnamed.unnamed {
            wire_attributes(&mut field.attrs);
        }
        return Vec::new();
    }
    let mut list = Vec::new();
    for field in fields.iter_mut() {
        let Some(ident) = field.ident.clone() else {
            continue;
        };
        reject_conditions(&field.attrs, errors);
        let allowed = ["rename", "default", "any", "back_edge"];
        let mut args = wire_args(&mut field.attrs, &allowed, errors);
        let name = wire_name(&ident, &mut args, style, errors);
        let default = args.take("default").and_then(|arg| match arg.value {
            ArgValue::Flag => Some(FieldDefault::Trait),
            ArgValue::Expr(expr) => Some(FieldDefault::Expr(expr)),
            ArgValue::List => {
                errors.at(&arg.name, "`default` is written alone or as `default = expression`");
                None
            }
        });
        let any = args.flag("any", errors).is_some();
        let back_edge = args.flag("back_edge", errors);
        if let Some(span) = back_edge.filter(|_| any) {
            errors.span(
                span,
                "`any` keeps the field's type out of the contract, so there is no circle to close; \
                 remove `back_edge`",
            );
        }
        let doc = doc(&field.attrs);
        // Generated code stands outside the struct.
        let mut ty = field.ty.clone();
        replace(&mut ty, "Self", owner);
        let is_recursive = replace(&mut ty.clone(), &owner.to_string(), owner);
        list.push(Field {
            owner: owner.clone(),
            ident,
            ty,
            name,
            doc,
            default,
            any,
            is_recursive,
            back_edge: back_edge.is_some(),
        });
    }
    list
}

fn variants(
    variants: &mut syn::punctuated::Punctuated<syn::Variant, syn::Token![,]>,
    style: Option<Style>,
    errors: &Errors,
) -> Vec<Variant> {
    let mut list = Vec::new();
    for (position, variant) in variants.iter_mut().enumerate() {
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(
                &variant.fields,
                "variants of a wire type carry no data; send a struct with one optional field \
                 per case instead",
            );
            for field in &mut variant.fields {
                wire_attributes(&mut field.attrs);
            }
        }
        if let Some((_, value)) = &variant.discriminant
            && !is_integer(value, position)
        {
            errors.at(
                value,
                format!(
                    "the wire value of a variant is its position, here {position}; remove the \
                     discriminant or move the variant"
                ),
            );
        }
        reject_conditions(&variant.attrs, errors);
        let mut args = wire_args(&mut variant.attrs, &["rename"], errors);
        let name = wire_name(&variant.ident, &mut args, style, errors);
        let doc = doc(&variant.attrs);
        list.push(Variant { ident: variant.ident.clone(), name, doc });
    }
    list
}

/// Puts `replacement` where `ty` has a type called `name`; says whether it has.
pub(super) fn replace(ty: &mut Type, name: &str, replacement: &Ident) -> bool {
    struct Replace<'a> {
        name: &'a str,
        replacement: &'a Ident,
        found: bool,
    }
    impl VisitMut for Replace<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::Path(path) = ty
                && path.qself.is_none()
                && let Some(ident) = path.path.get_ident()
                && ident == self.name
            {
                let mut replacement = self.replacement.clone();
                replacement.set_span(ident.span());
                *ty = syn::parse_quote!(#replacement);
                self.found = true;
                return;
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut visitor = Replace { name, replacement, found: false };
    visitor.visit_type_mut(ty);
    visitor.found
}

fn is_integer(expr: &Expr, value: usize) -> bool {
    let Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) = expr else {
        return false;
    };
    int.base10_parse::<usize>().is_ok_and(|int| int == value)
}

fn wire_name(ident: &Ident, args: &mut Args, style: Option<Style>, errors: &Errors) -> WireName {
    match args.string("rename", errors) {
        Some(text) => WireName { text: text.value(), span: text.span() },
        None => {
            let text = unraw(ident);
            let text = style.map_or_else(|| text.clone(), |style| style.apply(&text));
            WireName { text, span: ident.span() }
        }
    }
}

/// An attribute macro runs before conditions are evaluated, and peers would
/// disagree on the fields anyway.
fn reject_conditions(attributes: &[Attribute], errors: &Errors) {
    for attribute in attributes {
        if attribute.path().is_ident("cfg") {
            errors.at(
                attribute,
                "what a wire type holds cannot depend on the build: peers built otherwise would \
                 not understand it; declare two types",
            );
        }
    }
}

/// Takes the `#[wire(...)]` attributes out.
fn wire_attributes(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    let (wire, rest) =
        attributes.drain(..).partition(|attribute| attribute.path().is_ident("wire"));
    *attributes = rest;
    wire
}

/// The arguments of all `#[wire(...)]` attributes of one field or variant.
fn wire_args(attributes: &mut Vec<Attribute>, allowed: &[&str], errors: &Errors) -> Args {
    let mut tokens = TokenStream::new();
    for attribute in wire_attributes(attributes) {
        match attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                if !tokens.is_empty() {
                    tokens.extend(quote::quote!(,));
                }
                tokens.extend(list.tokens);
            }
            meta => {
                errors.at(&meta, format!("#[wire(...)] takes arguments: {}", allowed.join(", ")));
            }
        }
    }
    Args::parse("wire", allowed, false, tokens, errors)
}

/// The doc comment, one leading space of each line removed.
fn doc(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').map(str::to_owned).unwrap_or(line))
        .collect();
    lines.join("\n").trim().to_owned()
}
