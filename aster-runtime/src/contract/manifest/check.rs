//! Whether a program still is what its manifest says.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::service::ServiceDescriptor;

use super::super::{Change, Contract, ContractId, Difference, Field, Method, TypeBody};
use super::read::{Entry, entries, read};
use super::write::{type_hashes, write};
use super::{ManifestFileError, extension, file};

/// The most changes that a message lists.
const MAX_CHANGES: usize = 40;

/// A service that is not what a manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractMismatch {
    /// The service.
    pub service: String,
    /// Its version.
    pub version: i32,
    /// The id in the manifest.
    pub stated: ContractId,
    /// The id of the program's service.
    pub actual: ContractId,
    /// The manifest.
    pub path: PathBuf,
    /// What differs, in lines; empty if the manifest states only the id.
    pub difference: String,
}

/// Several lines: what differs, and what to do.
impl fmt::Display for ContractMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, version, stated, actual, path, difference } = self;
        let path = path.display();
        if stated == actual {
            writeln!(
                f,
                "{path} contradicts itself: what it says about {service} version {version}"
            )?;
            writeln!(f, "is not what its contract id stands for:")?;
            writeln!(f, "  contract id      {stated}")?;
        } else {
            writeln!(f, "the contract of {service} version {version} is not the one in {path}:")?;
            writeln!(f, "  in the manifest  {stated}")?;
            writeln!(f, "  in the program   {actual}")?;
        }
        for line in difference.lines() {
            writeln!(f, "  {line}")?;
        }
        let accept =
            if stated == actual { "Write it anew" } else { "If the change is meant, accept it" };
        write!(f, "{accept}: aster contract gen PROGRAM --out {path}")
    }
}

impl std::error::Error for ContractMismatch {}

/// Why a program does not start with a manifest.
#[derive(Debug)]
pub(crate) enum CheckError {
    File(ManifestFileError),
    Contract(Box<ContractMismatch>),
}

/// Compares services with the manifest at `path`.
pub(crate) fn check_file(
    path: &Path,
    services: &[&'static ServiceDescriptor],
) -> Result<(), CheckError> {
    let entries = file::text(path).and_then(|text| {
        entries(&text)
            .map_err(|source| ManifestFileError::Content { path: path.to_owned(), source })
    });
    check(&entries.map_err(CheckError::File)?, services, path).map_err(CheckError::Contract)
}

/// Compares services with the entries that have their name and version. Other
/// entries, and services without one, are ignored.
fn check(
    entries: &[Entry],
    services: &[&'static ServiceDescriptor],
    path: &Path,
) -> Result<(), Box<ContractMismatch>> {
    for service in services {
        let actual = Contract::of(service);
        let entry = entries.iter().find(|entry| {
            let stated = &entry.contract;
            (&stated.service, stated.version) == (&actual.service, actual.version)
        });
        let Some(entry) = entry else { continue };
        let stated = &entry.contract;
        let difference = if stated.id == actual.id {
            match contradiction(entry, &actual) {
                Some(contradiction) => contradiction,
                None => continue,
            }
        } else {
            difference(entry, &actual)
        };
        return Err(Box::new(ContractMismatch {
            service: actual.service,
            version: actual.version,
            stated: stated.id,
            actual: actual.id,
            path: path.to_owned(),
            difference,
        }));
    }
    Ok(())
}

/// What differs between contracts with different ids: a line for each change,
/// and whom it breaks.
fn difference(entry: &Entry, actual: &Contract) -> String {
    if !entry.has_methods {
        return String::new();
    }
    let difference = if entry.complete {
        Difference::between(&entry.contract, actual)
    } else {
        Difference::between(&entry.contract, &in_reference_terms(actual))
    };
    let changes = difference.changes();
    let mut lines: Vec<_> = changes.iter().take(MAX_CHANGES).map(Change::to_string).collect();
    if changes.len() > MAX_CHANGES {
        lines.push(format!("and {} more changes", changes.len() - MAX_CHANGES));
    }
    lines.push(difference.verdict().to_string());
    lines.join("\n")
}

/// What is left of a contract in a manifest of the reference: kinds of Python,
/// no nested types.
fn in_reference_terms(contract: &Contract) -> Contract {
    let text = write(std::slice::from_ref(contract));
    let mut manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let methods = manifest.get_mut("methods").and_then(Value::as_array_mut);
    for method in methods.into_iter().flatten().filter_map(Value::as_object_mut) {
        for key in ["description", "requires", extension::KEY] {
            method.remove(key);
        }
    }
    let read = read(&manifest.to_string()).ok().and_then(|mut contracts| contracts.pop());
    read.unwrap_or_else(|| contract.clone())
}

/// Something that an entry says about a service with the same id and that is
/// not so.
fn contradiction(entry: &Entry, actual: &Contract) -> Option<String> {
    if entry.has_methods {
        let said = facts(&entry.contract, entry);
        let so = facts(actual, entry);
        for (subject, fact) in &said {
            match so.get(subject) {
                Some(actual) if actual == fact => {}
                Some(actual) => return Some(format!("{subject}: {fact}\nbut it is: {actual}")),
                None => return Some(format!("{subject}: {fact}\nbut there is no such thing")),
            }
        }
        // The reference leaves out nested types.
        let more = so.iter().find(|(subject, _)| {
            !said.contains_key(*subject) && (entry.complete || subject.starts_with("method"))
        });
        if let Some((subject, fact)) = more {
            return Some(format!("{subject}, which is {fact}, is missing"));
        }
    }
    let mut hashes: Vec<_> = type_hashes(actual).into_values().collect();
    hashes.sort();
    let stated = entry.type_hashes.as_ref();
    (stated.is_some_and(|stated| *stated != hashes))
        .then(|| "type_hashes are not those of the types".to_owned())
}

/// What a contract says, by subject, as far as the entry can say it: a
/// manifest of the reference has Python's kinds for types, which leaves names.
fn facts(contract: &Contract, entry: &Entry) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    facts.insert("the scope".to_owned(), contract.scope.name().to_owned());
    if !entry.contract.modes.is_empty() {
        facts.insert("the serialization modes".to_owned(), contract.modes.join(", "));
    }
    for method in &contract.methods {
        let Method { name, pattern, request, response, .. } = method;
        let mut fact = format!("{pattern} {request} -> {response}");
        if method.idempotent {
            fact.push_str(", idempotent");
        }
        if let Some(seconds) = method.timeout {
            fact.push_str(&format!(", timeout {seconds} s"));
        }
        facts.insert(format!("method {name}"), fact);
    }
    for ty in &contract.types {
        let fact: Vec<_> = match &ty.body {
            TypeBody::Message(fields) if entry.complete => fields.iter().map(typed).collect(),
            TypeBody::Message(fields) => fields.iter().map(|field| field.name.clone()).collect(),
            TypeBody::Enum(variants) if entry.complete => {
                variants.iter().map(|variant| variant.name.clone()).collect()
            }
            // Known by its Python class only.
            TypeBody::Enum(_) => continue,
        };
        facts.insert(format!("type {}", ty.tag), format!("({})", fact.join(", ")));
    }
    facts
}

fn typed(field: &Field) -> String {
    let dynamic = if field.dynamic { " (dynamic)" } else { "" };
    format!("{}: {}{dynamic}", field.name, field.ty)
}
