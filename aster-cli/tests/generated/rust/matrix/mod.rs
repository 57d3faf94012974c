//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a
//! Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1
//!
//! Needs the crates aster, and futures 0.3 for streams.

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
pub mod matrix_v1;
#[rustfmt::skip]
pub mod matrix_session_v1;
