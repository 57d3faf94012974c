//! The attribute macros of the `aster` crate.
//!
//! Five stages, one direction: `args` (attribute arguments, spans kept) →
//! model → checks → expansion. Nothing in an expansion can fail on user input.

mod args;
mod errors;
mod naming;
mod runtime_path;
