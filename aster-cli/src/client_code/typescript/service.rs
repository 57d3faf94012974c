//! A service: a client class with typed methods.

use aster::contract::{Contract, FieldType, Method};
use aster::{Pattern, Scope};

use super::super::Language;
use super::super::model::{Module, Service};
use super::super::prose::{header, method_doc, requirement};
use super::super::text::{Escapes, Source, line, lines, quoted};
use super::types::scalar_type;
use super::{comments, documentation};

/// The text of a service's file.
pub(super) fn file(service: &Service<'_>, module: &Module<'_>) -> String {
    let contract = service.contract;
    let session = contract.scope == Scope::Session;
    let can = |method: &Method| !session || method.pattern == Pattern::Unary;
    let (with, without): (Vec<_>, Vec<_>) = service.methods().partition(|(_, method)| can(method));
    let bidi = with.iter().any(|(_, method)| method.pattern == Pattern::Bidi);
    let mut out = Source::new("  ");
    comments(&mut out, &header(Language::Typescript, &[contract]));
    out.line("");
    out.line(if session {
        "import type { AsterClientWrapper } from \"@aster-rpc/aster\";"
    } else {
        "import type { AsterClientWrapper, AsterTransport } from \"@aster-rpc/aster\";"
    });
    out.line(match (session, bidi) {
        (true, _) => "import { type ConnectSettings, Session, find } from \"./client.js\";",
        (false, true) => {
            "import { type CallSettings, Channel, type ConnectSettings, find, options, transportOf } from \"./client.js\";"
        }
        (false, false) => {
            "import { type CallSettings, type ConnectSettings, find, options, transportOf } from \"./client.js\";"
        }
    });
    out.line(format!("import type * as types from \"./{}.js\";", module.file));
    out.line("");
    documentation(&mut out, &class_doc(service, &without));
    out.line(format!("export class {}Client {{", service.name));
    out.indented(|out| {
        constants(contract, out);
        constructor(service, session, out);
        for (name, method) in with {
            out.line("");
            write_method(contract, method, name, module, session, out);
        }
    });
    out.line("}");
    out.finish()
}

fn class_doc(service: &Service<'_>, without: &[(&str, &Method)]) -> Vec<String> {
    let contract = service.contract;
    let mut doc = lines(&contract.doc);
    if doc.is_empty() {
        doc.push(format!("A client of {}.", line(&contract.service)));
    }
    let mut note = |text: String| doc.extend([String::new(), text]);
    if let Some(requires) = &contract.requires {
        note(requirement(requires));
    }
    if !without.is_empty() {
        let names: Vec<_> = without.iter().map(|(_, method)| line(&method.name)).collect();
        note(format!(
            "Left out: {}. The sessions of @aster-rpc/aster 0.1.2 have no streams.",
            names.join(", ")
        ));
    }
    doc
}

fn constants(contract: &Contract, out: &mut Source) {
    out.line(format!(
        "static readonly serviceName = {};",
        quoted(&contract.service, Escapes::Braces)
    ));
    out.line(format!("static readonly serviceVersion = {};", contract.version));
    out.line(format!("static readonly contractId = \"{}\";", contract.id));
    out.line("");
}

fn constructor(service: &Service<'_>, session: bool, out: &mut Source) {
    let name = &service.name;
    let (field, class) =
        if session { ("session", "Session") } else { ("transport", "AsterTransport") };
    out.line(format!("readonly #{field}: {class};"));
    out.line("");
    out.line(format!("private constructor({field}: {class}) {{"));
    out.indented(|out| out.line(format!("this.#{field} = {field};")));
    out.line("}");
    out.line("");
    let what = if session { "A session of the service" } else { "The service" };
    let doc = format!("{what} at the server that the client is connected to.");
    documentation(out, &[doc]);
    out.line("static async connect(");
    out.indented(|out| {
        out.line("client: AsterClientWrapper,");
        out.line("settings: ConnectSettings = {},");
    });
    out.line(format!("): Promise<{name}Client> {{"));
    out.indented(|out| {
        out.line("const { serviceName, serviceVersion, contractId } = this;");
        out.line("find(client, serviceName, serviceVersion, contractId, settings);");
        out.line(if session {
            format!("return new {name}Client(new Session(client, serviceName));")
        } else {
            format!("return new {name}Client(transportOf(client));")
        });
    });
    out.line("}");
    if session {
        out.line("");
        documentation(out, &["Ends the session.".to_owned()]);
        out.line("async close(): Promise<void> {");
        out.indented(|out| out.line("await this.#session.close();"));
        out.line("}");
    }
}

fn class(ty: &FieldType, module: &Module<'_>) -> String {
    match ty {
        FieldType::Message(tag) => format!("types.{}", module.name_of(tag)),
        FieldType::Scalar(scalar) => scalar_type(*scalar).to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn write_method(
    contract: &Contract,
    method: &Method,
    name: &str,
    module: &Module<'_>,
    session: bool,
    out: &mut Source,
) {
    let (request, response) = (class(&method.request, module), class(&method.response, module));
    documentation(out, &method_doc(contract, method));
    let wire = quoted(&method.name, Escapes::Braces);
    if session {
        out.line(format!("async {name}(request: {request}): Promise<{response}> {{"));
        out.indented(|out| {
            out.line(format!("return (await this.#session.call({wire}, request)) as {response};"));
        });
        out.line("}");
        return;
    }
    let service = quoted(&contract.service, Escapes::Braces);
    let timeout = method.timeout.map(|seconds| format!(", {seconds:?}")).unwrap_or_default();
    let options = format!("options(settings{timeout})");
    let (begin, argument, result, body) = match method.pattern {
        Pattern::Unary => (
            "async ",
            format!("request: {request}"),
            format!("Promise<{response}>"),
            format!(
                "(await this.#transport.unary({service}, {wire}, request, {options})) as {response}"
            ),
        ),
        Pattern::ServerStream => (
            "",
            format!("request: {request}"),
            format!("AsyncIterable<{response}>"),
            format!(
                "this.#transport.serverStream({service}, {wire}, request, {options}) as AsyncIterable<{response}>"
            ),
        ),
        Pattern::ClientStream => (
            "async ",
            format!("requests: AsyncIterable<{request}>"),
            format!("Promise<{response}>"),
            format!(
                "(await this.#transport.clientStream({service}, {wire}, requests, {options})) as {response}"
            ),
        ),
        Pattern::Bidi => (
            "",
            String::new(),
            format!("Channel<{request}, {response}>"),
            format!("new Channel(this.#transport.bidiStream({service}, {wire}, {options}))"),
        ),
    };
    let arguments = if argument.is_empty() { String::new() } else { format!("{argument}, ") };
    out.line(format!("{begin}{name}({arguments}settings: CallSettings = {{}}): {result} {{"));
    out.indented(|out| out.line(format!("return {body};")));
    out.line("}");
}
