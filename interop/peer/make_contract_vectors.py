"""Writes the test data of contract ids from a collection of contracts.

    python3 interop/peer/make_contract_vectors.py CONTRACT_JSON

CONTRACT_JSON holds contracts as the Python peer (aster-rpc 0.1.2) computes
them: declarations, definitions, canonical bytes, hashes. Written are

    aster-runtime/vectors/contract_ids.json definitions and what they turn into
    aster-runtime/tests/contract/vectors.rs the same contracts, declared in Rust

for every contract that Rust can declare; for the others, contract_ids.json says
why not, and only their definitions are tested.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[2]
KEYS = {"String", "i64", "bool"}
ANY = "#[aster(any)]"


def leaf(kind, primitive, ref, name):
    """A leaf as one text."""
    return {
        "primitive": primitive,
        "ref": f"ref {ref}",
        "self_ref": f"self {name}",
        "any": "any",
    }[kind]


def field_def(field):
    """A field, or None if it has what services never have."""
    if field["ref_tracked"]:
        return None
    made = {
        "name": field["name"],
        "leaf": leaf(
            field["type_kind"], field["type_primitive"], field["type_ref"], field["self_ref_name"]
        ),
    }
    if field["container"] != "none":
        made["container"] = field["container"]
    if field["container"] == "map":
        made["key"] = leaf(
            field["container_key_kind"],
            field["container_key_primitive"],
            field["container_key_ref"],
            "",
        )
    if field["optional"]:
        made["optional"] = True
    return made


def type_def(definition):
    """A message, or None if it is something else or has other field ids."""
    fields = sorted(definition["fields"], key=lambda field: field["id"])
    made = [field_def(field) for field in fields]
    plain = definition["kind"] == "message" and None not in made
    extras = definition["enum_values"] or definition["union_variants"]
    if not plain or extras or [f["id"] for f in fields] != list(range(1, len(fields) + 1)):
        return None
    return {"package": definition["package"], "name": definition["name"], "fields": made}


def contract_def(contract):
    """A contract, or None if it has requirements, which services never have."""
    if contract["requires"] or any(m["requires"] for m in contract["methods"]):
        return None
    methods = [
        {
            "name": m["name"],
            "pattern": m["pattern"],
            "request": m["request_type"],
            "response": m["response_type"],
            "idempotent": m["idempotent"],
            "timeout": m["default_timeout"],
        }
        for m in contract["methods"]
    ]
    return {
        "name": contract["name"],
        "version": contract["version"],
        "methods": methods,
        "modes": contract["serialization_modes"],
        "scope": contract["scoped"],
    }


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
    services, declared = [], []
    for vector in source["service_vectors"]:
        if "error" in vector:
            continue
        expected = vector["expected"]
        why = undeclarable(vector)
        if why is None:
            declared.append(vector)
        services.append(
            {
                "id": vector["id"],
                "undeclarable": why,
                "types": [
                    {
                        "def": type_def(t["type_def"]),
                        "canonical": t["canonical_hex"],
                        "hash": t["type_hash"],
                    }
                    for t in expected["types"]
                ],
                "contract": contract_def(expected["contract"]),
                "canonical": expected["contract_canonical_hex"],
                "contract_id": expected["contract_id"],
            }
        )
    known = {service["id"] for service in services}
    groups = [[i for i in group if i in known] for group in source["equal_contract_ids"]]
    types = [
        {"id": t["id"], "def": type_def(t["type_def"]), "canonical": t["canonical_hex"],
         "hash": t["type_hash"]}
        for t in source["typedef_encoding_vectors"]
    ]
    contracts = [
        {"id": c["id"], "contract": contract_def(c["contract"]), "canonical": c["canonical_hex"],
         "contract_id": c["contract_id"]}
        for c in source["contract_encoding_vectors"]
    ]
    data = {
        "services": services,
        "types": [t for t in types if t["def"]],
        "contracts": [c for c in contracts if c["contract"]],
        "equal": [group for group in groups if len(group) > 1],
    }
    text = json.dumps(data, indent=1, ensure_ascii=True)
    (ROOT / "aster-runtime/vectors/contract_ids.json").write_text(text + "\n")

    lines = [
        "//! Contracts of the Python peer, declared in Rust. Written by",
        "//! `interop/peer/make_contract_vectors.py`.",
        "#![allow(dead_code, clippy::zero_sized_map_values)]",
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
    ]
    for vector in declared:
        lines += declaration(vector)
    (ROOT / "aster-runtime/tests/contract/vectors.rs").write_text("\n".join(lines))
    counts = len(services), len(declared), len(data["types"]), len(data["contracts"])
    print("services %d, of them declared %d; types %d; contracts %d" % counts, file=sys.stderr)


main()
