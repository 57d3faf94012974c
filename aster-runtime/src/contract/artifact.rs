//! The entry of a registry that leads to a published contract (contract.md 6).

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::ContractId;

/// The longest entry that is read, in bytes.
pub const MAX_ARTIFACT_REF_BYTES: usize = 16 * 1024;

/// Where a contract is: the value at `contracts/<contract_id>`.
///
/// ```
/// use aster_runtime::contract::{ArtifactRef, ContractId};
///
/// let artifact = ArtifactRef {
///     contract_id: ContractId::from_bytes([1; 32]),
///     collection_hash: [2; 32],
///     ticket: None,
///     published_by: String::new(),
///     published_at_epoch_ms: 0,
/// };
/// assert_eq!(ArtifactRef::collection_hash(artifact.to_json().as_bytes())?, [2; 32]);
/// # Ok::<(), aster_runtime::contract::InvalidArtifactRef>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactRef {
    /// The id of the contract.
    pub contract_id: ContractId,
    /// The hash that the collection is fetched by.
    pub collection_hash: [u8; 32],
    /// A blob ticket of the collection.
    pub ticket: Option<String>,
    /// The author of the document, in hex.
    pub published_by: String,
    /// When, in milliseconds since 1970.
    pub published_at_epoch_ms: u64,
}

/// The keys in their order.
#[derive(Serialize)]
struct Written<'a> {
    contract_id: String,
    collection_hash: String,
    provider_endpoint_id: Option<&'a str>,
    relay_url: Option<&'a str>,
    ticket: Option<&'a str>,
    published_by: &'a str,
    published_at_epoch_ms: u64,
    collection_format: &'a str,
}

/// The only format whose collection has types and a manifest.
const FORMAT: &str = "index";

#[derive(Deserialize)]
struct Read {
    collection_hash: String,
    #[serde(default)]
    collection_format: Option<String>,
}

impl ArtifactRef {
    /// The entry as the reference writes it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            contract_id: self.contract_id.to_string(),
            collection_hash: HEXLOWER.encode(&self.collection_hash),
            provider_endpoint_id: None,
            relay_url: None,
            ticket: self.ticket.as_deref(),
            published_by: &self.published_by,
            published_at_epoch_ms: self.published_at_epoch_ms,
            collection_format: FORMAT,
        };
        // Texts and numbers always have a JSON form.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// The hash that the collection is fetched by. Nothing else of the entry is
    /// needed, so nothing else is believed.
    ///
    /// # Errors
    /// If the entry is no JSON object with such a hash, or is of another format
    /// than `index`: a `raw` one has no types.
    pub fn collection_hash(json: &[u8]) -> Result<[u8; 32], InvalidArtifactRef> {
        let invalid = |reason: String| Err(InvalidArtifactRef(reason));
        if json.len() > MAX_ARTIFACT_REF_BYTES {
            let len = json.len();
            return invalid(format!(
                "it has {len} bytes; at most {MAX_ARTIFACT_REF_BYTES} are read"
            ));
        }
        let read: Read = match serde_json::from_slice(json) {
            Ok(read) => read,
            Err(error) => return invalid(error.to_string()),
        };
        if let Some(format) = read.collection_format
            && format != FORMAT
        {
            let format: String = format.chars().take(32).collect();
            return invalid(format!("its format is {format:?}; only {FORMAT:?} is read"));
        }
        let hash = HEXLOWER.decode(read.collection_hash.as_bytes()).ok();
        match hash.and_then(|hash| hash.try_into().ok()) {
            Some(hash) => Ok(hash),
            None => invalid("its collection_hash is not 64 lowercase hex digits".to_owned()),
        }
    }
}

/// A value at `contracts/<contract_id>` that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the registry entry of the contract cannot be read: {0}")]
pub struct InvalidArtifactRef(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_in_the_order_of_the_reference() {
        let artifact = ArtifactRef {
            contract_id: ContractId::from_bytes([0xe5; 32]),
            collection_hash: [0x2e; 32],
            ticket: Some("blobabc".to_owned()),
            published_by: "aa".to_owned(),
            published_at_epoch_ms: 1_795_225_320_521,
        };
        let expected = format!(
            "{{\"contract_id\":\"{}\",\"collection_hash\":\"{}\",\"provider_endpoint_id\":null,\
             \"relay_url\":null,\"ticket\":\"blobabc\",\"published_by\":\"aa\",\
             \"published_at_epoch_ms\":1795225320521,\"collection_format\":\"index\"}}",
            "e5".repeat(32),
            "2e".repeat(32)
        );
        assert_eq!(artifact.to_json(), expected);
        assert_eq!(ArtifactRef::collection_hash(expected.as_bytes()).unwrap(), [0x2e; 32]);
    }

    #[test]
    fn only_the_hash_is_needed_and_nothing_else_is_taken_for_one() {
        let hash = "2e".repeat(32);
        let read = |json: &str| ArtifactRef::collection_hash(json.as_bytes());
        assert_eq!(read(&format!("{{\"collection_hash\":\"{hash}\"}}")).unwrap(), [0x2e; 32]);
        let refused = [
            ("{}", "collection_hash"),
            ("null", "null"),
            ("{\"collection_hash\":\"2E\"}", "64 lowercase hex"),
            ("{\"collection_hash\":7}", "a string"),
        ];
        for (json, reason) in refused {
            let error = read(json).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        let raw = format!("{{\"collection_hash\":\"{hash}\",\"collection_format\":\"raw\"}}");
        assert!(read(&raw).unwrap_err().to_string().contains("only \"index\""));
        let long =
            format!("{{\"collection_hash\":\"{hash}\"}}{}", " ".repeat(MAX_ARTIFACT_REF_BYTES));
        assert!(read(&long).unwrap_err().to_string().contains("at most 16384"));
    }
}
