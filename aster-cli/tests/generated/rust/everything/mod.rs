//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170
//!
//! Needs the crates aster, and futures 0.3 for streams, jiff 0.2 for dates.

#![allow(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    rustdoc::all,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    unused_results,
)]

#[rustfmt::skip]
pub mod types;
#[rustfmt::skip]
pub mod every_thing_x_v1;
