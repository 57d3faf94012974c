//! The arguments of `#[service(...)]` and of the method attributes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit, LitStr, Type};

use super::manifest;
use super::model::{Pattern, Scope};
use super::requirement::Requirement;
use crate::args::Args;
use crate::errors::Errors;
use crate::naming::Style;

/// What the service attribute says.
pub(super) struct ServiceOptions {
    pub(super) name: Option<LitStr>,
    pub(super) version: i32,
    pub(super) scope: Scope,
    pub(super) rename_all: Option<Style>,
    pub(super) modes: Vec<Mode>,
    pub(super) requires: Option<Requirement>,
    pub(super) expected: Option<Expected>,
    pub(super) krate: Option<syn::Path>,
}

/// What a method attribute says.
pub(super) struct MethodOptions {
    pub(super) name: Option<LitStr>,
    pub(super) timeout_nanos: Option<u64>,
    pub(super) idempotent: bool,
    pub(super) requires: Option<Requirement>,
    pub(super) item: Option<Type>,
}

/// What says which contract is expected.
pub(super) enum Expected {
    /// `contract_id = "..."`, and the bytes of it.
    Id(LitStr, [u8; 32]),
    /// `manifest = "path"`.
    Manifest(LitStr),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Xlang,
    Json,
}

impl ServiceOptions {
    pub(super) fn parse(tokens: TokenStream, errors: &Errors) -> Self {
        let allowed = [
            "name",
            "version",
            "scope",
            "rename_all",
            "serialization",
            "requires",
            "contract_id",
            "manifest",
            "crate",
        ];
        let mut args = Args::parse("service", &allowed, false, tokens, errors);
        let name = args.string("name", errors);
        if let Some(name) = &name {
            check_name("service", name, errors);
        }
        let version = args.expr("version", errors).map_or(1, |expr| version(&expr, errors));
        let scope = args.string("scope", errors).map_or(Scope::Shared, |text| scope(&text, errors));
        let rename_all = args.string("rename_all", errors).and_then(|text| {
            Style::parse(&text.value()).map_err(|message| errors.at(&text, message)).ok()
        });
        let modes = args
            .expr("serialization", errors)
            .map_or_else(|| vec![Mode::Xlang], |expr| modes(&expr, errors));
        Self {
            name,
            version,
            scope,
            rename_all,
            modes,
            requires: Requirement::parse(&mut args, errors),
            expected: expected(&mut args, errors),
            krate: args.path("crate", errors),
        }
    }
}

