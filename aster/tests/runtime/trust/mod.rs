//! Closed gates: who comes in, what they may call, and how it ends.

mod admission;
mod ending;
mod mounted;
mod requirements;
mod setup;
mod wire;
