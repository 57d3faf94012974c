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

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Where a contract is committed, seen from the crate that has it.
const MANIFEST_PATH: &str = ".aster/manifest.json";

/// Contracts: what services are, by content.
#[derive(Args, Debug)]
pub(crate) struct Contract {
    #[command(subcommand)]
    command: Command,
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
        match self.command {
            Command::Gen(command) => command.run().await,
            Command::Check(command) => command.run().await,
            Command::Diff(command) => command.run().await,
            Command::Show(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::Import(command) => command.run().await,
            Command::GenClient(command) => command.run().await,
        }
    }
}
