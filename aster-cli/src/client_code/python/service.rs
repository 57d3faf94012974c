//! A service: its description for the package, and a client with typed
//! methods.

use aster::contract::{Contract, FieldType, Method};
use aster::{Pattern, Scope};

use super::super::Language;
use super::super::model::{Module, Service};
use super::super::prose::{header, method_doc, requirement};
use super::super::text::{Escapes, Source, lines, quoted};
use super::types::scalar_type;
use super::{comments, docstring};

/// The text of a service's file.
pub(super) fn file(service: &Service<'_>, module: &Module<'_>) -> String {
    let contract = service.contract;
    let session = contract.scope == Scope::Session;
    let has = |pattern| contract.methods.iter().any(|method| method.pattern == pattern);
    let streams = has(Pattern::ClientStream)
        || if session { has(Pattern::Bidi) } else { has(Pattern::ServerStream) };
    let mut out = Source::new("    ");
    comments(&mut out, &header(Language::Python, &[contract]));
    out.line("");
    out.line("from __future__ import annotations");
    out.line("");
    if streams {
        out.line("from collections.abc import AsyncIterator");
    }
    out.line("from typing import Any, Optional");
    out.line("");
    out.line("from aster import AsterClient");
    out.line("from aster.rpc_types import SerializationMode");
    out.line("from aster.service import MethodInfo, ServiceInfo");
    out.line("");
    if module.file == "types" {
        out.line("from . import _client, types");
    } else {
        out.line("from . import _client");
        out.line(format!("from . import {} as types", module.file));
    }
    out.line("");
    description(service, module, &mut out);
    out.line("");
    out.line("");
    out.line(format!("class {}Client:", service.name));
    out.indented(|out| {
        docstring(out, &class_doc(service));
        out.line("");
        out.line(format!("CONTRACT_ID = \"{}\"", contract.id));
        out.line("");
        out.line("def __init__(self, stub: Any) -> None:");
        out.indented(|out| out.line("self._stub = stub"));
        connect(service, session, out);
        for (name, method) in service.methods() {
            out.line("");
            write_method(contract, method, name, module, session, out);
        }
    });
    out.finish()
}

fn class_doc(service: &Service<'_>) -> Vec<String> {
    let contract = service.contract;
    let mut doc = lines(&contract.doc);
    if doc.is_empty() {
        doc.push(format!("A client of {}.", super::super::text::line(&contract.service)));
    }
    doc.push(String::new());
    let what = if contract.scope == Scope::Session { "session" } else { "service" };
    doc.push(format!("{what} = await {}Client.connect(client)", service.name));
    if let Some(requires) = &contract.requires {
        doc.push(String::new());
        doc.push(requirement(requires));
    }
    if contract.scope == Scope::Shared && contract.version != 1 {
        doc.push(String::new());
        doc.push(
            "aster-rpc 0.1.2 asks for version 1 of every shared service, whatever its version:"
                .into(),
        );
        doc.push("servers that have several versions, or are strict, refuse these calls.".into());
    }
    doc
}

fn description(service: &Service<'_>, module: &Module<'_>, out: &mut Source) {
    let contract = service.contract;
    out.line("_SERVICE = ServiceInfo(");
    out.indented(|out| {
        out.line(format!("name={},", quoted(&contract.service, Escapes::Digits)));
        out.line(format!("version={},", contract.version));
        let scope = if contract.scope == Scope::Session { "session" } else { "shared" };
        out.line(format!("scoped=\"{scope}\","));
        let known = ["xlang", "native", "row", "json"];
        let modes = contract.modes.iter().filter(|mode| known.contains(&mode.as_str()));
        let modes: Vec<_> =
            modes.map(|mode| format!("SerializationMode.{}", mode.to_uppercase())).collect();
        out.line(format!("serialization_modes=[{}],", modes.join(", ")));
        out.line("methods={");
        out.indented(|out| {
            for (name, method) in service.methods() {
                out.line(format!("\"{name}\": MethodInfo("));
                out.indented(|out| {
                    out.line(format!("name={},", quoted(&method.name, Escapes::Digits)));
                    let pattern = match method.pattern {
                        Pattern::Unary => "unary",
                        Pattern::ServerStream => "server_stream",
                        Pattern::ClientStream => "client_stream",
                        Pattern::Bidi => "bidi_stream",
                    };
                    out.line(format!("pattern=\"{pattern}\","));
                    out.line(format!("request_type={},", class(&method.request, module)));
                    out.line(format!("response_type={},", class(&method.response, module)));
                    if let Some(seconds) = method.timeout {
                        out.line(format!("timeout={seconds:?},"));
                    }
                    if method.idempotent {
                        out.line("idempotent=True,");
                    }
                });
                out.line("),");
            }
        });
        out.line("},");
    });
    out.line(")");
}

