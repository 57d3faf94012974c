//! The interop suite: Rust and Python programs call each other. Started by
//! `interop/run`, which makes the Python side and the network namespace.

mod book;
mod chapter5;
mod contracts;
mod generated;
mod guide;
mod process;
mod programs;
mod shell;
mod table;
#[path = "../../../examples/mission-control/tests/mission_control/table.rs"]
mod table5;
mod trust_cli;
mod trust_files;

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use book::{Book, Cell};
use process::{Finished, Server, run};
use table::{CaseRow, Outcome};

/// Longest that one cell or case may take.
const CLIENT_LIMIT: Duration = Duration::from_secs(60);

/// What the clients say when they try a cell that cannot be done. Any other
/// failure is not the listed one.
const EXPLAINED: [&str; 5] = [
    "have no choice of encoding",
    "raises AttributeError",
    "reads one frame per call",
    "takes one dict per call",
    "cannot compute the schema hash",
];

/// Cases that only the Rust client can do.
const RUST_ONLY: [(&str, &str); 1] = [("cancel_stream", "session")];

/// The four servers.
struct Servers {
    rust: Server,
    rust_json: Server,
    python: Server,
    python_json: Server,
}

impl Servers {
    fn start() -> Self {
        let with = |mut command: Command, argument: &str| {
            command.arg(argument);
            command
        };
        let python = || programs::python("matrix_server.py");
        thread::scope(|scope| {
            let python_side = scope.spawn(move || Server::start("the Python server", python()));
            let python_json = scope.spawn(move || {
                Server::start("the Python JSON server", with(python(), "--json-only"))
            });
            Self {
                rust: Server::start("the Rust server", programs::matrix_server()),
                rust_json: Server::start(
                    "the Rust JSON server",
                    with(programs::matrix_server(), "--json-only"),
                ),
                python: python_side.join().expect("the Python server"),
                python_json: python_json.join().expect("the Python JSON server"),
            }
        })
    }

    fn for_cell(&self, cell: &Cell) -> &Server {
        // A typed Rust client goes by what the server announces.
        let json = cell.announced
            || (cell.client == "rust" && cell.kind == "typed" && cell.codec == "json");
        match (cell.server.as_str(), json) {
            ("rust", false) => &self.rust,
            ("rust", true) => &self.rust_json,
            (_, false) => &self.python,
            (_, true) => &self.python_json,
        }
    }

    /// What is wrong with how they ended.
    fn stop(self) -> Vec<String> {
        let rust = [self.rust, self.rust_json].map(Server::stop);
        let python = [self.python, self.python_json].map(|server| {
            // How the reference ends is its own affair; that it still ran is not.
            match server.stop() {
                Err(problem) if problem.contains("by itself") => Err(problem),
                _ => Ok(()),
            }
        });
        let outcomes = rust.into_iter().chain(python);
        outcomes.filter_map(Result::err).collect()
    }
}

fn client(language: &str) -> Command {
    match language {
        "rust" => programs::matrix_client(),
        _ => programs::python("matrix_client.py"),
    }
}

fn cell_command(cell: &Cell, address: &str) -> Command {
    let mut command = client(&cell.client);
    command.arg(address);
    command.args(["--scope", &cell.scope, "--client", &cell.kind]);
    command.args(["--codec", &cell.codec, "--pattern", &cell.pattern]);
    if cell.announced {
        command.args(["--json-via", "announced"]);
    }
    command
}

fn passed(finished: &Finished) -> bool {
    finished.succeeded() && finished.stdout.trim() == "ok"
}

