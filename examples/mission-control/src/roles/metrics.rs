//! Sends measurements, as many as asked for, over one call.

use std::time::Instant;

use futures::stream;

use crate::control::MissionControlClient;
use crate::roles::{Target, load_point, with_client};
use crate::types::IngestResult;
use crate::{Result, terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// How many points to send.
    #[arg(long, default_value = "10000", value_name = "N")]
    count: u32,
    /// The agent that measured them.
    #[arg(long, default_value = "edge-1", value_name = "NAME")]
    agent: String,
}

pub(crate) async fn run(options: Options) -> Result {
    let (result, took) = with_client(&options.target, async |client| {
        let control = MissionControlClient::new(client)?;
        let started = Instant::now();
        let result = push(&control, &options.agent, options.count).await?;
        Ok((result, started.elapsed()))
    })
    .await?;
    let rate = f64::from(options.count) / took.as_secs_f64();
    terminal::line(format!("Accepted: {}", result.accepted))?;
    if result.dropped > 0 {
        terminal::line(format!("Dropped: {}", result.dropped))?;
    }
    eprintln!("{rate:.0} points per second");
    Ok(())
}

/// Sends `count` points; none is made before it can be sent.
pub(crate) async fn push(
    control: &MissionControlClient,
    agent_id: &str,
    count: u32,
) -> Result<IngestResult> {
    let agent_id = agent_id.to_owned();
    let points = (0..count).map(move |i| {
        let load = f64::from(i % 100) / 100.0;
        load_point(&agent_id, i64::from(i % 8), load)
    });
    Ok(control.ingest_metrics(stream::iter(points)).await?)
}