/// The class of a request or response; the reference also takes and gives
/// plain values.
fn class(ty: &FieldType, module: &Module<'_>) -> String {
    match ty {
        FieldType::Message(tag) => format!("types.{}", module.name_of(tag)),
        FieldType::Scalar(scalar) if !scalar_type(*scalar).contains('.') => {
            scalar_type(*scalar).to_owned()
        }
        _ => "object".to_owned(),
    }
}

fn connect(service: &Service<'_>, session: bool, out: &mut Source) {
    out.line("");
    out.line("@classmethod");
    out.line("async def connect(");
    out.indented(|out| {
        out.line("cls,");
        out.line("client: AsterClient,");
        out.line("*,");
        out.line("interceptors: Optional[list[Any]] = None,");
        out.line("check_contract: bool = True,");
    });
    out.line(format!(") -> {}Client:", service.name));
    out.indented(|out| {
        let what = if session { "Opens a session" } else { "The service" };
        docstring(
            out,
            &[
                format!("{what} at the server that the client is connected to."),
                String::new(),
                "Raises ContractMismatch if the server's service is another one than this code's."
                    .into(),
            ],
        );
        out.line("stub = await _client.open_stub(");
        out.indented(|out| {
            out.line(
                "client, _SERVICE, types.TYPES, cls.CONTRACT_ID, interceptors, check_contract",
            );
        });
        out.line(")");
        out.line("return cls(stub)");
    });
    if session {
        out.line("");
        out.line("async def close(self) -> None:");
        out.indented(|out| {
            out.line("\"\"\"Ends the session.\"\"\"");
            out.line("await self._stub.close()");
        });
        out.line("");
        out.line("async def cancel(self) -> None:");
        out.indented(|out| {
            out.line("\"\"\"Ends the call that runs; the session goes on.\"\"\"");
            out.line("await self._stub.cancel()");
        });
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
    let streams_in = matches!(method.pattern, Pattern::ClientStream | Pattern::Bidi);
    let channel = method.pattern == Pattern::Bidi && !session;
    let is_async = session || matches!(method.pattern, Pattern::Unary | Pattern::ClientStream);
    // The sessions of the package take `timeout` and forget it; the server
    // still ends the call after the method's own.
    let timeout = !session;
    let begin = if is_async { "async def" } else { "def" };
    out.line(format!("{begin} {name}("));
    out.indented(|out| {
        out.line("self,");
        if streams_in && !channel {
            out.line(format!("requests: AsyncIterator[{request}],"));
        } else if !channel {
            out.line(format!("request: {request},"));
        }
        out.line("*,");
        out.line("metadata: Optional[dict[str, str]] = None,");
        if timeout {
            let default = method.timeout.map_or_else(|| "None".into(), |s| format!("{s:?}"));
            out.line(format!("timeout: Optional[float] = {default},"));
        }
    });
    let result = match method.pattern {
        Pattern::Unary | Pattern::ClientStream => response.clone(),
        Pattern::ServerStream | Pattern::Bidi if session => format!("list[{response}]"),
        Pattern::ServerStream => format!("AsyncIterator[{response}]"),
        Pattern::Bidi => format!("_client.Channel[{request}, {response}]"),
    };
    out.line(format!(") -> {result}:"));
    out.indented(|out| {
        let mut doc = method_doc(contract, method);
        if session && matches!(method.pattern, Pattern::ServerStream | Pattern::Bidi) {
            if !doc.is_empty() {
                doc.push(String::new());
            }
            doc.push("The sessions of aster-rpc 0.1.2 hand over all responses at the end.".into());
        }
        docstring(out, &doc);
        let first = match (channel, streams_in) {
            (true, _) => "",
            (false, true) => "requests, ",
            (false, false) => "request, ",
        };
        let last = if timeout { ", timeout=timeout" } else { "" };
        let call = format!("self._stub.{name}({first}metadata=metadata{last})");
        let line = match method.pattern {
            Pattern::Unary | Pattern::ClientStream => {
                format!("return _client.message(await {call}, {response})")
            }
            _ if session => format!("return await {call}"),
            Pattern::ServerStream => format!("return _client.messages({call}, {response})"),
            Pattern::Bidi => format!("return _client.Channel({call}, {response})"),
        };
        out.line(line);
    });
}
