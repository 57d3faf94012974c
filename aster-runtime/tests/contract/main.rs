//! Contract ids: those of the Python peer, and that everything that callers and
//! servers must agree on changes them.
//!
//! `vectors/contract_ids.json` has 48 contracts of the peer. All are built from
//! their definitions; 30 of them are also declared with the macros, in
//! `vectors.rs`. The other 18 say in the file why Rust cannot declare them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

mod circles;
mod definitions;
mod macros;
mod vectors;
