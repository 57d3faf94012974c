//! Credentials and their files, against the vectors of the reference and
//! against everything that is known to go wrong. The numbers in the names of
//! tests are those of the weaknesses in trust.md 13.

mod common;
mod files;
mod flips;
mod identity_files;
mod nonces;
mod properties;
mod vectors;
mod weaknesses;
