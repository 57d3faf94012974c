//! Contract ids: those of the Python peer, and that everything that callers and
//! servers must agree on changes them.
//!
//! `vectors/contract.json` has 48 contracts of the peer, whose definitions are
//! tested where they are encoded. 30 of them are declared here with the macros,
//! in `vectors.rs`, which also says why Rust cannot declare the other 18.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

mod circles;
mod macros;
mod vectors;
