//! Mission Control: a control plane for a fleet of agents, in the chapters of
//! the guide: status, live logs, metrics, a session for each agent, and who
//! may do what.
//!
//! ```text
//! cargo run -p mission-control                                  the control plane
//! cargo run -p mission-control -- serve --root-pub root.pub     the same, with credentials
//! cargo run -p mission-control -- demo                          everything at once, in one process
//! cargo run -p mission-control -- --help                        the other roles
//! ```

mod administration;
mod agent;
mod clock;
mod control;
mod demo;
mod guarded;
mod level;
mod logbook;
mod roles;
mod serve;
mod shell;
mod terminal;
mod types;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T = (), E = Error> = std::result::Result<T, E>;

/// A control plane for a fleet of agents: status, live logs, metrics, commands
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    serve: serve::Options,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Be the control plane (what happens without a role)
    Serve(serve::Options),
    /// Show everything in one process
    Demo,
    /// Be an agent: register and report
    Agent(roles::agent::Options),
    /// Follow the logs
    Logs(roles::logs::Options),
    /// Send metrics
    Metrics(roles::metrics::Options),
    /// Run commands on the control plane
    Operator(roles::operator::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    // For `aster contract`: what the services are.
    aster::export_contracts!(
        guarded::GuardedControl,
        guarded::GuardedSession,
        administration::Administration
    );
    let arguments = Arguments::parse();
    match run(arguments.role.unwrap_or(Role::Serve(arguments.serve))).await {
        Ok(code) => code,
        // The reader of our output has seen enough.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(role: Role) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match role {
        Role::Serve(options) => {
            log();
            serve::run(options).await.map(done)
        }
        Role::Demo => demo::run().await.map(done),
        Role::Agent(options) => roles::agent::run(options).await.map(done),
        Role::Logs(options) => roles::logs::run(options).await.map(done),
        Role::Metrics(options) => roles::metrics::run(options).await.map(done),
        Role::Operator(options) => roles::operator::run(options).await,
    }
}

/// What the operator of the control plane should know, on standard error.
fn log() {
    let filter = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target("aster_runtime", LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
