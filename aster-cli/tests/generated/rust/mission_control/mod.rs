//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d
//! Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530
//!
//! Needs the crates aster, and futures 0.3 for streams.

#![allow(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    rustdoc::all,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    unused_results,
)]

#[rustfmt::skip]
pub mod types;
#[rustfmt::skip]
pub mod agent_session_v1;
#[rustfmt::skip]
pub mod mission_control_v1;
