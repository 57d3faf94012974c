//! The programs around the control plane: what they do with its address.

pub(crate) mod agent;
pub(crate) mod logs;
pub(crate) mod metrics;
pub(crate) mod operator;

use std::collections::BTreeMap;
use std::path::PathBuf;

use aster::AsterClient;

use crate::types::{LogEntry, MetricPoint};
use crate::{Result, clock};

/// Where the control plane is, and what gets this program in.
#[derive(Debug, clap::Args)]
struct Target {
    /// The control plane's address.
    address: String,
    /// The credential to present, if the control plane asks for one: NAME.cred
    /// from `aster enroll node`.
    #[arg(long, value_name = "FILE")]
    rcan: Option<PathBuf>,
}

/// Connects, works, and says goodbye however that went, so that the control
/// plane need not find out by itself.
async fn with_client<T>(
    target: &Target,
    work: impl AsyncFnOnce(&AsterClient) -> Result<T>,
) -> Result<T> {
    let mut client = AsterClient::builder();
    if let Some(path) = &target.rcan {
        client = client.credential_file(path);
    }
    let client = client.connect(&target.address).await?;
    let result = work(&client).await;
    client.close().await;
    result
}

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
