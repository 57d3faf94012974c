//! Contracts as a manifest's text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::super::{Contract, ContractId, Field, Method, Requirement, Type, TypeBody, Variant};
use super::objects::{FieldObject, Root};
use super::{CANONICAL_ENCODING, FIELD_VERSION};

/// The hashes of a contract's messages, by tag.
pub(super) type Hashes = BTreeMap<String, ContractId>;

/// Writes a manifest: one object for one service, an array for several, in the
/// form that [`read`](super::read) and the reference read.
///
/// The text ends without a line break; a file gets one.
///
/// ```
/// use aster_runtime::contract::manifest;
///
/// let text = r#"{"v": 1, "service": "Clock", "version": 1, "methods": [],
///     "contract_id": "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530"}"#;
/// let contracts = manifest::read(text)?;
/// assert_eq!(manifest::read(&manifest::write(&contracts))?, contracts);
/// # Ok::<(), manifest::ManifestError>(())
/// ```
#[must_use]
pub fn write(contracts: &[Contract]) -> String {
    write_with(contracts, &Release::default())
}

/// What a manifest says about its contracts that is not part of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// A version for people.
    pub semver: Option<String>,
}

/// Like [`write()`], with what is known about the release.
#[must_use]
pub fn write_with(contracts: &[Contract], release: &Release) -> String {
    write_hashed(contracts, release, type_hashes)
}

/// The hashes of all messages; none if some type is not described, because a
/// hash covers what is nested.
pub(super) fn type_hashes(contract: &Contract) -> Hashes {
    let types = contract.canonical().map(|canonical| canonical.types).unwrap_or_default();
    types.into_iter().map(|ty| (ty.tag, ContractId::from_bytes(ty.hash))).collect()
}

pub(super) fn write_hashed(
    contracts: &[Contract],
    release: &Release,
    hashes: impl Fn(&Contract) -> Hashes,
) -> String {
    let hashes: Vec<_> = contracts.iter().map(hashes).collect();
    let services: Vec<_> = contracts
        .iter()
        .zip(&hashes)
        .map(|(contract, hashes)| Service::new(contract, release, hashes))
        .collect();
    let text = match services.as_slice() {
        [service] => serde_json::to_string_pretty(service),
        services => serde_json::to_string_pretty(services),
    };
    // Strings, numbers and lists always serialize.
    ascii(&text.unwrap_or_default())
}

/// The same JSON in ASCII. Other characters stand in strings only.
fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// A service, in the reference's order of keys (contract.md 5.1).
#[derive(Debug, Serialize)]
struct Service<'a> {
    v: i32,
    service: &'a str,
    version: i32,
    contract_id: String,
    canonical_encoding: &'static str,
    type_count: usize,
    type_hashes: Vec<String>,
    method_count: usize,
    methods: Vec<MethodObject<'a>>,
    serialization_modes: &'a [String],
    scoped: &'static str,
    deprecated: bool,
    semver: Option<&'a str>,
    vcs_revision: Option<&'static str>,
    vcs_tag: Option<&'static str>,
    vcs_url: Option<&'static str>,
    changelog: Option<&'static str>,
    published_by: &'static str,
    published_at_epoch_ms: u64,
}

impl<'a> Service<'a> {
    fn new(contract: &'a Contract, release: &'a Release, hashes: &Hashes) -> Self {
        let mut type_hashes: Vec<_> = hashes.values().map(ContractId::to_string).collect();
        type_hashes.sort();
        let mut methods: Vec<_> = contract.methods.iter().collect();
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        let mut whole = Some(Whole::new(contract, hashes));
        Self {
            v: FIELD_VERSION,
            service: &contract.service,
            version: contract.version,
            contract_id: contract.id.to_string(),
            canonical_encoding: CANONICAL_ENCODING,
            type_count: type_hashes.len(),
            type_hashes,
            method_count: methods.len(),
            methods: methods
                .into_iter()
                .map(|method| MethodObject::new(method, &contract.types, whole.take()))
                .collect(),
            serialization_modes: &contract.modes,
            scoped: contract.scope.name(),
            deprecated: false,
            semver: release.semver.as_deref(),
            vcs_revision: None,
            vcs_tag: None,
            vcs_url: None,
            changelog: None,
            published_by: "",
            published_at_epoch_ms: 0,
        }
    }
}

