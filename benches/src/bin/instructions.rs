//! Counts the instructions of six small operations with valgrind, and compares
//! them with `instructions.txt`: the gate of CI against slow creep.
//!
//!   instructions             compares; fails when one costs 3 % more
//!   instructions --write     writes the file
//!   instructions NAME RUNS   does an operation that often; what valgrind runs
//!
//! Each operation is run twice, a different number of times: the difference is
//! its cost, without that of starting the program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use std::process::{Command, ExitCode};

use aster::Service;
use aster::codec::{DecodeLimits, Encoding, decode, encode};
use aster::contract::Contract;
use aster_benches::memory::Caller;
use aster_benches::memory::gates::Admitted;
use aster_benches::memory::sample::Report;
use aster_benches::services::Guarded;
use bytes::BytesMut;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

/// What an operation may cost more than it did.
const TOLERANCE: f64 = 0.03;

/// Items of a stream for each run of `items`.
const ITEMS: u32 = 1000;

/// The operations: a name, how often it is run the first time, and what it
/// does.
const OPERATIONS: [(&str, u32, fn(u32)); 6] = [
    ("xlang", 500, xlang),
    ("json", 500, json),
    ("gate", 2000, gate),
    ("call", 200, call),
    ("items", 5, items),
    ("contract", 10, contract),
];

/// Encodes and decodes a message.
fn xlang(runs: u32) {
    there_and_back(Encoding::Xlang, runs);
}

fn json(runs: u32) {
    there_and_back(Encoding::Json, runs);
}

fn there_and_back(encoding: Encoding, runs: u32) {
    let (report, limits) = (Report::sample(), DecodeLimits::default());
    let mut out = BytesMut::with_capacity(1024);
    for _ in 0..runs {
        out.clear();
        encode(encoding, black_box(&report), &mut out).expect("it has a form");
        black_box(decode::<Report>(encoding, &out, &limits).expect("it is one"));
    }
}

/// Decides whether a call is allowed.
fn gate(runs: u32) {
    let admitted = Admitted::default();
    let grant = admitted.admit();
    (0..runs).for_each(|_| admitted.decide(black_box(&grant)));
}

/// A unary call in one process, both sides.
fn call(runs: u32) {
    Caller::default().unary(runs);
}

/// A thousand items of a server stream in one process, both sides: framing.
fn items(runs: u32) {
    let caller = Caller::default();
    (0..runs).for_each(|_| caller.read_items(ITEMS));
}

/// Describes a service and computes the id of its contract.
fn contract(runs: u32) {
    for _ in 0..runs {
        black_box(Contract::of(black_box(Guarded::DESCRIPTOR)).verify().expect("its own id"));
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => count_all().and_then(|counts| compare(&counts)),
        ["--write"] => count_all().and_then(|counts| write(&counts)),
        [name, runs] => run(name, runs),
        _ => Err("usage: instructions [--write]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, runs: &str) -> Result<(), String> {
    let operation = OPERATIONS.iter().find(|(known, ..)| *known == name);
    let (_, _, operation) = operation.ok_or_else(|| format!("no operation is called {name:?}"))?;
    operation(runs.parse().map_err(|_| format!("{runs:?} is no number"))?);
    Ok(())
}

/// Instructions of each operation, by name.
type Counts = BTreeMap<String, f64>;

fn count_all() -> Result<Counts, String> {
    let count = |(name, runs, _): &(&str, u32, _)| {
        let (few, many) = (count(name, *runs)?, count(name, runs * 3)?);
        let each = many.saturating_sub(few) as f64 / f64::from(runs * 2);
        Ok(((*name).to_owned(), each.round()))
    };
    OPERATIONS.iter().map(count).collect()
}

/// Instructions of a whole process that runs an operation.
fn count(name: &str, runs: u32) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args([name, &runs.to_string()])
        .output()
        .map_err(|error| format!("valgrind does not start: {error}; install it"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let total = said.lines().find_map(|line| line.split_once("refs:"));
    let total = total.map(|(_, number)| number.trim().replace(',', ""));
    match total.and_then(|number| number.parse().ok()) {
        Some(number) if output.status.success() => Ok(number),
        _ => Err(format!("{name} under valgrind gave no count:\n{said}")),
    }
}

/// The compiler's version: another one makes other instructions.
fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    version.unwrap_or_else(|_| "rustc unknown".to_owned())
}

fn write(counts: &Counts) -> Result<(), String> {
    let mut text = format!("# {}\n", compiler());
    for (name, count) in counts {
        let _ = writeln!(text, "{name} {count}");
    }
    print!("{text}");
    std::fs::write(BASELINE, text).map_err(|error| format!("{BASELINE}: {error}"))
}

fn compare(counts: &Counts) -> Result<(), String> {
    let text = std::fs::read_to_string(BASELINE)
        .map_err(|error| format!("{BASELINE}: {error}; make it with --write"))?;
    let (compiler, made_by) = (compiler(), text.lines().next().unwrap_or_default());
    if made_by.trim_start_matches("# ") != compiler {
        return Err(format!(
            "the counts were made by {made_by:?} and this is {compiler}; check out the commit before this change, make \
             them again with --write, and compare"
        ));
    }
    let mut failed = Vec::new();
    for (name, count) in counts {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        let before: f64 = line
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| format!("{BASELINE} has no count of {name}; make it with --write"))?;
        let change = count / before - 1.0;
        println!("{name:10} {before:>9} -> {count:>9}  {:+.2} %", change * 100.0);
        if change > TOLERANCE {
            failed.push(name.as_str());
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(format!(
            "more than {:.0} % more instructions: {}; find out why, or accept it with --write",
            TOLERANCE * 100.0,
            failed.join(", ")
        )),
    }
}
