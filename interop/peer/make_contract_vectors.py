"""Writes aster-runtime/tests/contract/vectors.rs: contracts, declared in Rust.

    python3 interop/peer/make_contract_vectors.py CONTRACT_JSON

CONTRACT_JSON holds contracts as the Python peer (aster-rpc 0.1.2) declares and
computes them. What Rust cannot declare is listed with the reason. The bytes and
ids that are expected of all of them are in aster-runtime/vectors/contract.json.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[2]
KEYS = {"String", "i64", "bool"}
ANY = "#[aster(any)]"


def undeclarable(vector):
    """Why Rust cannot declare a contract; None if it can."""
    service, types = vector["service"], {t["name"]: t for t in vector["types"]}
    if any("self_ref" in json.dumps(t["type_def"]["fields"]) and f["type_kind"] == "self_ref"
           for t in vector["expected"]["types"] for f in t["type_def"]["fields"]):
        return "recursive types are hashed by tag, not by Python path"
    if not service["methods"]:
        return "a service has methods"
    if service["version"] < 1:
        return "versions start at 1"
    if set(service["serialization_modes"]) - {"xlang", "json"}:
        return "modes are xlang and json"
    if not service["serialization_modes"]:
        return "an empty list of modes is an error"
    for method in service["methods"]:
        if method["request"] not in types or method["response"] not in types:
            return "requests and responses are messages"
        if (method["timeout"] or 0) > 365 * 86400:
            return "a timeout is at most a year"
    zero = "0" * 64
    for method in vector["expected"]["contract"]["methods"]:
        if zero in (method["request_type"], method["response_type"]):
            return "a hash is never zero"
    for ty in vector["types"]:
        tag = ty["wire_tag"] or ""
        if "/" not in tag:
            return "without a namespace the Python module is hashed"
        if not tag.isascii():
            return "tags are ASCII"
        for field in ty["fields"]:
            key = re.search(r"HashMap<(\w+),", field["rust"])
            if key and key[1] not in KEYS:
                return "keys are scalars and enums"
    return None


def rust_type(field):
    """The Rust type of a field, its attribute, and the enum it names."""
    rust, python = field["rust"], field["python"]
    if rust == ANY:
        types = {"list": "Vec<Value>", "dict": "BTreeMap<String, Value>"}
        return types.get(python, "Value"), "#[wire(any)] ", None
    enum = None
    if re.search(r"\benum\b", rust):
        enum = re.findall(r"[A-Z]\w*", python)[-1]
        rust = re.sub(r"\benum\b", enum, rust)
    return rust.replace(",", ", "), "", enum


def requires(text):
    return f", requires = {text}".replace("'", '"') if text else ""


def declaration(vector):
    """A module with the types and the service."""
    service = vector["service"]
    lines = [f"pub mod {vector['id']} {{", "use super::*;", ""]
    enums = set()
    for ty in vector["types"]:
        lines += [f'#[wire_type("{ty["wire_tag"]}")]', f"pub struct {ty['name']} {{"]
        for field in ty["fields"]:
            rust, attribute, enum = rust_type(field)
            enums |= {enum} - {None}
            lines.append(f"{attribute}pub {field['name']}: {rust},")
        lines += ["}", ""]
    for enum in sorted(enums):
        lines += [f'#[wire_type("t/{enum}")]', "#[derive(PartialEq, Eq, Hash)]"]
        lines += [f"pub enum {enum} {{ One, Two }}", ""]
    options = [f'name = "{service["name"]}"', f"version = {service['version']}"]
    if service["scoped"] in ("session", "stream"):
        options.append('scope = "session"')
    if service["serialization_modes"] != ["xlang"]:
        options.append(f"serialization = {json.dumps(service['serialization_modes'])}")
    if service["requires"]:
        options.append(requires(service["requires"])[2:])
    lines += [f"#[service({', '.join(options)})]", "pub trait Declared {"]
    for method in service["methods"]:
        pattern = method["pattern"]
        attribute = {"unary": "rpc"}.get(pattern, pattern)
        arguments = f'name = "{method["name"]}"'
        if method["timeout"]:
            arguments += f", timeout = {method['timeout']}"
        if method["idempotent"]:
            arguments += ", idempotent"
        arguments += requires(method["requires"])
        request, response = method["request"], method["response"]
        if pattern in ("client_stream", "bidi_stream"):
            request = f"Streaming<{request}>"
        if pattern in ("server_stream", "bidi_stream"):
            response = f"Streaming<{response}>"
        name = re.sub(r"(?<=[a-z])[A-Z]", lambda m: "_" + m[0].lower(), method["name"])
        lines.append(f"#[{attribute}({arguments})]")
        lines.append(f"async fn {name}(&self, request: {request}) -> Result<{response}, Status>;")
    lines += ["}", "}", ""]
    return lines


def main():
    source = json.loads(pathlib.Path(sys.argv[1]).read_text())
    vectors = [v for v in source["service_vectors"] if "error" not in v]
    declared = [v for v in vectors if undeclarable(v) is None]
    names = {v["id"] for v in declared}
    groups = [[i for i in group if i in names] for group in source["equal_contract_ids"]]
    lines = [
        "//! Contracts of the Python peer, declared in Rust. Written by",
        "//! `interop/peer/make_contract_vectors.py`.",
        "#![allow(dead_code)]",
        "",
        "use std::collections::{BTreeMap, HashMap};",
        "",
        "use aster_macros::{service, wire_type};",
        "use aster_runtime::codec::Value;",
        "use aster_runtime::{ServiceDescriptor, Status, Streaming};",
        "",
        "/// Every contract, by the name of its vector.",
        "pub const DECLARED: &[(&str, &ServiceDescriptor)] = &[",
        *[f'("{v["id"]}", {v["id"]}::DeclaredClient::DESCRIPTOR),' for v in declared],
        "];",
        "",
        "/// The contracts that Rust cannot declare, and why.",
        "pub const UNDECLARABLE: &[(&str, &str)] = &[",
        *[f'("{v["id"]}", "{undeclarable(v)}"),' for v in vectors if undeclarable(v)],
        "];",
        "",
        "/// Contracts that differ in what makes no difference.",
        f"pub const EQUAL: &[&[&str]] = &{json.dumps([g for g in groups if len(g) > 1])};".replace(
            "[[", "[&["
        ).replace(", [", ", &["),
        "",
    ]
    for vector in declared:
        lines += declaration(vector)
    (ROOT / "aster-runtime/tests/contract/vectors.rs").write_text("\n".join(lines))
    print(f"{len(declared)} of {len(vectors)} contracts declared", file=sys.stderr)


main()
