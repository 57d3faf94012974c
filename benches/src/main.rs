//! Measures Aster beside what could be used instead: two processes for each
//! run, on loopback, in interleaved rounds. See README.md.

use std::path::PathBuf;
use std::process::ExitCode;

use aster_benches::harness::{self, Plan};
use aster_benches::load::Load;
use aster_benches::process;
use aster_benches::report;
use aster_benches::row::Row;
use aster_benches::rows::{self, PYTHON, cancellation};
use clap::{Parser, Subcommand};

/// Where the report of a whole run goes.
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance");

/// Measures Aster beside what could be used instead.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    /// Only these rows, by name.
    rows: Vec<String>,
    /// Prints the names of all rows.
    #[arg(long)]
    list: bool,
    /// Short runs in one round: shows that everything works.
    #[arg(long)]
    quick: bool,
    /// Rounds of every row; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Also the Python package; needs the virtual environment of the interop
    /// suite.
    #[arg(long)]
    python: bool,
    /// Writes the report into this folder, instead of printing it.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
    /// Prints the report, also of a whole run.
    #[arg(long, conflicts_with = "write")]
    print: bool,
}

#[derive(Subcommand)]
enum Role {
    /// The server of a row.
    #[command(hide = true)]
    Serve { row: String },
    /// The client of a row.
    #[command(hide = true)]
    Measure {
        row: String,
        load: Load,
        address: String,
        server: u32,
        #[arg(long)]
        quick: bool,
    },
    /// How soon a handler is dropped after its caller drops the call.
    Cancel,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.role {
        None => compare(&arguments),
        Some(Role::Serve { row }) => row_named(&row).map(harness::serve),
        Some(Role::Measure { row, load, address, server, quick }) => {
            row_named(&row).map(|row| harness::measure(row, load, address, server, quick))
        }
        Some(Role::Cancel) => {
            tokio::runtime::Runtime::new().expect("it starts").block_on(cancellation::measure());
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn row_named(name: &str) -> Result<&'static Row, String> {
    rows::named(name).ok_or_else(|| format!("no row is called {name:?}; --list prints their names"))
}

fn compare(arguments: &Arguments) -> Result<(), String> {
    if arguments.list {
        rows::all().for_each(|row| println!("{:18} {}", row.name, row.title));
        return Ok(());
    }
    let whole = arguments.rows.is_empty();
    let rows = if whole {
        rows::all().filter(|row| arguments.python || row.name != PYTHON).collect()
    } else {
        arguments.rows.iter().map(|name| row_named(name)).collect::<Result<Vec<_>, _>>()?
    };
    let rounds = if arguments.quick { 1 } else { arguments.rounds.max(1) };
    let busy = process::load_average();
    let plan = Plan { rows, rounds, quick: arguments.quick, in_memory: whole, busy };
    let results = harness::run(&plan);
    let usual = (whole && !arguments.quick && !arguments.print).then(|| REPORT.into());
    match arguments.write.clone().or(usual) {
        Some(folder) => report::write(&folder, &results, &plan)?,
        None => print!("{}", report::markdown(&results, &plan)),
    }
    match results.failures().len() {
        0 => Ok(()),
        failed => Err(format!("{failed} runs failed")),
    }
}
