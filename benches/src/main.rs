//! Measures unary calls beside a raw iroh echo, in two processes on loopback.
//!
//! `cargo run --release` runs interleaved rounds of every row and prints a
//! Markdown table: medians over the rounds, and ratios to the raw echo.

mod aster_echo;
mod cancellation;
mod load;
mod raw_echo;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use load::{Figures, median};

/// Calls kept in flight on one connection.
const IN_FLIGHT: [usize; 4] = [1, 16, 64, 256];

/// Rounds of every row; the median is reported.
const ROUNDS: usize = 5;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Raw,
    Aster,
    AsterAmbient,
}

impl Row {
    const ALL: [Self; 3] = [Self::Raw, Self::Aster, Self::AsterAmbient];

    fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw iroh, stream per call, default tokio",
            Self::Aster => "aster typed XLANG unary",
            Self::AsterAmbient => "aster, packets on the program's runtime (ASTER_IO=current)",
        }
    }

    fn role(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Aster | Self::AsterAmbient => "aster",
        }
    }

    fn command(self, arguments: &[&str]) -> Command {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        command.args(arguments).env("ASTER_RELAY_MODE", "disabled");
        if self == Self::AsterAmbient {
            command.env("ASTER_IO", "current");
        } else {
            command.env_remove("ASTER_IO");
        }
        command
    }
}

/// A server process, ended when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(row: Row) -> Self {
        let mut child = row
            .command(&["serve", row.role()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut address).expect("it prints its address");
        Self { child, address: address.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", "raw"] => raw_echo::serve().await,
        ["serve", "aster"] => aster_echo::serve().await,
        ["client", "raw", address, in_flight] => {
            raw_echo::measure(address, in_flight.parse().expect("a number")).await.print();
        }
        ["client", "aster", address, in_flight] => {
            aster_echo::measure(address, in_flight.parse().expect("a number")).await.print();
        }
        ["cancel"] => cancellation::measure().await,
        [] => compare(),
        _ => {
            eprintln!("usage: aster-benches [cancel]   (no argument: unary calls beside raw iroh)");
            std::process::exit(2);
        }
    }
}

fn compare() {
    let servers: Vec<_> = Row::ALL.into_iter().map(|row| (row, Server::start(row))).collect();
    let mut all: Vec<(Row, usize, Vec<Figures>)> = Vec::new();
    for round in 1..=ROUNDS {
        for in_flight in IN_FLIGHT {
            for (row, server) in &servers {
                eprintln!("round {round}/{ROUNDS}, {in_flight} in flight: {}", row.name());
                let output = row
                    .command(&["client", row.role(), &server.address, &in_flight.to_string()])
                    .output()
                    .expect("the client runs");
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                let figures = Figures::parse(&String::from_utf8_lossy(&output.stdout));
                match all.iter_mut().find(|(r, n, _)| r == row && *n == in_flight) {
                    Some((_, _, list)) => list.push(figures),
                    None => all.push((*row, in_flight, vec![figures])),
                }
            }
        }
    }
    print_table(&all);
}

fn print_table(all: &[(Row, usize, Vec<Figures>)]) {
    println!(
        "| in flight | what | p50 | p99 | calls/s | CPU of the client per call | calls/s to raw | p50 to raw |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for in_flight in IN_FLIGHT {
        let find = |row: Row| {
            let (_, _, list) =
                all.iter().find(|(r, n, _)| *r == row && *n == in_flight).expect("measured");
            median(list)
        };
        let raw = find(Row::Raw);
        for row in Row::ALL {
            let f = find(row);
            println!(
                "| {in_flight} | {} | {:.0} µs | {:.0} µs | {:.1} k | {:.1} µs | {:.2} | {:.2} |",
                row.name(),
                f.p50_us,
                f.p99_us,
                f.per_second / 1000.0,
                f.cpu_us,
                f.per_second / raw.per_second,
                f.p50_us / raw.p50_us,
            );
        }
    }
}
