//! `aster trust ...`: keys, credentials, chains and revocations as files.
//! Nothing here opens a connection.

mod attribute_options;
mod authorize;
mod capability_options;
mod delegate;
mod facts;
mod inspect;
mod keygen;
mod node_options;
mod revoke;
mod sign;
mod verify;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;

pub(crate) use attribute_options::AttributeOptions;
pub(crate) use authorize::Authorize;
pub(crate) use capability_options::CapabilityOptions;
pub(crate) use keygen::KeygenAlias;
pub(crate) use sign::parse_end;

/// Keys and credentials: make, read and check them.
#[derive(Args, Debug)]
pub(crate) struct Trust {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a root key, a node's key, or the file with a root's public half.
    Keygen(keygen::Keygen),
    /// Sign a credential or the first link of a chain with the root key.
    Sign(sign::Sign),
    /// Print what a file of the trust system holds, without its secrets.
    Inspect(inspect::Inspect),
    /// Say whether a server would accept a credential; exit code 1 if not.
    Verify(verify::Verify),
    /// Add to a root key's list of what it has withdrawn.
    Revoke(revoke::Revoke),
    /// Pass a chain on to another node, narrower.
    Delegate(delegate::Delegate),
}

impl Trust {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Keygen(command) => command.run(),
            Command::Sign(command) => command.run(),
            Command::Inspect(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Revoke(command) => command.run(),
            Command::Delegate(command) => command.run(),
        }
    }
}
