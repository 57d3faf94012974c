//! What generated code names. The number in this module's name is the patch
//! version, so that macros and runtime of different releases do not link.

pub use crate::codec;
pub use crate::codec::generated;
pub use bytes;
pub use futures;
pub use serde;
pub use serde_json;
