//! Runs rows: two processes for each run, every row once in each round.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::figures::Figures;
use crate::load::{Load, Window};
use crate::results::Results;
use crate::row::{Row, Run};

/// A run that takes longer has hung.
const RUN_AT_MOST: Duration = Duration::from_secs(120);

/// Variables of ours that would change what is measured.
const CLEARED: [&str; 3] = ["ASTER_IO", "ASTER_CONFIG", "ASTER_ENROLLMENT_CREDENTIAL"];

/// What is to be measured.
#[derive(Debug)]
pub struct Plan {
    pub rows: Vec<&'static Row>,
    pub rounds: usize,
    /// Short runs, and nothing that takes long.
    pub quick: bool,
    /// Whether what needs no network is measured as well.
    pub in_memory: bool,
    /// How busy the machine was before: processes that ran or wanted to.
    pub busy: f64,
}

/// A server process, ended when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(row: &Row) -> Result<Self, String> {
        let mut child = command(row, &["serve", row.name])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server does not start: {error}"))?;
        let stdout = child.stdout.take().ok_or("its output is not piped")?;
        let mut server = Self { child, address: String::new() };
        let read = BufReader::new(stdout).read_line(&mut server.address);
        read.map_err(|error| format!("the server's address cannot be read: {error}"))?;
        server.address.truncate(server.address.trim_end().len());
        if server.address.is_empty() {
            return Err("the server printed no address".to_owned());
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program in another role.
fn command(row: &Row, arguments: &[&str]) -> Command {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    for variable in CLEARED {
        command.env_remove(variable);
    }
    command.args(arguments).env("ASTER_RELAY_MODE", "disabled");
    command.envs(row.environment.iter().copied());
    command
}

/// Runs everything in the plan; says on standard error what it does, and which
/// runs failed.
#[must_use]
pub fn run(plan: &Plan) -> Results {
    let mut results = Results::default();
    for round in 1..=plan.rounds {
        for (row, load) in runs(plan, round) {
            eprintln!("round {round} of {}: {} {load}", plan.rounds, row.name);
            match once(row, load, plan.quick) {
                Ok(figures) => results.add(row.name, load, figures),
                Err(error) => {
                    eprintln!("  failed: {error}");
                    results.add_failure(format!("`{} {load}`: {error}", row.name));
                }
            }
        }
        if plan.in_memory {
            eprintln!("round {round} of {}: in memory", plan.rounds);
            match in_memory() {
                Ok(lines) => lines.into_iter().for_each(|line| results.add_line(line)),
                Err(error) => {
                    eprintln!("  failed: {error}");
                    results.add_failure(format!("in memory: {error}"));
                }
            }
        }
    }
    results
}

/// The runs of a round: load by load, so that rows which are compared run one
/// after the other.
fn runs(plan: &Plan, round: usize) -> Vec<(&'static Row, Load)> {
    let mut loads: Vec<Load> = Vec::new();
    for load in plan.rows.iter().flat_map(|row| row.loads) {
        if !loads.contains(load) {
            loads.push(*load);
        }
    }
    loads.retain(|load| (round == 1 || !load.is_heavy()) && !(plan.quick && load.is_long()));
    let rows = |load: Load| plan.rows.iter().filter(move |row| row.loads.contains(&load));
    loads.iter().flat_map(|&load| rows(load).map(move |&row| (row, load))).collect()
}

/// One run: a new server, a new client.
fn once(row: &'static Row, load: Load, quick: bool) -> Result<Figures, String> {
    let server = Server::start(row)?;
    let (load, process) = (load.to_string(), server.child.id().to_string());
    let mut client = command(row, &["measure", row.name, &load, &server.address, &process]);
    if quick {
        client.arg("--quick");
    }
    let output = client.output().map_err(|error| format!("the client does not start: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.trim().replace('\n', " "));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("no figures: {error}"))
}

/// The lines of the program that measures without a network.
fn in_memory() -> Result<Vec<crate::results::Line>, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = program.with_file_name("in-memory");
    let output = Command::new(&program)
        .arg("--json")
        .output()
        .map_err(|error| format!("{}: {error}; build all programs first", program.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{line}: {error}")))
        .collect()
}

/// The server's role: prints the address and serves until it is killed.
pub fn serve(row: &Row) {
    row.runtime.run((row.serve)());
}

/// The client's role: prints the figures; ends the process if a call fails or
/// the row hangs, so that the harness goes on.
pub fn measure(row: &Row, load: Load, address: String, server: u32, quick: bool) {
    // A call that fails ends the run: what is left of it means nothing.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        std::process::exit(1);
    }));
    let window = if quick { Window::quick() } else { Window::full() };
    let run = Run { address, server, load, window };
    let figures = row.runtime.run(async {
        tokio::time::timeout(RUN_AT_MOST, (row.measure)(run)).await.expect("the row hangs")
    });
    println!("{}", serde_json::to_string(&figures).expect("numbers have a form"));
}
