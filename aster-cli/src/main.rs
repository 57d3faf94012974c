//! The `aster` command.
//!
//! Data goes to standard output, everything for people to standard error. Exit
//! codes: [`failure::Exit`].

mod call;
mod client_code;
mod clock;
mod completions;
mod config;
mod contract;
mod doctor;
mod enroll;
mod failure;
mod files;
mod git_ignore;
mod help;
mod init;
mod output;
mod peers;
mod profile;
mod remote;
mod root_pub;
mod shell;
mod signing_key;
mod trust;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::Failure;

/// This program, and whom it can talk to.
const LONG_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nwire aster/1, as aster-rpc 0.1.2 (Python)");

#[derive(Parser)]
#[command(
    name = "aster",
    version,
    long_version = LONG_VERSION,
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
    /// Make a crate with a service that builds; AGENTS.md for AI tools.
    ///
    /// The crate has a service, a client, tests, its contract in
    /// .aster/manifest.json and a CI workflow that compares it. Nothing that
    /// exists is overwritten. With --ai, AGENTS.md gets a section that teaches
    /// the API to AI tools; run again, it replaces that section and keeps
    /// everything else.
    Init(init::Init),
    /// Say what works here and with a server, and what to do next.
    ///
    /// Looks at the configuration, the identity, the credential, the files in
    /// this folder, the profile, the UDP port and the relay; with an address
    /// also at the server there. Nothing is changed, no file is made, and each
    /// step ends in time, with or without a network. Exit code 1 if a line says
    /// `fail`.
    Doctor(doctor::Doctor),
    /// Print the completion script for a shell.
    Completions(completions::Completions),
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
    help::command(Arguments::command()).debug_assert();
}

fn main() -> ExitCode {
    let command = help::command(Arguments::command());
    let arguments = Arguments::from_arg_matches(&command.get_matches());
    let arguments = arguments.unwrap_or_else(|error| error.exit());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            match arguments.command {
                Command::Call(call) => call.run().await,
                Command::Shell(shell) => shell.run().await,
                Command::Peers(peers) => peers.run(),
                Command::Init(init) => init.run(),
                Command::Doctor(doctor) => doctor.run().await,
                Command::Completions(completions) => {
                    let command = help::command(Arguments::command());
                    completions.run(command).map(|()| ExitCode::SUCCESS)
                }
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
