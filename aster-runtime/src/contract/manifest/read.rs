//! A manifest's text as contracts.

use serde_json::Value;

use crate::service::{Pattern, Scope};

use super::super::limits::{MAX_METHODS, MAX_MODES, MAX_SERVICES, MAX_TIMEOUT_SECONDS, MAX_TYPES};
use super::super::{Contract, ContractId, FieldType, Method};
use super::extension::{self, requirement};
use super::fields::{Types, plain};
use super::json;
use super::node::{Fault, Node, Once, shortened};
use super::{CANONICAL_ENCODING, FIELD_VERSION, ManifestError, check_size};

const PATTERNS: [(&str, Pattern); 4] = [
    ("unary", Pattern::Unary),
    ("server_stream", Pattern::ServerStream),
    ("client_stream", Pattern::ClientStream),
    ("bidi_stream", Pattern::Bidi),
];

const SCOPES: [(&str, Scope); 2] = [("shared", Scope::Shared), ("session", Scope::Session)];

/// The modes in the order of their numbers: files of the reference's
/// `contract gen` hold the numbers (contract.md 11.8).
const MODES: [&str; 4] = ["xlang", "native", "row", "json"];

/// One service of a manifest.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) contract: Contract,
    /// The hashes of the types as stated, if they are.
    pub(super) type_hashes: Option<Vec<ContractId>>,
    /// Whether the methods are stated.
    pub(super) has_methods: bool,
    /// Whether the types are described as this program does, all of them.
    pub(super) complete: bool,
}

/// Reads the services of a manifest: one object, or an array of them. Objects
/// of this program, of the reference, and of the reference's older form
/// without `v` are understood; keys that have no meaning here are ignored.
///
/// A manifest of the reference describes less: its contracts have only the
/// direct request and response types, enums under the names of their Python
/// classes, and a value that nobody can tell the type of as a string. A field
/// that may be missing but whose default is not stated has the default `null`.
///
/// The ids are those in the text; whether they are the ids of the content is
/// another question.
///
/// ```
/// use aster_runtime::contract::manifest;
///
/// let error = manifest::read("{\n  \"version\": 1\n}").unwrap_err();
/// assert_eq!(error.to_string(), "line 1, column 1: the key `service` is missing");
/// ```
///
/// # Errors
/// [`ManifestError`] says what is wrong and where: text that is no JSON, a
/// key that is missing or of another type than expected, anything twice, a
/// name or list beyond its limit (the `MAX_` constants beside), a version of the
/// format that is not known here.
pub fn read(text: &str) -> Result<Vec<Contract>, ManifestError> {
    Ok(entries(text)?.into_iter().map(|entry| entry.contract).collect())
}

pub(super) fn entries(text: &str) -> Result<Vec<Entry>, ManifestError> {
    check_size(text.as_bytes())?;
    let tree = json::parse(text).map_err(ManifestError::json)?;
    services(&Node::root(&tree)).map_err(|fault| ManifestError::new(text, &fault))
}

fn services(root: &Node<'_, '_>) -> Result<Vec<Entry>, Fault> {
    match root.value() {
        Value::Object(_) => Ok(vec![service(root)?]),
        Value::Array(_) => {
            let mut once = Once::new();
            let services = root.items(MAX_SERVICES, "services")?;
            services
                .map(|node| {
                    let entry = service(&node)?;
                    let Contract { service, version, .. } = &entry.contract;
                    let name = (service.clone(), *version);
                    let noun = format!("version {version} of {}", shortened(service));
                    once.add(name, &node, &noun)?;
                    Ok(entry)
                })
                .collect()
        }
        _ => root.expected("an object or an array of objects"),
    }
}

fn service(node: &Node<'_, '_>) -> Result<Entry, Fault> {
    let service = node.need("service")?.name()?.to_owned();
    let version = node.need("version")?.i32()?;
    let id = id(&node.need("contract_id")?)?;
    if let Some(encoding) = node.get("canonical_encoding")?
        && encoding.string()? != CANONICAL_ENCODING
    {
        return encoding.expected(&format!("{CANONICAL_ENCODING:?}"));
    }
    let legacy = match node.get("v")? {
        None => true,
        Some(v) if v.i32()? == FIELD_VERSION => false,
        Some(v) => {
            return Err(v.fault(format!(
                "version {} of the manifest format; this program reads version {FIELD_VERSION}",
                v.value()
            )));
        }
    };
    let scope = match node.get("scoped")? {
        None => Scope::Shared,
        // The reference's older name for it (contract.md 3).
        Some(scope) if scope.value() == "stream" => Scope::Session,
        Some(scope) => scope.one_of(&SCOPES)?,
    };
    let mut contract = Contract {
        id,
        service,
        version,
        scope,
        modes: node.get("serialization_modes")?.map_or(Ok(Vec::new()), |node| modes(&node))?,
        doc: String::new(),
        requires: None,
        methods: Vec::new(),
        types: Vec::new(),
    };
    let listed = node.get("methods")?;
    let mut complete = false;
    if let Some(methods) = &listed {
        complete = methods_and_types(methods, legacy, &mut contract)?;
        counted(node, "method_count", contract.methods.len(), "methods")?;
    }
    let type_hashes = node.get("type_hashes")?.map(|hashes| type_hashes(&hashes)).transpose()?;
    if let Some(hashes) = &type_hashes {
        counted(node, "type_count", hashes.len(), "type_hashes")?;
    }
    Ok(Entry { contract, type_hashes, has_methods: listed.is_some(), complete })
}

