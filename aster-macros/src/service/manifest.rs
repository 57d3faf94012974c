//! The contract id that a manifest states.

use std::fs;
use std::path::Path;

use serde_json::Value;
use syn::LitStr;

/// The environment variable with which a changed contract is accepted.
pub(super) const DRIFT_VARIABLE: &str = "ASTER_CONTRACT_DRIFT";

/// Largest manifest that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 16 * 1024 * 1024;

/// The id of a service in the manifest at `path`, and the manifest's full path.
/// None if the manifest has none and none is asked for.
///
/// # Errors
/// What is wrong with the file, on the token that names it.
pub(super) fn expected(
    path: &LitStr,
    service: &str,
    version: i32,
) -> syn::Result<Option<([u8; 32], String)>> {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let file = Path::new(&root).join(path.value());
    match read(&file, service, version) {
        Ok(id) => Ok(Some((id, file.to_string_lossy().into_owned()))),
        // It is about to be written, which takes a program that was built.
        Err(Problem::Absent(_)) if drift_is_allowed() => Ok(None),
        Err(Problem::Absent(what)) => Err(syn::Error::new_spanned(
            path,
            format!(
                "{what}; to write it: {DRIFT_VARIABLE}=allow cargo build && aster contract gen \
                 PROGRAM --out {}",
                path.value()
            ),
        )),
        Err(Problem::Broken(what)) => {
            Err(syn::Error::new_spanned(path, format!("this manifest cannot be read: {what}")))
        }
    }
}

fn drift_is_allowed() -> bool {
    std::env::var(DRIFT_VARIABLE).is_ok_and(|value| value == "allow")
}

/// Why a manifest has no id for a service.
#[derive(Debug, PartialEq)]
enum Problem {
    /// There is no such file, or no such service in it.
    Absent(String),
    /// It is no manifest.
    Broken(String),
}

fn read(file: &Path, service: &str, version: i32) -> Result<[u8; 32], Problem> {
    let broken = |error: std::io::Error| Problem::Broken(error.to_string());
    let size = match fs::metadata(file) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Problem::Absent(
                "there is no such file (the path is relative to Cargo.toml)".to_owned(),
            ));
        }
        Err(error) => return Err(broken(error)),
    };
    if size > MAX_MANIFEST_BYTES {
        return Err(Problem::Broken(format!(
            "it has {size} bytes and {MAX_MANIFEST_BYTES} is the most"
        )));
    }
    let text = fs::read(file).map_err(broken)?;
    find(&text, service, version)
}

/// The id in the entry of one service. Of several entries the last counts, as
/// for the reference (contract.md 5.4).
fn find(text: &[u8], service: &str, version: i32) -> Result<[u8; 32], Problem> {
    let broken = |what: &str| Problem::Broken(what.to_owned());
    let manifest: Value =
        serde_json::from_slice(text).map_err(|error| Problem::Broken(error.to_string()))?;
    let entries = match &manifest {
        Value::Array(entries) => entries.as_slice(),
        entry @ Value::Object(_) => std::slice::from_ref(entry),
        _ => return Err(broken("it is neither an object nor a list of objects")),
    };
    if !entries.iter().all(Value::is_object) {
        return Err(broken("it is a list of something else than objects"));
    }
    let is_entry = |entry: &&Value| {
        entry.get("service").and_then(Value::as_str) == Some(service)
            && entry.get("version").and_then(Value::as_i64) == Some(version.into())
    };
    let Some(entry) = entries.iter().rfind(is_entry) else {
        return Err(Problem::Absent(format!(
            "this manifest has no service \"{service}\" of version {version}"
        )));
    };
    let id = entry.get("contract_id").and_then(Value::as_str).and_then(id_bytes);
    id.ok_or_else(|| {
        Problem::Broken(format!(
            "the `contract_id` of service \"{service}\" is not 64 lowercase hex digits"
        ))
    })
}

/// The bytes of an id of 64 lowercase hex digits.
pub(super) fn id_bytes(text: &str) -> Option<[u8; 32]> {
    let digit = |c: &u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(service: &str, version: &str, id: &str) -> String {
        format!(r#"{{"service":"{service}","version":{version},"contract_id":"{id}","more":[]}}"#)
    }

    #[test]
    fn the_last_entry_of_the_service_and_version_counts() {
        let (a, b) = ("0a".repeat(32), "ff".repeat(32));
        let one = entry("S", "2", &a);
        assert_eq!(find(one.as_bytes(), "S", 2), Ok([0x0a; 32]));
        let many = format!(
            "[{},{},{},{}]",
            entry("T", "2", &a),
            entry("S", "2", &a),
            entry("S", "2", &b),
            entry("S", "3", &a)
        );
        assert_eq!(find(many.as_bytes(), "S", 2), Ok([0xff; 32]));
    }

    #[test]
    fn what_is_missing_is_not_what_is_broken() {
        let id = "0a".repeat(32);
        let absent = |text: &str| matches!(find(text.as_bytes(), "S", 1), Err(Problem::Absent(_)));
        assert!(absent("{}"));
        assert!(absent("[]"));
        assert!(absent(&entry("S", "2", &id)));
        assert!(absent(&entry("S", "\"1\"", &id)));
        let broken = |text: &str| matches!(find(text.as_bytes(), "S", 1), Err(Problem::Broken(_)));
        assert!(broken("{"));
        assert!(broken("1"));
        assert!(broken("[1]"));
        assert!(broken(&entry("S", "1", &id.to_uppercase())));
        assert!(broken(&entry("S", "1", "")));
        assert!(broken(r#"{"service":"S","version":1}"#));
    }

    #[test]
    fn an_id_has_64_lowercase_digits() {
        assert_eq!(id_bytes(&"1f".repeat(32)), Some([0x1f; 32]));
        assert_eq!(id_bytes(&"1F".repeat(32)), None);
        assert_eq!(id_bytes(&"1f".repeat(31)), None);
        assert_eq!(id_bytes(&"1f".repeat(33)), None);
        assert_eq!(id_bytes(&"1".repeat(63)), None);
        assert_eq!(id_bytes(""), None);
    }
}
