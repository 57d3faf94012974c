//! A published contract as iroh-blobs keeps it: named blobs, a blob with their
//! names, and a sequence of their hashes (contract.md 6).

use bytes::Bytes;

use super::Canonical;
use super::error::{ContractError, MalformedDefinition};
use super::limits::{
    MAX_CONTRACT_BYTES, MAX_ENTRIES, MAX_MANIFEST_BYTES, MAX_NAME_BYTES, MAX_TYPE_BYTES,
};

/// The entry with the canonical bytes of the service.
pub(super) const CONTRACT_ENTRY: &str = "contract.bin";

/// The entry with the manifest.
pub(super) const MANIFEST_ENTRY: &str = "manifest.json";

/// What the blob with the names begins with.
const META_HEADER: &[u8] = b"CollectionV0.";

/// The hash of a blob, in bytes.
const HASH_BYTES: usize = 32;

/// The blobs of a published contract, by name, in order: `contract.bin`, each
/// type as `types/<hash>.bin`, and `manifest.json`.
///
/// ```
/// use aster_runtime::contract::Collection;
///
/// let collection = Collection { entries: vec![("contract.bin".into(), "...".into())] };
/// assert_eq!(collection.meta(), b"CollectionV0.\x01\x0ccontract.bin");
/// assert_eq!(collection.hash_seq().len(), 64);
/// assert_eq!(Collection::names(&collection.meta())?, ["contract.bin"]);
/// # Ok::<(), aster_runtime::contract::ContractError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Names and contents.
    pub entries: Vec<(String, Bytes)>,
}

impl Collection {
    /// The collection of a contract with this manifest.
    #[must_use]
    pub fn new(canonical: Canonical, manifest: impl Into<Bytes>) -> Self {
        let contract = (CONTRACT_ENTRY.to_owned(), canonical.bytes.into());
        let types = canonical.types.into_iter().map(|ty| (type_entry(&ty.hash), ty.bytes.into()));
        let manifest = (MANIFEST_ENTRY.to_owned(), manifest.into());
        Self { entries: std::iter::once(contract).chain(types).chain([manifest]).collect() }
    }

    /// The content of the entry with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.entries.iter().find(|(entry, _)| entry == name).map(|(_, content)| content)
    }

    /// The blob with the names: `CollectionV0.`, their count, and each with its
    /// length.
    #[must_use]
    pub fn meta(&self) -> Vec<u8> {
        let mut out = META_HEADER.to_vec();
        put_number(self.entries.len(), &mut out);
        for (name, _) in &self.entries {
            put_number(name.len(), &mut out);
            out.extend_from_slice(name.as_bytes());
        }
        out
    }

    /// The hash of the blob with the names, then that of every entry.
    #[must_use]
    pub fn hash_seq(&self) -> Vec<u8> {
        let meta = self.meta();
        let contents = self.entries.iter().map(|(_, content)| &**content);
        std::iter::once(&*meta)
            .chain(contents)
            .flat_map(|content| *blake3::hash(content).as_bytes())
            .collect()
    }

    /// The hash that the collection is fetched by.
    #[must_use]
    pub fn hash(&self) -> [u8; HASH_BYTES] {
        *blake3::hash(&self.hash_seq()).as_bytes()
    }

    /// The names in the blob that [`meta`](Self::meta) makes.
    ///
    /// # Errors
    /// If it is no such blob, or names more or longer than a contract has.
    pub fn names(meta: &[u8]) -> Result<Vec<String>, ContractError> {
        read_names(meta).map_err(|error| ContractError::Malformed {
            name: "the names of the collection".to_owned(),
            error,
        })
    }

    /// The hashes in what [`hash_seq`](Self::hash_seq) makes: that of the blob
    /// with the names, then that of every entry.
    ///
    /// # Errors
    /// If these are no hashes, or more than a contract has entries.
    pub fn hashes(
        hash_seq: &[u8],
    ) -> Result<([u8; HASH_BYTES], Vec<[u8; HASH_BYTES]>), ContractError> {
        let malformed = |reason: &str| ContractError::Malformed {
            name: "the hashes of the collection".to_owned(),
            error: MalformedDefinition::new(hash_seq.len(), reason),
        };
        let (hashes, rest) = hash_seq.as_chunks::<HASH_BYTES>();
        let Some((meta, entries)) = hashes.split_first() else {
            return Err(malformed("there is no hash of the names"));
        };
        if !rest.is_empty() {
            return Err(malformed("the last hash is cut off"));
        }
        if entries.len() > MAX_ENTRIES {
            return Err(ContractError::TooMany { what: "entries", max: MAX_ENTRIES });
        }
        Ok((*meta, entries.to_vec()))
    }

    /// The largest content that is read of an entry, in bytes; none for names
    /// that mean nothing here, whose content need not be fetched.
    #[must_use]
    pub fn max_bytes(name: &str) -> Option<usize> {
        match name {
            CONTRACT_ENTRY => Some(MAX_CONTRACT_BYTES),
            MANIFEST_ENTRY => Some(MAX_MANIFEST_BYTES),
            _ => type_hash(name).map(|_| MAX_TYPE_BYTES),
        }
    }
}

/// The name of the entry of a type.
pub(super) fn type_entry(hash: &[u8; HASH_BYTES]) -> String {
    format!("types/{}.bin", data_encoding::HEXLOWER.encode(hash))
}

