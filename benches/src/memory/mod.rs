//! What needs no network, with its allocations: calls and streams in one
//! process, encodings, gates, and services of many methods.

pub mod allocations;
mod calls;
pub mod codec;
pub mod gates;
mod many_services;
mod meter;
pub mod sample;

pub use calls::Caller;
pub use meter::Meter;

/// Names of lines that targets are set for.
pub mod names {
    pub const UNARY: &str = "unary call, XLANG";
    pub const SERVER_STREAM: &str = "item of a server stream";
    pub const CLIENT_STREAM: &str = "item of a client stream";
    pub const BIDI: &str = "item of a bidi stream, there and back";
    pub const GATES: &str = "gates 2 and 3 of a call, allowed";
    pub const ONE_SERVICE: &str = "call without types, 1 service of 50 methods";
    pub const MANY_SERVICES: &str = "call without types, 100 services of 50 methods";
}

/// Measures everything.
pub fn run(meter: &mut Meter) {
    calls::run(meter);
    many_services::run(meter);
    codec::run(meter);
    gates::run(meter);
}
