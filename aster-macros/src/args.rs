//! Attribute arguments: `name`, `name = value` and `name(...)`, each once,
//! from a fixed list of allowed names, with the original tokens kept for spans.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path, Token};

use crate::errors::Errors;
use crate::naming::nearest;

/// One argument as written.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    pub(crate) value: ArgValue,
}

/// What follows an argument's name.
pub(crate) enum ArgValue {
    /// `idempotent`
    Flag,
    /// `name = "x"`, `timeout = 5`, `crate = path`
    Expr(Box<Expr>),
    /// `name(...)`, which no attribute takes.
    List,
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            ArgValue::Expr(Box::new(parse_value(input)?))
        } else if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            content.parse::<TokenStream>()?;
            ArgValue::List
        } else {
            ArgValue::Flag
        };
        Ok(Self { name, value })
    }
}

/// `crate` is a keyword, so `crate = crate::x` parses as a path, not as an
/// expression in every position; everything else is an expression.
fn parse_value(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse()
}

/// The arguments of one attribute, after duplicates and unknown names were
/// reported. Take each by name; what is left untaken was allowed but unused.
pub(crate) struct Args {
    attribute: &'static str,
    list: Vec<Arg>,
    /// A leading string literal, as in `#[wire_type("ns/Name", ...)]`.
    pub(crate) leading: Option<LitStr>,
}

impl Args {
    /// Parses `tokens`, the inside of `#[attribute(...)]`.
    pub(crate) fn parse(
        attribute: &'static str,
        allowed: &[&str],
        leading_string: bool,
        tokens: TokenStream,
        errors: &Errors,
    ) -> Self {
        let mut args = Self { attribute, list: Vec::new(), leading: None };
        let parser = |input: ParseStream<'_>| -> syn::Result<(Option<LitStr>, Vec<Arg>)> {
            let leading = if leading_string && input.peek(LitStr) {
                let text: LitStr = input.parse()?;
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
                Some(text)
            } else {
                None
            };
            let list = Punctuated::<Arg, Token![,]>::parse_terminated(input)?;
            Ok((leading, list.into_iter().collect()))
        };
        let parsed = match syn::parse::Parser::parse2(parser, tokens) {
            Ok((leading, list)) => {
                args.leading = leading;
                list
            }
            Err(error) => {
                errors.push(error);
                return args;
            }
        };
        for arg in parsed {
            let name = arg.name.to_string();
            if !allowed.contains(&name.as_str()) {
                let hint = nearest(&name, allowed)
                    .map(|n| format!("; did you mean `{n}`?"))
                    .unwrap_or_default();
                errors.at(
                    &arg.name,
                    format!(
                        "unknown argument `{name}` of #[{attribute}]{hint} (allowed: {})",
                        allowed.join(", ")
                    ),
                );
            } else if args.list.iter().any(|known| known.name == arg.name) {
                errors.at(&arg.name, format!("`{name}` is given twice"));
            } else {
                args.list.push(arg);
            }
        }
        args
    }

    /// Takes an argument out by name.
    pub(crate) fn take(&mut self, name: &str) -> Option<Arg> {
        let position = self.list.iter().position(|arg| arg.name == name)?;
        Some(self.list.remove(position))
    }

    /// Takes `name = "text"`.
    pub(crate) fn string(&mut self, name: &str, errors: &Errors) -> Option<LitStr> {
        let arg = self.take(name)?;
        match &arg.value {
            ArgValue::Expr(expr) => {
                if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &**expr {
                    return Some(text.clone());
                }
                errors.at(expr, format!("`{name}` takes a string, as in `{name} = \"...\"`"));
            }
            _ => errors.at(&arg.name, format!("`{name}` takes a string, as in `{name} = \"...\"`")),
        }
        None
    }

    /// Takes a bare flag (or `flag = true` / `flag = false`).
    pub(crate) fn flag(&mut self, name: &str, errors: &Errors) -> Option<Span> {
        let arg = self.take(name)?;
        match &arg.value {
            ArgValue::Flag => Some(arg.name.span()),
            ArgValue::Expr(expr) => match &**expr {
                Expr::Lit(ExprLit { lit: Lit::Bool(on), .. }) => on.value.then(|| arg.name.span()),
                _ => {
                    errors.at(expr, format!("`{name}` is a flag: write `{name}` alone"));
                    None
                }
            },
            ArgValue::List => {
                errors.at(&arg.name, format!("`{name}` is a flag: write `{name}` alone"));
                None
            }
        }
    }

    /// Takes `name = <any expression>`.
    pub(crate) fn expr(&mut self, name: &str, errors: &Errors) -> Option<Expr> {
        let arg = self.take(name)?;
        match arg.value {
            ArgValue::Expr(expr) => Some(*expr),
            _ => {
                errors.at(&arg.name, format!("`{name}` takes a value, as in `{name} = ...`"));
                None
            }
        }
    }

    /// Takes `name = some::path` (the `crate` argument).
    pub(crate) fn path(&mut self, name: &str, errors: &Errors) -> Option<Path> {
        let expr = self.expr(name, errors)?;
        match expr {
            Expr::Path(path) => Some(path.path),
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => match text.parse() {
                Ok(path) => Some(path),
                Err(error) => {
                    errors.push(error);
                    None
                }
            },
            other => {
                errors.at(other, format!("`{name}` of #[{}] takes a path", self.attribute));
                None
            }
        }
    }
}
