//! The document that says which contracts a server has: a fixed set of entries
//! in the form of iroh-docs, each a key, the hash of its content, and two
//! signatures (contract.md 6). Nobody but the server writes into it, so it
//! needs no store and no merging.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use iroh_blobs::Hash;
use serde::{Deserialize, Serialize};

use crate::identity::Identity;

/// Bytes of a namespace id, an author id and a hash.
const ID_BYTES: usize = 32;

/// An entry as it travels. The fields in this order are the wire format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignedEntry {
    // Halves, because serde has no arrays of 64.
    author_signature: ([u8; 32], [u8; 32]),
    namespace_signature: ([u8; 32], [u8; 32]),
    /// Namespace, author and key, one after the other.
    id: Vec<u8>,
    len: u64,
    hash: [u8; 32],
    /// Microseconds since 1970.
    timestamp: u64,
}

impl SignedEntry {
    /// The key, or `None` if the id is too short to have one.
    pub(super) fn key(&self) -> Option<&[u8]> {
        self.id.get(2 * ID_BYTES..)
    }

    /// Namespace, author and key: what entries are ordered by.
    pub(super) fn id(&self) -> &[u8] {
        &self.id
    }

    /// The hash of the content.
    pub(super) fn hash(&self) -> Hash {
        Hash::from_bytes(self.hash)
    }

    /// Bytes of the content.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Later ones replace earlier ones of the same key.
    pub(super) fn timestamp(&self) -> u64 {
        self.timestamp
    }

    /// What is signed.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = self.id.clone();
        bytes.extend_from_slice(&self.len.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes
    }

    /// Whether the owner of `namespace` and the named author signed this.
    pub(super) fn is_signed_in(&self, namespace: &[u8; 32]) -> bool {
        let Some((named, rest)) = self.id.split_first_chunk::<ID_BYTES>() else { return false };
        let Some((author, _key)) = rest.split_first_chunk::<ID_BYTES>() else { return false };
        let bytes = self.signed_bytes();
        let signed = |by: &[u8; 32], (first, second): ([u8; 32], [u8; 32])| {
            let signature = Signature::from_components(first, second);
            VerifyingKey::from_bytes(by)
                .is_ok_and(|key| key.verify_strict(&bytes, &signature).is_ok())
        };
        named == namespace
            && signed(namespace, self.namespace_signature)
            && signed(author, self.author_signature)
    }

    /// What this entry adds to the fingerprint of a set.
    fn fingerprint(&self) -> [u8; 32] {
        let mut bytes = self.id.clone();
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes.extend_from_slice(&self.hash);
        *Hash::new(bytes).as_bytes()
    }
}

/// The keys of a document. Whoever has them can write it.
#[derive(Debug)]
pub(super) struct DocumentKeys {
    pub(super) namespace: Identity,
    pub(super) author: Identity,
}

impl DocumentKeys {
    pub(super) fn generate() -> Self {
        Self { namespace: Identity::generate(), author: Identity::generate() }
    }
}

/// A document with its entries, sorted by id.
#[derive(Debug)]
pub(super) struct Document {
    namespace: [u8; 32],
    entries: Vec<(SignedEntry, [u8; 32])>,
}

impl Document {
    /// Signs `contents`, which are keys with the hash and length of what they
    /// hold, as of `now`, in microseconds since 1970.
    pub(super) fn new(
        keys: &DocumentKeys,
        mut contents: Vec<(String, Hash, u64)>,
        now: u64,
    ) -> Self {
        let namespace = SigningKey::from_bytes(keys.namespace.secret());
        let author = SigningKey::from_bytes(keys.author.secret());
        // A replica drops entries whose key begins with that of an entry just
        // as new or newer: `versions/v1` would take `versions/v10` with it. In
        // the order of the keys, with a later time for each, none is dropped.
        contents.sort();
        contents.dedup_by(|later, earlier| later.0 == earlier.0);
        let entries = contents.into_iter().zip(now..).map(|((key, hash, len), timestamp)| {
            let mut id = Vec::with_capacity(2 * ID_BYTES + key.len());
            id.extend_from_slice(namespace.verifying_key().as_bytes());
            id.extend_from_slice(author.verifying_key().as_bytes());
            id.extend_from_slice(key.as_bytes());
            let mut entry = SignedEntry {
                author_signature: Default::default(),
                namespace_signature: Default::default(),
                id,
                len,
                hash: *hash.as_bytes(),
                timestamp,
            };
            let bytes = entry.signed_bytes();
            let sign = |key: &SigningKey| {
                let signature = key.sign(&bytes);
                (*signature.r_bytes(), *signature.s_bytes())
            };
            entry.author_signature = sign(&author);
            entry.namespace_signature = sign(&namespace);
            let fingerprint = entry.fingerprint();
            (entry, fingerprint)
        });
        Self { namespace: namespace.verifying_key().to_bytes(), entries: entries.collect() }
    }

