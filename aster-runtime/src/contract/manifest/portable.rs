//! `SERVICE.aster.json`: one contract as a file that travels, in the form that
//! the reference exports (contract.md 5.3).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::Contract;
use super::{FIELD_VERSION, ManifestError};

/// The version of the form.
const FORM: &str = "1";

/// What is in front of the id.
const ID_PREFIX: &str = "blake3:";

/// The keys, in the order of the reference. Methods keep what a manifest says
/// of them, complete types included.
#[derive(Serialize, Deserialize)]
struct Portable {
    aster_contract: String,
    service: Value,
    version: Value,
    contract_id: String,
    canonical_encoding: Value,
    scoped: Value,
    serialization_modes: Value,
    methods: Value,
    type_hashes: Value,
    type_count: Value,
    method_count: Value,
    #[serde(default)]
    semver: Value,
    #[serde(default)]
    deprecated: bool,
}

/// Whether a text looks like this form rather than a manifest.
#[must_use]
pub fn is_portable(text: &str) -> bool {
    text.contains("\"aster_contract\"")
}

/// The text of the file, with the line break at its end.
///
/// ```
/// # use aster_runtime::contract::manifest::{self, portable};
/// # let text = r#"{"v":1,"service":"S","version":1,"methods":[],"scoped":"shared",
/// #   "contract_id":"c211545aa8d387d6aa8cf3cce21a6f4fca7ad89f6e8bf9f1a58a55a0e82b3c0c",
/// #   "serialization_modes":["xlang"]}"#;
/// let contract = manifest::read(text)?.remove(0);
/// let file = portable::write(&contract);
/// assert!(portable::is_portable(&file));
/// assert_eq!(portable::read(&file)?, contract);
/// # Ok::<(), manifest::ManifestError>(())
/// ```
#[must_use]
pub fn write(contract: &Contract) -> String {
    let text = super::write(std::slice::from_ref(contract));
    let mut keys: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    let mut take = |key: &str| keys.remove(key).unwrap_or_default();
    let portable = Portable {
        aster_contract: FORM.to_owned(),
        service: take("service"),
        version: take("version"),
        contract_id: format!("{ID_PREFIX}{}", contract.id),
        canonical_encoding: take("canonical_encoding"),
        scoped: take("scoped"),
        serialization_modes: take("serialization_modes"),
        methods: take("methods"),
        type_hashes: take("type_hashes"),
        type_count: take("type_count"),
        method_count: take("method_count"),
        semver: take("semver"),
        deprecated: false,
    };
    // Strings, numbers and lists of them always serialize.
    let mut text = serde_json::to_string_pretty(&portable).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads such a file. The id is what the file states:
/// [`Contract::verify`] tells whether it is true.
///
/// # Errors
/// Anything that is not such a file, with the place.
pub fn read(text: &str) -> Result<Contract, ManifestError> {
    super::check_size(text.as_bytes())?;
    let portable: Portable = serde_json::from_str(text).map_err(ManifestError::json)?;
    if portable.aster_contract != FORM {
        return Err(ManifestError::whole(format!(
            "the form {:?} is not known, only {FORM:?}",
            portable.aster_contract
        )));
    }
    let id = portable.contract_id.strip_prefix(ID_PREFIX).unwrap_or(&portable.contract_id);
    let mut keys = Map::new();
    // The reference leaves the version of the field schema out.
    if !is_legacy(&portable.methods) {
        keys.insert("v".to_owned(), FIELD_VERSION.into());
    }
    keys.insert("contract_id".to_owned(), id.into());
    for (key, value) in [
        ("service", portable.service),
        ("version", portable.version),
        ("canonical_encoding", portable.canonical_encoding),
        ("scoped", portable.scoped),
        ("serialization_modes", portable.serialization_modes),
        ("methods", portable.methods),
        ("type_hashes", portable.type_hashes),
        ("type_count", portable.type_count),
        ("method_count", portable.method_count),
    ] {
        keys.insert(key.to_owned(), value);
    }
    let mut contracts = super::read(&Value::Object(keys).to_string())?;
    contracts.pop().ok_or_else(|| ManifestError::whole("there is no contract in it".to_owned()))
}

/// Whether fields are described by the `type` of older manifests.
fn is_legacy(methods: &Value) -> bool {
    let fields = |method: &Value| method.get("fields").and_then(Value::as_array).cloned();
    let methods = methods.as_array().into_iter().flatten();
    methods.filter_map(fields).flatten().any(|field| field.get("kind").is_none())
}
