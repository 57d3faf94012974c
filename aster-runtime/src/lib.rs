//! The runtime behind the `aster` crate: protocol core, transport, server and
//! client. Programs depend on `aster`, which re-exports what they need.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod codec;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private0;