#[test]
fn matrix() {
    let began = Instant::now();
    let book = Book::read();
    let servers = Servers::start();
    println!("address of the Rust server after {:?}", servers.rust.ready_after);
    let problems = Mutex::new(Vec::new());
    let problem = |text: String| problems.lock().expect("problems").push(text);

    let workers = thread::available_parallelism().map_or(1, usize::from).min(4);
    let jobs = book.cells.iter().map(|(cell, impossible)| {
        let address = servers.for_cell(cell).address.as_str();
        (cell, impossible, address)
    });
    let jobs: Vec<_> = jobs.collect();
    let cells = in_parallel(workers, &jobs, |(cell, impossible, address)| {
        let finished = run(cell_command(cell, address), CLIENT_LIMIT);
        let outcome = match (passed(&finished), impossible) {
            (true, None) => Outcome::Passed,
            (false, None) => {
                problem(format!("{cell}: {finished}"));
                Outcome::Failed
            }
            (true, Some(_)) => {
                problem(format!("{cell}: passed, but cells.toml says it cannot be done"));
                Outcome::Passed
            }
            (false, Some(reason)) => {
                let explained = EXPLAINED.iter().any(|e| finished.reason().contains(e));
                if !explained || finished.code() != Some(1) {
                    problem(format!("{cell}: not the listed reason: {finished}"));
                }
                Outcome::Impossible(reason.clone())
            }
        };
        (Cell::clone(cell), outcome)
    });

    // One at a time: some of them measure time.
    let case = |language: &str, server: &Server, name: &str, scope: &str| {
        let mut command = client(language);
        command.args([&server.address, "--case", name, "--scope", scope]);
        let finished = run(command, CLIENT_LIMIT);
        if passed(&finished) {
            return Outcome::Passed;
        }
        problem(format!("case {name}, {scope}, {language} client: {finished}"));
        Outcome::Failed
    };
    let mut cases: Vec<CaseRow> = Vec::new();
    for listed in &book.cases {
        let name = listed.name.as_str();
        for scope in &listed.scopes {
            let outcomes = [
                case("python", &servers.rust, name, scope),
                case("rust", &servers.python, name, scope),
            ];
            cases.push((name.to_owned(), scope.clone(), outcomes));
        }
        for (_, scope) in RUST_ONLY.iter().filter(|(case, _)| *case == name) {
            let outcome = case("rust", &servers.python, name, scope);
            let outcomes = [Outcome::NotDone, outcome];
            cases.push((name.to_owned(), (*scope).to_owned(), outcomes));
        }
    }

    for trouble in servers.stop() {
        problem(trouble);
    }
    let text = table::render(&book, &cells, &cases);
    println!("{text}");
    let count = |wanted: fn(&Outcome) -> bool| {
        let of_cases = cases.iter().flat_map(|(_, _, outcomes)| outcomes);
        (
            cells.iter().filter(|(_, outcome)| wanted(outcome)).count(),
            of_cases.filter(|outcome| wanted(outcome)).count(),
        )
    };
    let (passed_cells, passed_cases) = count(|outcome| *outcome == Outcome::Passed);
    let (impossible, _) = count(|outcome| matches!(outcome, Outcome::Impossible(_)));
    println!(
        "{passed_cells} cells and {passed_cases} cases passed, {impossible} cells cannot be done, in {:.0?}",
        began.elapsed()
    );
    let mut problems = problems.into_inner().expect("problems");
    if problems.is_empty() {
        problems.extend(compare_with_file(&text));
    }
    report(&problems);
}

/// The kept table must be what was found.
fn compare_with_file(text: &str) -> Option<String> {
    let path = programs::file("MATRIX.md");
    if std::env::var_os("ASTER_INTEROP_WRITE").is_some() {
        std::fs::write(&path, text).expect("MATRIX.md");
        return None;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == text {
        return None;
    }
    let lines = kept.lines().zip(text.lines());
    let first = lines.into_iter().find(|(kept, found)| kept != found);
    Some(format!(
        "MATRIX.md is not what was found (interop/run --write writes it again); first difference: {first:?}"
    ))
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// Applies `work` to all items with a few threads; the results are in the
/// order of the items.
fn in_parallel<T: Sync, R: Send>(
    workers: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    results.lock().expect("results").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("results");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
