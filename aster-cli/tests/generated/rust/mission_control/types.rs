//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d
//! Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

use std::collections::BTreeMap;

#[aster::wire_type("mission/Assignment")]
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub task_id: String,
    pub command: String,
}

#[aster::wire_type("mission/Command")]
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    pub command: String,
}

#[aster::wire_type("mission/CommandResult")]
#[derive(Clone, Debug, PartialEq)]
pub struct CommandResult {
    pub stdout: String,
    pub stderr: String,
    #[wire(default = -1)]
    pub exit_code: i64,
}

#[aster::wire_type("mission/Heartbeat")]
#[derive(Clone, Debug, PartialEq)]
pub struct Heartbeat {
    pub agent_id: String,
    #[wire(any)]
    pub capabilities: Vec<String>,
    pub load_avg: f64,
}

#[aster::wire_type("mission/IngestResult")]
#[derive(Clone, Debug, PartialEq)]
pub struct IngestResult {
    pub accepted: i64,
    pub dropped: i64,
}

/// A line of a log.
#[aster::wire_type("mission/LogEntry")]
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// Seconds since 1970.
    pub timestamp: f64,
    #[wire(default = String::from("info"))]
    pub level: String,
    pub message: String,
    pub agent_id: String,
}

#[aster::wire_type("mission/MetricPoint")]
#[derive(Clone, Debug, PartialEq)]
pub struct MetricPoint {
    pub name: String,
    pub value: f64,
    pub timestamp: f64,
    #[wire(any)]
    pub tags: BTreeMap<String, aster::Value>,
}

#[aster::wire_type("mission/StatusRequest")]
#[derive(Clone, Debug, PartialEq)]
pub struct StatusRequest {
    pub agent_id: String,
}

#[aster::wire_type("mission/StatusResponse")]
#[derive(Clone, Debug, PartialEq)]
pub struct StatusResponse {
    pub agent_id: String,
    #[wire(default = String::from("idle"))]
    pub status: String,
    pub uptime_secs: i64,
}

#[aster::wire_type("mission/SubmitLogResult")]
#[derive(Clone, Debug, PartialEq)]
pub struct SubmitLogResult {
    #[wire(default = true)]
    pub accepted: bool,
}

#[aster::wire_type("mission/TailRequest")]
#[derive(Clone, Debug, PartialEq)]
pub struct TailRequest {
    pub agent_id: String,
    #[wire(default = String::from("info"))]
    pub level: String,
}
