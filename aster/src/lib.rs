//! Aster for Rust: peer-to-peer RPC between machines that prove who they are.

pub use aster_macros::{service, wire_type};
pub use aster_runtime::*;
