//! The `aster` command.
//!
//! Data goes to standard output, everything for people to standard error. Exit
//! codes: 0 success, 1 the call or connection failed or what was compared
//! differs, 2 the command line or a file is wrong.

mod call;
mod client_code;
mod contract;
mod failure;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

#[derive(Parser)]
#[command(
    name = "aster",
    version,
    about = "Call services of Aster peers",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Call a unary method and print its response as JSON.
    Call(call::Call),
    /// Contracts: write, check, compare, show, export, import, generate clients.
    Contract(contract::Contract),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(async {
            match arguments.command {
                Command::Call(call) => call.run().await.map(|()| ExitCode::SUCCESS),
                Command::Contract(contract) => contract.run().await,
            }
        }),
        Err(error) => Err(Failure::runtime(format!("cannot start: {error}"))),
    };
    match result {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
