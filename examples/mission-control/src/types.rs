//! The messages, with the names and fields that every Mission Control program
//! shares, whatever language it is written in.

use std::collections::BTreeMap;

use aster::codec::Value;
use aster::wire_type;

#[wire_type("mission/StatusRequest")]
#[derive(Clone, Debug)]
pub(crate) struct StatusRequest {
    pub(crate) agent_id: String,
}

#[wire_type("mission/StatusResponse")]
#[derive(Clone, Debug)]
pub(crate) struct StatusResponse {
    pub(crate) agent_id: String,
    #[wire(default = "idle")]
    pub(crate) status: String,
    pub(crate) uptime_secs: i64,
}

#[wire_type("mission/LogEntry")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogEntry {
    /// Seconds since 1970.
    pub(crate) timestamp: f64,
    /// debug, info, warn or error.
    #[wire(default = "info")]
    pub(crate) level: String,
    pub(crate) message: String,
    pub(crate) agent_id: String,
}

#[wire_type("mission/SubmitLogResult")]
#[derive(Clone, Debug)]
pub(crate) struct SubmitLogResult {
    #[wire(default = true)]
    pub(crate) accepted: bool,
}

/// What the control plane keeps, for administrators.
#[wire_type("mission/AdminStatus")]
#[derive(Clone, Debug)]
pub(crate) struct AdminStatus {
    pub(crate) log_entries: i64,
    pub(crate) followers: i64,
}

/// Which log entries to follow.
#[wire_type("mission/TailRequest")]
#[derive(Clone, Debug)]
pub(crate) struct TailRequest {
    /// Only those of this agent; of all agents if empty.
    pub(crate) agent_id: String,
    /// Only those at least this severe; all if empty.
    #[wire(default = "info")]
    pub(crate) level: String,
}

#[wire_type("mission/MetricPoint")]
#[derive(Clone, Debug)]
pub(crate) struct MetricPoint {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// Seconds since 1970.
    pub(crate) timestamp: f64,
    /// A bare `dict` in Python, so each value says what it is.
    #[wire(any)]
    pub(crate) tags: BTreeMap<String, Value>,
}

#[wire_type("mission/IngestResult")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IngestResult {
    pub(crate) accepted: i64,
    pub(crate) dropped: i64,
}

/// What an agent says about itself when it registers.
#[wire_type("mission/Heartbeat")]
#[derive(Clone, Debug)]
pub(crate) struct Heartbeat {
    pub(crate) agent_id: String,
    /// A bare `list` in Python.
    #[wire(any)]
    pub(crate) capabilities: Vec<String>,
    pub(crate) load_avg: f64,
}

#[wire_type("mission/Assignment")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) task_id: String,
    pub(crate) command: String,
}

#[wire_type("mission/Command")]
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) command: String,
}

#[wire_type("mission/CommandResult")]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CommandResult {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// As the shell gives it; the negative signal number if one ended it.
    #[wire(default = -1)]
    pub(crate) exit_code: i64,
}
