//! Follows the logs of all agents.

use aster::{AsterClient, Termination};

use crate::clock::time_of_day;
use crate::control::MissionControlClient;
use crate::level::Level;
use crate::roles::{Target, with_client};
use crate::terminal::harmless;
use crate::types::TailRequest;
use crate::{Result, terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// The least severe level to show: debug, info, warn or error.
    #[arg(long, default_value = "info")]
    level: Level,
    /// Show this agent only.
    #[arg(long, default_value = "", value_name = "NAME")]
    agent: String,
    /// Leave after this many entries.
    #[arg(short = 'n', long, value_name = "N")]
    count: Option<u64>,
}

pub(crate) async fn run(options: Options) -> Result {
    let termination = Termination::listen()?;
    with_client(&options.target, async |client| {
        tokio::select! {
            result = follow(client, &options) => result,
            () = termination.wait() => Ok(()),
        }
    })
    .await
}

async fn follow(client: &AsterClient, options: &Options) -> Result {
    let request =
        TailRequest { agent_id: options.agent.clone(), level: options.level.name().to_owned() };
    let mut entries = MissionControlClient::new(client)?.tail_logs(request).await?;
    let mut shown = 0;
    while options.count != Some(shown)
        && let Some(entry) = entries.message().await?
    {
        terminal::line(format!(
            "{} {:5} {}: {}",
            time_of_day(entry.timestamp),
            harmless(&entry.level),
            harmless(&entry.agent_id),
            harmless(&entry.message)
        ))?;
        shown += 1;
    }
    Ok(())
}
