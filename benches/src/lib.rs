//! What the programs of this folder measure with: rows, loads, figures.
//!
//! `aster-benches` runs every row in two processes; `in-memory` measures what
//! needs no network, and counts allocations; `instructions` counts
//! instructions, for the gate in CI.

pub mod calls;
pub mod figures;
pub mod harness;
pub mod load;
pub mod memory;
pub mod message;
pub mod process;
pub mod report;
pub mod results;
pub mod row;
pub mod rows;
pub mod services;