impl MethodOptions {
    pub(super) fn parse(pattern: Pattern, tokens: TokenStream, errors: &Errors) -> Self {
        let allowed: &[&str] = if pattern.streams_responses() {
            &["name", "timeout", "idempotent", "requires", "item"]
        } else {
            &["name", "timeout", "idempotent", "requires"]
        };
        let mut args = Args::parse(pattern.attribute(), allowed, false, tokens, errors);
        let name = args.string("name", errors);
        if let Some(name) = &name {
            check_name("method", name, errors);
        }
        let timeout_nanos = args.expr("timeout", errors).and_then(|expr| timeout(&expr, errors));
        let idempotent = args.flag("idempotent", errors).is_some();
        let requires = Requirement::parse(&mut args, errors);
        let item = args
            .expr("item", errors)
            .and_then(|expr| syn::parse2(quote!(#expr)).map_err(|error| errors.push(error)).ok());
        Self { name, timeout_nanos, idempotent, requires, item }
    }
}

/// Longest name that peers accept, in bytes.
const MAX_NAME_BYTES: usize = 256;

fn check_name(what: &str, name: &LitStr, errors: &Errors) {
    let text = name.value();
    if text.is_empty() {
        errors.at(name, format!("the {what} name is empty; leave `name` out to use the Rust name"));
    } else if text.len() > MAX_NAME_BYTES {
        errors.at(name, format!("the {what} name is longer than {MAX_NAME_BYTES} bytes"));
    } else if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        errors.at(name, format!("the {what} name has white space or control characters"));
    }
}

fn version(expr: &Expr, errors: &Errors) -> i32 {
    if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = expr {
        match number.base10_parse::<i32>() {
            Ok(version) if version >= 1 => return version,
            _ => {}
        }
    }
    errors.at(expr, "`version` is a whole number from 1, as in `version = 2`");
    1
}

fn scope(text: &LitStr, errors: &Errors) -> Scope {
    match text.value().as_str() {
        "shared" => Scope::Shared,
        "session" => Scope::Session,
        other => {
            errors.at(
                text,
                format!(
                    "unknown scope \"{other}\": \"shared\" is one instance for all callers, \"session\" one for each session"
                ),
            );
            Scope::Shared
        }
    }
}

fn modes(expr: &Expr, errors: &Errors) -> Vec<Mode> {
    const ADVICE: &str =
        "`serialization` is a list of modes, as in `serialization = [\"xlang\", \"json\"]`";
    let Expr::Array(array) = expr else {
        errors.at(expr, ADVICE);
        return vec![Mode::Xlang];
    };
    let mut modes = Vec::new();
    for element in &array.elems {
        let mode = match element {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => match text.value().as_str() {
                "xlang" => Some(Mode::Xlang),
                "json" => Some(Mode::Json),
                _ => None,
            },
            _ => None,
        };
        match mode {
            Some(mode) if modes.contains(&mode) => errors.at(element, "this mode is listed twice"),
            Some(mode) => modes.push(mode),
            None => errors.at(element, "unknown mode; use \"xlang\" or \"json\""),
        }
    }
    if array.elems.is_empty() {
        errors.at(array, "the list of modes is empty; leave `serialization` out for XLANG");
    }
    if modes.is_empty() {
        modes.push(Mode::Xlang);
    }
    modes
}

fn expected(args: &mut Args, errors: &Errors) -> Option<Expected> {
    let id = args.string("contract_id", errors);
    let manifest = args.string("manifest", errors);
    match (id, manifest) {
        (Some(_), Some(manifest)) => {
            errors.at(
                manifest,
                "`contract_id` says already which contract is expected; remove one of the two",
            );
            None
        }
        (Some(id), None) => match manifest::id_bytes(&id.value()) {
            Some(bytes) => Some(Expected::Id(id, bytes)),
            None => {
                errors.at(id, "a contract id is 64 lowercase hex digits");
                None
            }
        },
        (None, manifest) => manifest.map(Expected::Manifest),
    }
}

/// Longest timeout accepted: a year.
const MAX_TIMEOUT_NANOS: f64 = 365.0 * 24.0 * 3600.0 * 1e9;

/// `30` or `0.5` are seconds; text has a unit: `"500ms"`, `"30s"`, `"5m"`,
/// `"1h"`.
fn timeout(expr: &Expr, errors: &Errors) -> Option<u64> {
    let nanos = match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(n), .. }) => {
            n.base10_parse::<f64>().ok().map(|n| n * 1e9)
        }
        Expr::Lit(ExprLit { lit: Lit::Float(n), .. }) => {
            n.base10_parse::<f64>().ok().map(|n| n * 1e9)
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => duration_text(&text.value()),
        Expr::Unary(negative) if matches!(negative.op, syn::UnOp::Neg(_)) => Some(0.0),
        _ => None,
    };
    match nanos {
        Some(nanos) if (1.0..=MAX_TIMEOUT_NANOS).contains(&nanos) => Some(nanos.round() as u64),
        Some(_) => {
            errors.at(expr, "`timeout` must be more than zero and at most a year");
            None
        }
        None => {
            errors.at(
                expr,
                "`timeout` is a number of seconds or a text with a unit, as in `timeout = 30` or `timeout = \"500ms\"`",
            );
            None
        }
    }
}

fn duration_text(text: &str) -> Option<f64> {
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_at);
    let scale = match unit {
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => return None,
    };
    Some(number.trim().parse::<f64>().ok()? * scale)
}
