//! A service: a trait, from which `#[service]` makes the client.

use aster::contract::{Contract, FieldType, Method, Requirement};
use aster::{Pattern, Scope};

use super::super::Language;
use super::super::model::{Module, Service};
use super::super::prose::{header, method_doc};
use super::super::text::{Escapes, Source, line, lines, quoted};
use super::{comment, documentation, rules};

/// The text of a service's file.
pub(super) fn file(service: &Service<'_>, module: &Module<'_>) -> String {
    let contract = service.contract;
    let mut out = Source::new("    ");
    for line in header(Language::Rust, &[contract]) {
        comment(&mut out, "//!", &line);
    }
    out.line("");
    let (with, without): (Vec<_>, Vec<_>) =
        service.methods().partition(|(_, method)| messages(method).is_some());
    for (_, method) in &without {
        comment(
            &mut out,
            "//",
            &format!("{} is left out: it does not take and give messages.", line(&method.name)),
        );
    }
    if with.is_empty() {
        out.line("// There is nothing to call.");
        return out.finish();
    }
    if module.file == "types" {
        out.line("use super::types;");
    } else {
        out.line(format!("use super::{} as types;", module.file));
    }
    out.line("");
    documentation(&mut out, &lines(&contract.doc));
    attribute(contract, without.is_empty(), &mut out);
    out.line(format!("pub trait {} {{", service.name));
    out.indented(|out| {
        for (i, (name, method)) in with.into_iter().enumerate() {
            if i > 0 {
                out.line("");
            }
            write_method(contract, method, name, module, out);
        }
    });
    out.line("}");
    out.finish()
}

/// The messages of a method, if it has such.
fn messages(method: &Method) -> Option<(&str, &str)> {
    match (&method.request, &method.response) {
        (FieldType::Message(request), FieldType::Message(response)) => Some((request, response)),
        _ => None,
    }
}

fn attribute(contract: &Contract, complete: bool, out: &mut Source) {
    out.line("#[aster::service(");
    out.indented(|out| {
        out.line(format!("name = {},", quoted(&contract.service, Escapes::Braces)));
        out.line(format!("version = {},", contract.version));
        if contract.scope == Scope::Session {
            out.line("scope = \"session\",");
        }
        if contract.modes != ["xlang"] {
            let modes: Vec<_> =
                rules::modes(&contract.modes).map(|mode| format!("\"{mode}\"")).collect();
            out.line(format!("serialization = [{}],", modes.join(", ")));
        }
        if let Some(requires) = &contract.requires {
            out.line(format!("requires = {},", requirement(requires)));
        }
        if complete && contract.verify().is_ok() {
            out.line(format!("contract_id = \"{}\",", contract.id));
        }
    });
    out.line(")]");
}

fn requirement(requirement: &Requirement) -> String {
    let list = |roles: &[String]| {
        let roles: Vec<_> = roles.iter().map(|role| quoted(role, Escapes::Braces)).collect();
        roles.join(", ")
    };
    match requirement {
        Requirement::Admitted => "admitted".to_owned(),
        Requirement::Role(role) => quoted(role, Escapes::Braces),
        Requirement::AnyOf(roles) => format!("any_of({})", list(roles)),
        Requirement::AllOf(roles) => format!("all_of({})", list(roles)),
    }
}

fn write_method(
    contract: &Contract,
    method: &Method,
    name: &str,
    module: &Module<'_>,
    out: &mut Source,
) {
    let Some((request, response)) = messages(method) else { return };
    let (request, response) = (module.name_of(request), module.name_of(response));
    documentation(out, &method_doc(contract, method));
    let (attribute, streams_in, streams_out) = match method.pattern {
        Pattern::Unary => ("rpc", false, false),
        Pattern::ServerStream => ("server_stream", false, true),
        Pattern::ClientStream => ("client_stream", true, false),
        Pattern::Bidi => ("bidi_stream", true, true),
    };
    let mut options = Vec::new();
    if name != method.name {
        options.push(format!("name = {}", quoted(&method.name, Escapes::Braces)));
    }
    if let Some(seconds) = method.timeout {
        options.push(format!("timeout = {seconds:?}"));
    }
    if method.idempotent {
        options.push("idempotent".to_owned());
    }
    if let Some(requires) = &method.requires {
        options.push(format!("requires = {}", requirement(requires)));
    }
    if options.is_empty() {
        out.line(format!("#[{attribute}]"));
    } else {
        out.line(format!("#[{attribute}({})]", options.join(", ")));
    }
    let argument = if streams_in {
        format!("requests: aster::Streaming<types::{request}>")
    } else {
        format!("request: types::{request}")
    };
    let output = if streams_out {
        format!("impl futures::Stream<Item = Result<types::{response}, aster::Status>> + Send")
    } else {
        format!("types::{response}")
    };
    out.line(format!("async fn {name}("));
    out.indented(|out| {
        out.line("&self,");
        out.line(format!("{argument},"));
    });
    out.line(format!(") -> Result<{output}, aster::Status>;"));
}
