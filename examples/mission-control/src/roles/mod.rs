//! The programs around the control plane: what they do with its address.

pub(crate) mod agent;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod operator;

use std::collections::BTreeMap;

use crate::clock;
use crate::types::{LogEntry, MetricPoint};

/// A log entry of now.
pub(crate) fn entry(agent_id: &str, level: &str, message: &str) -> LogEntry {
    LogEntry {
        timestamp: clock::now(),
        level: level.to_owned(),
        message: message.to_owned(),
        agent_id: agent_id.to_owned(),
    }
}

/// A measurement of now.
pub(crate) fn load_point(agent_id: &str, core: i64, value: f64) -> MetricPoint {
    MetricPoint {
        name: "cpu.load".into(),
        value,
        timestamp: clock::now(),
        tags: BTreeMap::from([
            ("agent".to_owned(), agent_id.into()),
            ("core".to_owned(), core.into()),
        ]),
    }
}