/// The hash in the name of the entry of a type; none in other names.
pub(super) fn type_hash(name: &str) -> Option<[u8; HASH_BYTES]> {
    let hex = name.strip_prefix("types/")?.strip_suffix(".bin")?;
    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}

/// Seven bits a byte, the low ones first.
fn put_number(mut value: usize, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_names(meta: &[u8]) -> Result<Vec<String>, MalformedDefinition> {
    let Some(mut rest) = meta.strip_prefix(META_HEADER) else {
        return Err(MalformedDefinition::new(0, "it does not begin with CollectionV0."));
    };
    let fault = |rest: &[u8], reason: String| {
        Err(MalformedDefinition::new(meta.len().saturating_sub(rest.len()), reason))
    };
    let early = "it ends early or has a number of no proper form";
    let Some(count) = take_number(&mut rest) else {
        return fault(rest, early.to_owned());
    };
    if count > MAX_ENTRIES {
        return fault(rest, format!("{count} entries; at most {MAX_ENTRIES} are read"));
    }
    let mut names = Vec::new();
    for _ in 0..count {
        let Some(len) = take_number(&mut rest) else {
            return fault(rest, early.to_owned());
        };
        if len > MAX_NAME_BYTES {
            return fault(
                rest,
                format!("a name of {len} bytes; at most {MAX_NAME_BYTES} are read"),
            );
        }
        let Some((name, after)) = rest.split_at_checked(len) else {
            return fault(rest, early.to_owned());
        };
        let Ok(name) = std::str::from_utf8(name) else {
            return fault(rest, "a name is not UTF-8".to_owned());
        };
        names.push(name.to_owned());
        rest = after;
    }
    if rest.is_empty() { Ok(names) } else { fault(rest, "bytes after the end".to_owned()) }
}

/// At most 28 bits, in as few bytes as possible.
fn take_number(input: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return (byte != 0 || shift == 0).then_some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::vectors::{self, Published, hex};

    pub(super) fn collection(service: &Published) -> Collection {
        let mut entries = vec![("contract.bin".to_owned(), service.contract().into())];
        for ty in service.types() {
            entries.push((type_entry(blake3::hash(&ty).as_bytes()), ty.into()));
        }
        entries.push(("manifest.json".to_owned(), service.manifest.clone().into()));
        Collection { entries }
    }

    #[test]
    fn collections_have_the_hashes_of_the_reference() {
        for service in vectors::read().services {
            let collection = collection(&service);
            let name = &service.name;
            let manifest = blake3::hash(service.manifest.as_bytes());
            assert_eq!(manifest.to_string(), service.manifest_hash, "{name}");
            assert_eq!(
                hex(blake3::hash(&collection.meta()).as_bytes()),
                service.meta_hash,
                "{name}"
            );
            assert_eq!(hex(&collection.hash()), service.collection_hash, "{name}");
        }
    }

    #[test]
    fn names_and_hashes_are_read_back() {
        let collection = collection(&vectors::service("mission_control_ch4"));
        let names: Vec<_> = collection.entries.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(Collection::names(&collection.meta()).unwrap(), names);
        let (meta, entries) = Collection::hashes(&collection.hash_seq()).unwrap();
        assert_eq!(meta, *blake3::hash(&collection.meta()).as_bytes());
        assert_eq!(entries.len(), names.len());
        assert_eq!(entries[0], *blake3::hash(&collection.entries[0].1).as_bytes());
        assert_eq!(Collection::max_bytes(&names[0]), Some(MAX_CONTRACT_BYTES));
        assert_eq!(Collection::max_bytes(&names[1]), Some(MAX_TYPE_BYTES));
        assert_eq!(Collection::max_bytes("types/00.bin"), None);
    }

    #[test]
    fn damaged_names_are_refused_or_other_names() {
        let collection = collection(&vectors::service("unary_minimal"));
        let meta = collection.meta();
        for len in 0..meta.len() {
            Collection::names(&meta[..len]).unwrap_err();
        }
        let mut damaged = meta.clone();
        for at in 0..meta.len() {
            for value in 0..=255 {
                damaged[at] = value;
                if let Ok(names) = Collection::names(&damaged) {
                    let entries = names.into_iter().map(|name| (name, Bytes::new())).collect();
                    assert_eq!(Collection { entries }.meta(), damaged);
                }
            }
            damaged[at] = meta[at];
        }
    }

    #[test]
    fn counts_and_lengths_are_bounded_before_anything_is_kept() {
        let error =
            |tail: &[u8]| Collection::names(&[META_HEADER, tail].concat()).unwrap_err().to_string();
        assert!(error(&[0xff, 0xff, 0xff, 0x7f]).contains("entries; at most"));
        assert!(error(&[0xff, 0xff, 0xff, 0xff, 0x7f]).contains("no proper form"));
        assert!(error(&[0x81, 0x00]).contains("no proper form"));
        assert!(error(&[0x01, 0x80, 0x02]).contains("a name of 256 bytes"));
        assert!(error(&[0x00, 0x00]).contains("after the end"));
        assert!(error(&[0x01, 0x01, 0xff]).contains("UTF-8"));
        assert!(Collection::names(b"Collection").is_err());
        Collection::hashes(&[0; 31]).unwrap_err();
        Collection::hashes(&[0; 65]).unwrap_err();
        assert_eq!(Collection::hashes(&[0; 32]).unwrap(), ([0; 32], vec![]));
        let many = vec![0; HASH_BYTES * (MAX_ENTRIES + 2)];
        assert!(matches!(Collection::hashes(&many), Err(ContractError::TooMany { .. })));
    }
}
