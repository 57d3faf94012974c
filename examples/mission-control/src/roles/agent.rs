//! An agent: registers, and says every few seconds that it is there.

use std::time::Duration;

use aster::{AsterClient, Termination};

use crate::agent::AgentSessionClient;
use crate::control::MissionControlClient;
use crate::roles::{Target, entry, with_client};
use crate::types::Heartbeat;
use crate::{Result, terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// What this agent is called.
    #[arg(long, default_value = "edge-1", value_name = "NAME")]
    id: String,
    /// What this agent can do, once for each: gpu gets it a training job.
    #[arg(long = "capability", value_name = "WHAT")]
    capabilities: Vec<String>,
    /// Seconds between two signs of life.
    #[arg(long, default_value = "10", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
    /// Register, report once and leave.
    #[arg(long)]
    once: bool,
}

pub(crate) async fn run(options: Options) -> Result {
    let termination = Termination::listen()?;
    with_client(&options.target, async |client| {
        tokio::select! {
            result = work(client, &options) => result?,
            () = termination.wait() => {
                let control = MissionControlClient::new(client)?;
                control.submit_log(entry(&options.id, "info", "agent leaves")).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn work(client: &AsterClient, options: &Options) -> Result {
    let control = MissionControlClient::new(client)?;
    let session = AgentSessionClient::open(client).await?;
    let heartbeat = || Heartbeat {
        agent_id: options.id.clone(),
        capabilities: options.capabilities.clone(),
        load_avg: load_average(),
    };
    let assignment = session.register(heartbeat()).await?;
    terminal::line(format!(
        "{}: assigned {}: {}",
        options.id, assignment.task_id, assignment.command
    ))?;
    let started = entry(&options.id, "info", "agent started");
    control.submit_log(started).await?;
    loop {
        if options.once {
            break;
        }
        tokio::time::sleep(Duration::from_secs(options.interval)).await;
        let heartbeat = heartbeat();
        let load = format!("load {:.2}", heartbeat.load_avg);
        session.register(heartbeat).await?;
        let alive = entry(&options.id, "debug", &load);
        control.submit_log(alive).await?;
    }
    session.close().await;
    Ok(())
}

/// The load of this machine, where the system says it in a file.
fn load_average() -> f64 {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_default()
}
