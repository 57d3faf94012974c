//! Closed gates: who comes in, what they may call, and how it ends.

mod admission;
mod ending;
mod logs;
mod mounted;
mod names;
mod replay;
mod requirements;
mod setup;
mod spoofing;
mod stranger;
mod versions;
mod wire;
