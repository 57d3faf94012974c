//! The services that Rust and Python peers call on each other, and the values
//! that they compare.

pub mod matrix;
