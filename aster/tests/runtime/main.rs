//! Servers and clients over real connections on loopback and in memory.
//!
//! One test binary, a module for each behaviour.
#![allow(clippy::unwrap_used, missing_docs)]

mod cancellation;
mod deadline;
mod errors;
mod manifest;
mod network;
mod patterns;
mod proxy;
mod service;
mod session;
mod shutdown;
mod wire;
