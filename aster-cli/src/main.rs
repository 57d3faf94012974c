//! The `aster` command.
//!
//! Data goes to standard output, everything for people to standard error. Exit
//! codes: [`failure::Exit`].

mod call;
mod client_code;
mod clock;
mod config;
mod contract;
mod enroll;
mod failure;
mod files;
mod git_ignore;
mod output;
mod peers;
mod profile;
mod remote;
mod root_pub;
mod shell;
mod signing_key;
mod trust;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

#[derive(Parser)]
#[command(
    name = "aster",
    version,
    about = "Call services of Aster peers, and decide who may",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Call a method, of any pattern.
    Call(call::Call),
    /// Explore a server and call it, line by line.
    Shell(shell::Shell),
    /// Names for servers.
    Peers(peers::Peers),
    /// Contracts: write, check, compare, show, export, import, generate clients.
    Contract(contract::Contract),
    /// Keys and credentials: make, sign, inspect, verify, revoke, pass on.
    Trust(trust::Trust),
    /// Give a node a key and a credential.
    Enroll(enroll::Enroll),
    /// Profiles: the roots that you work with, by name.
    Profile(profile::ProfileCommand),
    /// The configuration that a server or client here would have.
    Config(config::ConfigCommand),
    /// As `aster trust keygen`, in the form of the Python tool.
    #[command(hide = true)]
    Keygen(trust::KeygenAlias),
    /// As `aster trust sign producer`, in the form of the Python tool.
    #[command(hide = true)]
    Authorize(trust::Authorize),
}

#[cfg(test)]
#[test]
fn the_command_line_is_consistent() {
    <Arguments as clap::CommandFactory>::command().debug_assert();
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            match arguments.command {
                Command::Call(call) => call.run().await,
                Command::Shell(shell) => shell.run().await,
                Command::Peers(peers) => peers.run(),
                Command::Contract(contract) => contract.run().await,
                Command::Trust(trust) => trust.run(),
                Command::Enroll(enroll) => enroll.run(),
                Command::Profile(profile) => profile.run(),
                Command::Config(config) => config.run(),
                Command::Keygen(keygen) => keygen.run(),
                Command::Authorize(authorize) => authorize.run(),
            }
        }),
        Err(error) => Err(Failure::runtime(format!("cannot start: {error}"))),
    };
    match result {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
