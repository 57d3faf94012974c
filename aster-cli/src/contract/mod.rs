//! `aster contract ...`: contracts as files, and what changed between them.

mod accept;
mod check;
mod client;
mod diff;
mod export;
mod file;
mod program;
mod show;
mod source;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::remote::Destination;
use aster::contract::manifest::MANIFEST_PATH;
pub(crate) use show::{contract_text, show_method, show_type};

/// Contracts: what services are, by content.
#[derive(Args, Debug)]
pub(crate) struct Contract {
    #[command(subcommand)]
    command: Command,
    /// The credential to present where the source is a server.
    #[arg(long, visible_alias = "credential", value_name = "FILE", global = true)]
    rcan: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Write the manifest of a program's services: accept their contracts.
    Gen(accept::Accept),
    /// Compare a source with the committed manifest; exit code 1 on drift.
    #[command(visible_alias = "verify")]
    Check(check::Check),
    /// Compare two sources, field by field; exit code 1 if they differ.
    Diff(diff::Diff),
    /// Print the methods and types of a source.
    Show(show::Show),
    /// Write each contract of a source into a portable SERVICE.aster.json.
    Export(export::Export),
    /// Verify a contract and keep it in ~/.aster/contracts.
    Import(export::Import),
    /// Generate a typed client from a source.
    GenClient(client::GenClient),
}

impl Contract {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let at = &Destination::presenting(self.rcan);
        match self.command {
            Command::Gen(command) => command.run(at).await,
            Command::Check(command) => command.run(at).await,
            Command::Diff(command) => command.run(at).await,
            Command::Show(command) => command.run(at).await,
            Command::Export(command) => command.run(at).await,
            Command::Import(command) => command.run(at).await,
            Command::GenClient(command) => command.run(at).await,
        }
    }
}
