//! Performs one cell of the interop matrix, or one extra case, against any
//! server of Matrix and MatrixSession. Prints `ok` and exits 0, or exits 1
//! with one line on standard error that says what was wrong.

mod caller;
mod cases;
mod cells;
mod check;

use std::process::ExitCode;
use std::time::Duration;

use aster::AsterClient;
use clap::{Parser, ValueEnum};

use crate::caller::{Caller, Codec, Kind, Scope};
use crate::cases::Case;
use crate::cells::Pattern;
use crate::check::{Explain, Failed};

/// The Rust client of the interop matrix.
#[derive(Debug, Parser)]
struct Arguments {
    /// The server.
    #[arg(required_unless_present = "list")]
    address: Option<String>,
    #[arg(long, value_enum, default_value_t = Scope::Shared)]
    scope: Scope,
    #[arg(long = "client", value_enum, required_unless_present_any = ["case", "list"])]
    kind: Option<Kind>,
    #[arg(long, value_enum, required_unless_present_any = ["case", "list"])]
    codec: Option<Codec>,
    #[arg(long, value_enum, required_unless_present_any = ["case", "list"])]
    pattern: Option<Pattern>,
    /// An extra case instead of a cell.
    #[arg(long, value_enum, conflicts_with_all = ["kind", "codec", "pattern"])]
    case: Option<Case>,
    /// Seconds for everything.
    #[arg(long, default_value_t = 60)]
    timeout: u64,
    /// Print the names of the cases.
    #[arg(long)]
    list: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        for case in Case::value_variants() {
            if let Some(value) = case.to_possible_value() {
                println!("{}", value.get_name());
            }
        }
        return ExitCode::SUCCESS;
    }
    let limit = Duration::from_secs(arguments.timeout);
    let outcome = tokio::time::timeout(limit, run(&arguments))
        .await
        .unwrap_or_else(|_| Err(Failed::new(format!("not finished after {limit:?}"))));
    match outcome {
        Ok(()) => {
            println!("ok");
            ExitCode::SUCCESS
        }
        Err(failed) => {
            eprintln!("{failed}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failed> {
    let address = arguments.address.as_deref().unwrap_or_default();
    let client = AsterClient::connect(address).await.explain("connect")?;
    let scope = arguments.scope;
    match (arguments.case, arguments.kind, arguments.codec, arguments.pattern) {
        (Some(case), ..) => cases::run(case, &client, scope).await?,
        (None, Some(kind), Some(codec), Some(pattern)) => {
            let caller = Caller::open(&client, scope, kind, codec).await?;
            cells::run(pattern, &caller).await?;
            caller.close().await;
        }
        _ => return Err(Failed::new("neither a cell nor a case")),
    }
    client.close().await;
    Ok(())
}