    /// The document's id.
    pub(super) fn namespace(&self) -> &[u8; 32] {
        &self.namespace
    }

    /// All entries, with their place.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &SignedEntry)> {
        self.entries.iter().map(|(entry, _)| entry).enumerate()
    }

    /// The fingerprint of the entries within a range.
    pub(super) fn fingerprint(&self, range: &Range) -> [u8; 32] {
        let mut sum = empty_fingerprint();
        for (entry, fingerprint) in &self.entries {
            if range.contains(entry.id()) {
                sum.iter_mut().zip(fingerprint).for_each(|(sum, byte)| *sum ^= byte);
            }
        }
        sum
    }
}

/// The fingerprint of no entries.
pub(super) fn empty_fingerprint() -> [u8; 32] {
    *Hash::EMPTY.as_bytes()
}

/// A range of ids: from `from` up to `to`, around the end if `from` is larger,
/// everything if they are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Range {
    from: Vec<u8>,
    to: Vec<u8>,
}

impl Range {
    /// Every id.
    pub(super) fn all() -> Self {
        Self { from: vec![0; 2 * ID_BYTES], to: vec![0; 2 * ID_BYTES] }
    }

    pub(super) fn contains(&self, id: &[u8]) -> bool {
        let (from, to) = (self.from.as_slice(), self.to.as_slice());
        match from.cmp(to) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Less => from <= id && id < to,
            std::cmp::Ordering::Greater => from <= id || id < to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(keys: &[&str]) -> Document {
        let contents = keys.iter().map(|key| ((*key).to_owned(), Hash::new(key), 1)).collect();
        Document::new(&DocumentKeys::generate(), contents, 1_795_225_320_521_000)
    }

    #[test]
    fn an_entry_that_was_changed_is_not_signed() {
        let document = document(&["contracts/a"]);
        let (_, entry) = document.entries().next().unwrap();
        assert!(entry.is_signed_in(document.namespace()));
        assert!(!entry.is_signed_in(&[7; 32]));
        for change in [
            |e: &mut SignedEntry| e.len += 1,
            |e: &mut SignedEntry| e.hash[0] ^= 1,
            |e: &mut SignedEntry| e.timestamp += 1,
            |e: &mut SignedEntry| e.id.push(b'x'),
            |e: &mut SignedEntry| e.id[0] ^= 1,
            |e: &mut SignedEntry| e.id.truncate(40),
            |e: &mut SignedEntry| e.id.clear(),
            |e: &mut SignedEntry| e.author_signature.0[0] ^= 1,
            |e: &mut SignedEntry| e.namespace_signature.1[0] ^= 1,
        ] {
            let mut forged = entry.clone();
            change(&mut forged);
            assert!(!forged.is_signed_in(document.namespace()), "{forged:?}");
        }
    }

    #[test]
    fn a_key_that_begins_with_another_is_newer() {
        let document = document(&["v10", "v1", "v2", "v1"]);
        let entries: Vec<_> = document.entries().map(|(_, entry)| entry).collect();
        let keys: Vec<_> = entries.iter().map(|e| e.key().unwrap()).collect();
        assert_eq!(keys, [b"v1".as_slice(), b"v10", b"v2"]);
        assert!(entries[1].timestamp() > entries[0].timestamp());
    }

    #[test]
    fn ranges_go_around_the_end() {
        let range = |from: &[u8], to: &[u8]| Range { from: from.to_vec(), to: to.to_vec() };
        assert!(range(b"b", b"d").contains(b"b"));
        assert!(!range(b"b", b"d").contains(b"d"));
        assert!(range(b"d", b"b").contains(b"a"));
        assert!(range(b"d", b"b").contains(b"d"));
        assert!(!range(b"d", b"b").contains(b"c"));
        assert!(range(b"x", b"x").contains(b"a"));
        assert!(Range::all().contains(b"anything"));
    }
}
