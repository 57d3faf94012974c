//! Credentials and their files, against the vectors of the reference and
//! against everything that is known to go wrong. The numbers in the names of
//! tests are those of docs/security-tests.md.

mod attacks;
mod common;
mod files;
mod flips;
mod identity_files;
mod local;
mod nonces;
mod properties;
mod vectors;
mod weaknesses;
