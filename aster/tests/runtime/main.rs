//! Servers and clients over real connections on loopback and in memory.
//!
//! One test binary, a module for each behaviour.
#![allow(clippy::unwrap_used, missing_docs)]

mod agreement;
mod cancellation;
mod deadline;
mod errors;
mod frames;
mod impostor;
mod log;
mod manifest;
mod network;
mod patterns;
mod placement;
mod pressure;
mod proxy;
#[cfg(feature = "registry")]
mod registry;
mod service;
mod session;
mod shutdown;
mod trust;
mod wire;
