//! `requires = ...`: who may call.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprLit, ExprPath, Ident, Lit, LitStr};

use super::types::place;
use crate::args::{ArgValue, Args};
use crate::capability::mistake;
use crate::errors::Errors;
use crate::naming::nearest;

/// The argument.
pub(super) enum Requirement {
    /// `admitted`
    Admitted,
    /// `"role"`, `Role::Admin`
    Role(Capability),
    /// `any_of(...)`
    AnyOf(Vec<Capability>),
    /// `all_of(...)`
    AllOf(Vec<Capability>),
}

/// One capability.
pub(super) enum Capability {
    /// Its name.
    Name(LitStr),
    /// A constant value that has one.
    Path(ExprPath),
}

const ADVICE: &str = "`requires` takes a capability (`requires = \"ops.logs\"`, `requires = Role::Logs`), several (`any_of(...)`, `all_of(...)`), or `admitted` for every admitted peer";

impl Requirement {
    /// Takes the argument out.
    pub(super) fn parse(args: &mut Args, errors: &Errors) -> Option<Self> {
        let arg = args.take("requires")?;
        let ArgValue::Expr(expr) = &arg.value else {
            errors.at(&arg.name, ADVICE);
            return None;
        };
        match peel(expr) {
            Expr::Path(path) if word(path).is_some_and(|word| word == "admitted") => {
                Some(Self::Admitted)
            }
            Expr::Call(call) => Self::list(call, errors),
            Expr::Array(list) => {
                errors.at(
                    list,
                    "a list does not say whether one or all are needed; write any_of(...) or all_of(...)",
                );
                None
            }
            other => Capability::parse(other, errors).map(Self::Role),
        }
    }

    /// `any_of(...)`, `all_of(...)`.
    fn list(call: &ExprCall, errors: &Errors) -> Option<Self> {
        let function = match peel(&call.func) {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        let name = function.map(Ident::to_string).unwrap_or_default();
        let kind = match name.as_str() {
            "any_of" => Self::AnyOf,
            "all_of" => Self::AllOf,
            "admitted" => {
                errors.at(call, "`admitted` stands alone: write `requires = admitted`");
                return None;
            }
            _ => {
                errors.at(&call.func, unknown(&name, &["any_of", "all_of"]));
                return None;
            }
        };
        if call.args.is_empty() {
            errors.at(call, "this requirement is empty: name at least one capability");
            return None;
        }
        let capabilities = call.args.iter().filter_map(|expr| match peel(expr) {
            Expr::Path(path) if word(path).is_some_and(|word| word == "admitted") => {
                errors.at(
                    path,
                    "`admitted` is no capability, every admitted peer meets it; write `requires = admitted` alone, or leave it out here",
                );
                None
            }
            Expr::Call(call) => {
                errors.at(call, "requirements do not nest: list the capabilities themselves");
                None
            }
            other => Capability::parse(other, errors),
        });
        Some(kind(capabilities.collect()))
    }

    /// The value for the descriptor.
    pub(super) fn expand(&self, rt: &TokenStream) -> TokenStream {
        let list = |capabilities: &[Capability]| {
            let names = capabilities.iter().map(|capability| capability.expand(rt));
            quote!(&[#(#names),*])
        };
        let requirement = match self {
            Self::Admitted => quote!(Admitted),
            Self::Role(capability) => {
                let name = capability.expand(rt);
                quote!(Role(#name))
            }
            Self::AnyOf(capabilities) => {
                let names = list(capabilities);
                quote!(AnyOf(#names))
            }
            Self::AllOf(capabilities) => {
                let names = list(capabilities);
                quote!(AllOf(#names))
            }
        };
        quote!(#rt::Requirement::#requirement)
    }
}

impl Capability {
    fn parse(expr: &Expr, errors: &Errors) -> Option<Self> {
        match peel(expr) {
            Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => {
                if let Some(mistake) = mistake(&name.value()) {
                    errors.at(name, mistake);
                }
                Some(Self::Name(name.clone()))
            }
            Expr::Path(path) => {
                if let Some(word) = word(path) {
                    errors.at(word, unknown(&word.to_string(), &["admitted", "any_of", "all_of"]));
                    return None;
                }
                if path.path.segments.first().is_some_and(|first| first.ident == "Self") {
                    errors.at(path, "`Self` is not known here; write the name of the type");
                    return None;
                }
                Some(Self::Path(path.clone()))
            }
            other => {
                errors.at(other, ADVICE);
                None
            }
        }
    }

    /// The name, as a constant expression.
    fn expand(&self, rt: &TokenStream) -> TokenStream {
        match self {
            Self::Name(name) => quote!(#name),
            Self::Path(path) => {
                // Complaints are about the path, from its first token on.
                let value = quote_spanned!(path.span()=> &#path);
                let name = quote_spanned! {place(path)=>
                    __name_in(__names_of(#value), #path as ::core::primitive::i128)
                };
                quote! {
                    {
                        const __NAME: &::core::primitive::str = {
                            use #rt::{name_in as __name_in, names_of as __names_of};
                            #name
                        };
                        __NAME
                    }
                }
            }
        }
    }
}

/// The expression without the invisible group around a fragment of
/// `macro_rules!`.
fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => peel(&group.expr),
        other => other,
    }
}

/// A name as keywords have it. Types, variants and constants begin with a
/// capital.
fn word(path: &ExprPath) -> Option<&Ident> {
    let ident = path.path.get_ident().filter(|_| path.qself.is_none())?;
    ident.to_string().starts_with(|c: char| !c.is_uppercase()).then_some(ident)
}

/// What is said about a name that means nothing here.
fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(known) if known == name => {
            format!("`{name}` takes the capabilities in parentheses, as in `{name}(\"a\", \"b\")`")
        }
        Some(known) => format!("unknown requirement `{name}`; did you mean `{known}`?"),
        None => ADVICE.to_owned(),
    }
}