fn id(node: &Node<'_, '_>) -> Result<ContractId, Fault> {
    node.string()?.parse().or_else(|_| node.expected("64 lowercase hex digits"))
}

/// A count that is stated beside what it counts.
fn counted(node: &Node<'_, '_>, key: &str, count: usize, of: &str) -> Result<(), Fault> {
    match node.get(key)? {
        Some(stated) if stated.count()? != count => {
            Err(stated.fault(format!("{} is stated, but `{of}` has {count}", stated.value())))
        }
        _ => Ok(()),
    }
}

fn modes(node: &Node<'_, '_>) -> Result<Vec<String>, Fault> {
    let mode = |node: Node<'_, '_>| match node.value() {
        Value::Number(number) => {
            let index = number.as_u64().and_then(|number| usize::try_from(number).ok());
            let mode = index.and_then(|index| MODES.get(index));
            mode.map_or_else(|| node.expected("a mode, 0 to 3"), |&mode| Ok(mode.to_owned()))
        }
        _ => node.name().map(str::to_owned),
    };
    node.items(MAX_MODES, "serialization modes")?.map(mode).collect()
}

fn type_hashes(node: &Node<'_, '_>) -> Result<Vec<ContractId>, Fault> {
    node.items(MAX_TYPES, "hashes")?.map(|hash| id(&hash)).collect()
}

/// Fills in the methods and types; tells whether the types are complete.
fn methods_and_types(
    node: &Node<'_, '_>,
    legacy: bool,
    contract: &mut Contract,
) -> Result<bool, Fault> {
    let nodes: Vec<_> = node.items(MAX_METHODS, "methods")?.collect();
    let mut types = Types::new(legacy);
    let mut described = None;
    for node in &nodes {
        if let Some(whole) = node.get(extension::KEY)? {
            if described.is_some() {
                return Err(whole.fault("the contract is described twice"));
            }
            contract.doc = whole.prose_at("description")?;
            contract.requires =
                whole.get("requires")?.map(|node| requirement(&node)).transpose()?;
            described = Some(extension::types(&whole)?);
        }
    }
    let mut once = Once::new();
    for node in &nodes {
        let name = node.need("name")?;
        once.add(name.name()?, &name, "the method")?;
        let roots = [
            ["request_type", "request_wire_tag", "fields"],
            ["response_type", "response_wire_tag", "response_fields"],
        ];
        let [request, response] = roots.map(|keys| match described {
            Some(_) => plain(node, keys),
            None => types.root(node, keys),
        });
        contract.methods.push(method(node, request?, response?)?);
    }
    contract.methods.sort_by(|a, b| a.name.cmp(&b.name));
    let complete = described.is_some();
    contract.types = described.unwrap_or_else(|| types.finish());
    Ok(complete)
}

fn method(node: &Node<'_, '_>, request: FieldType, response: FieldType) -> Result<Method, Fault> {
    Ok(Method {
        name: node.need("name")?.name()?.to_owned(),
        pattern: node.need("pattern")?.one_of(&PATTERNS)?,
        idempotent: node.flag_at("idempotent")?,
        timeout: node.get("timeout")?.map_or(Ok(None), |node| timeout(&node))?,
        requires: node.get("requires")?.map(|node| requirement(&node)).transpose()?,
        doc: node.prose_at("description")?,
        request,
        response,
    })
}

/// Seconds; zero is none, as in the id (contract.md 3).
fn timeout(node: &Node<'_, '_>) -> Result<Option<f64>, Fault> {
    let seconds =
        node.value().as_f64().filter(|seconds| (0.0..=MAX_TIMEOUT_SECONDS).contains(seconds));
    match seconds {
        Some(seconds) => Ok(Some(seconds).filter(|seconds| *seconds > 0.0)),
        None => node.expected(&format!("seconds from 0 to {MAX_TIMEOUT_SECONDS:e}, or null")),
    }
}
