//! Identifiers that need to be distinct, not secret.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A random number, from the standard library's per-process seed. Not for
/// keys, nonces or anything an attacker must not guess.
pub(crate) fn u64() -> u64 {
    RandomState::new().build_hasher().finish()
}