/// A method: the reference's keys, then ours.
#[derive(Debug, Serialize)]
struct MethodObject<'a> {
    name: &'a str,
    pattern: &'static str,
    request_type: &'a str,
    response_type: &'a str,
    request_wire_tag: &'a str,
    response_wire_tag: &'a str,
    timeout: Option<f64>,
    idempotent: bool,
    fields: Vec<FieldObject<'a>>,
    response_fields: Vec<FieldObject<'a>>,
    description: &'a str,
    requires: Option<RequirementObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<Whole<'a>>,
}

impl<'a> MethodObject<'a> {
    fn new(method: &'a Method, types: &'a [Type], contract: Option<Whole<'a>>) -> Self {
        let request = Root::new(&method.request, types);
        let response = Root::new(&method.response, types);
        Self {
            name: &method.name,
            pattern: method.pattern.name(),
            request_type: request.class,
            response_type: response.class,
            request_wire_tag: request.tag,
            response_wire_tag: response.tag,
            timeout: method.timeout,
            idempotent: method.idempotent,
            fields: request.fields,
            response_fields: response.fields,
            description: &method.doc,
            requires: method.requires.as_ref().map(RequirementObject::from),
            contract,
        }
    }
}

/// What the reference's manifests do not say about a service.
#[derive(Debug, Serialize)]
struct Whole<'a> {
    description: &'a str,
    requires: Option<RequirementObject<'a>>,
    types: Vec<TypeObject<'a>>,
}

impl<'a> Whole<'a> {
    fn new(contract: &'a Contract, hashes: &Hashes) -> Self {
        Self {
            description: &contract.doc,
            requires: contract.requires.as_ref().map(RequirementObject::from),
            types: contract.types.iter().map(|ty| TypeObject::new(ty, hashes)).collect(),
        }
    }
}

/// `"admitted"`, `{"role": "a"}`, `{"any_of": ["a"]}`, `{"all_of": ["a"]}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum RequirementObject<'a> {
    Admitted,
    Role(&'a str),
    AnyOf(&'a [String]),
    AllOf(&'a [String]),
}

impl<'a> From<&'a Requirement> for RequirementObject<'a> {
    fn from(requirement: &'a Requirement) -> Self {
        match requirement {
            Requirement::Admitted => Self::Admitted,
            Requirement::Role(role) => Self::Role(role),
            Requirement::AnyOf(roles) => Self::AnyOf(roles),
            Requirement::AllOf(roles) => Self::AllOf(roles),
        }
    }
}

#[derive(Debug, Serialize)]
struct TypeObject<'a> {
    tag: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(flatten)]
    body: BodyObject<'a>,
}

impl<'a> TypeObject<'a> {
    fn new(ty: &'a Type, hashes: &Hashes) -> Self {
        let body = match &ty.body {
            TypeBody::Message(fields) => {
                BodyObject::Fields(fields.iter().map(CompleteField::new).collect())
            }
            TypeBody::Enum(variants) => {
                BodyObject::Enum(variants.iter().map(VariantObject::new).collect())
            }
        };
        let hash = hashes.get(&ty.tag).map(ContractId::to_string);
        Self { tag: &ty.tag, description: &ty.doc, hash, body }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum BodyObject<'a> {
    Fields(Vec<CompleteField<'a>>),
    Enum(Vec<VariantObject<'a>>),
}

#[derive(Debug, Serialize)]
struct CompleteField<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    ty: String,
    description: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dynamic: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    back_edge: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
}

impl<'a> CompleteField<'a> {
    fn new(field: &'a Field) -> Self {
        Self {
            name: &field.name,
            ty: field.ty.to_string(),
            description: &field.doc,
            dynamic: field.dynamic,
            back_edge: field.back_edge,
            default: field.default.as_ref(),
        }
    }
}

#[derive(Debug, Serialize)]
struct VariantObject<'a> {
    name: &'a str,
    description: &'a str,
}

impl<'a> VariantObject<'a> {
    fn new(variant: &'a Variant) -> Self {
        Self { name: &variant.name, description: &variant.doc }
    }
}
