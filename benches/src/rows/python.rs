//! The Python package that shares our wire, on both sides.
//!
//! The processes of this row become the interpreter, so that the measured
//! process is the one that was started. `ASTER_PEER_VENV` names the virtual
//! environment that `interop/peer/setup` makes.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::figures::Figures;
use crate::load::Load;
use crate::row::{Row, Run, Runtime, Table};

pub(super) const NAME: &str = "python";

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python/echo.py");

pub(super) const ROWS: &[Row] = &[Row {
    name: NAME,
    title: "Python package 0.1.2, both sides",
    table: Table::Unary,
    baseline: "raw",
    loads: &[Load::Closed(1), Load::Closed(16), Load::Closed(64), Load::Closed(256)],
    runtime: Runtime::CurrentThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

fn interpreter() -> Command {
    let home = || {
        let home = std::env::var_os("HOME").expect("HOME is set");
        Path::new(&home).join(".cache/aster-peer")
    };
    let environment = std::env::var_os("ASTER_PEER_VENV").map_or_else(home, PathBuf::from);
    let mut command = Command::new(environment.join("bin/python"));
    command.arg(PROGRAM);
    command
}

async fn serve() {
    let error = interpreter().arg("serve").exec();
    panic!("Python does not start; run interop/peer/setup and set ASTER_PEER_VENV: {error}");
}

async fn measure(run: Run) -> Figures {
    let Load::Closed(in_flight) = run.load else { panic!("this row knows closed loops") };
    let seconds = |time: std::time::Duration| time.as_secs_f64().to_string();
    let error = interpreter()
        .args(["measure", &run.address, &in_flight.to_string(), &run.server.to_string()])
        .args([seconds(run.window.warm_up), seconds(run.window.counted)])
        .exec();
    panic!("Python does not start: {error}");
}
