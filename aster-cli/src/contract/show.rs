//! `aster contract show`: methods and types for people.

use std::fmt::Write;
use std::process::ExitCode;

use aster::contract::{Contract, Field, Method, Type, TypeBody, manifest};
use clap::Args;

use super::source::{Source, select};
use crate::failure::{Failure, printable};
use crate::remote::Destination;

/// Print a contract.
#[derive(Args, Debug)]
pub(super) struct Show {
    /// A built program, a manifest, an exported contract, or an address.
    source: String,
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Print the manifest.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let contracts = Source::parse(&self.source)?.contracts(at).await?;
        let contracts = select(contracts, self.service.as_deref())?;
        if self.json {
            println!("{}", manifest::write(&contracts));
        } else {
            let texts: Vec<_> = contracts.iter().map(contract_text).collect();
            print!("{}", printable(&texts.join("\n")));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A contract for people. It is not yet fit for a terminal.
pub(crate) fn contract_text(contract: &Contract) -> String {
    let mut out = String::new();
    let Contract { service, version, scope, id, .. } = contract;
    let modes = contract.modes.join(", ");
    let _ = writeln!(out, "{service} v{version} ({}; {modes})", scope.name());
    let _ = writeln!(out, "  contract {id}");
    if let Some(requires) = &contract.requires {
        let _ = writeln!(out, "  requires {requires}");
    }
    paragraph(&mut out, "  ", &contract.doc);
    for method in &contract.methods {
        out.push('\n');
        show_method(&mut out, method);
    }
    for ty in &contract.types {
        out.push('\n');
        show_type(&mut out, ty);
    }
    out
}

/// Adds a method.
pub(crate) fn show_method(out: &mut String, method: &Method) {
    let (stream_in, stream_out) = (
        if method.pattern.single_request() { "" } else { "stream " },
        if method.pattern.single_response() { "" } else { "stream " },
    );
    let Method { name, request, response, .. } = method;
    let _ = writeln!(out, "  {name}({stream_in}{request}) -> {stream_out}{response}");
    let mut notes = vec![method.pattern.name().to_owned()];
    if method.idempotent {
        notes.push("idempotent".to_owned());
    }
    notes.extend(method.timeout.map(|seconds| format!("timeout {seconds} s")));
    notes.extend(method.requires.as_ref().map(|requires| format!("requires {requires}")));
    let _ = writeln!(out, "    {}", notes.join(", "));
    paragraph(out, "    ", &method.doc);
}

/// Adds a type.
pub(crate) fn show_type(out: &mut String, ty: &Type) {
    match &ty.body {
        TypeBody::Message(fields) => {
            let _ = writeln!(out, "  {}", ty.tag);
            paragraph(out, "    ", &ty.doc);
            for field in fields {
                show_field(out, field);
            }
        }
        TypeBody::Enum(variants) => {
            let _ = writeln!(out, "  enum {}", ty.tag);
            paragraph(out, "    ", &ty.doc);
            for variant in variants {
                let _ = writeln!(out, "    {}", variant.name);
                paragraph(out, "      ", &variant.doc);
            }
        }
    }
}

fn show_field(out: &mut String, field: &Field) {
    let _ = write!(out, "    {}: {}", field.name, field.ty);
    if field.dynamic {
        out.push_str(" (sent with its type)");
    }
    match &field.default {
        Some(value) if is_plain(value) => {}
        Some(value) => {
            let _ = write!(out, " = {value}");
        }
        None => out.push_str(" (required)"),
    }
    out.push('\n');
    paragraph(out, "      ", &field.doc);
}

/// Zero, empty or null: what every field without a default of its own has.
fn is_plain(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
    }
}

fn paragraph(out: &mut String, indent: &str, text: &str) {
    for line in text.lines() {
        let _ = writeln!(out, "{indent}{line}");
    }
}
