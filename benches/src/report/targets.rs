//! What the project promises itself, and whether it holds.

use std::fmt::Write;

use crate::figures::Measure::{self, Allocations, Nanoseconds, P50, PerSecond, ServerKib};
use crate::load::Load::{self, Closed, Held, Once};
use crate::memory::codec::{OURS, PEERS, SAMPLES, line_name};
use crate::memory::names;
use crate::results::Results;
use crate::rows::PYTHON;

/// One promise.
struct Target {
    what: &'static str,
    bound: Bound,
    figure: fn(&Results) -> Option<f64>,
}

#[derive(Clone, Copy)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

use Bound::{AtLeast, AtMost};

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            AtMost(bound) => figure <= bound,
            AtLeast(bound) => figure >= bound,
        }
    }

    fn show(self) -> String {
        match self {
            AtMost(bound) => format!("≤ {}", number(bound)),
            AtLeast(bound) => format!("≥ {}", number(bound)),
        }
    }
}

/// Three significant digits, large numbers in thousands and millions.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{:.2} M", value / 1e6),
        size if size >= 1e4 => format!("{:.1} k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

const UNARY: &str = "unary";

fn calls_to(results: &Results, peer: &str, in_flight: usize) -> Option<f64> {
    results.ratio(UNARY, peer, Closed(in_flight), PerSecond)
}

/// What a connection or session takes on the server, KiB.
fn held(results: &Results, row: &str, count: usize) -> Option<f64> {
    results.figure(row, Held(count), ServerKib)
}

/// The slowest of our encodings to the fastest of the others, both directions
/// together.
fn codec_to(results: &Results, peer: &str) -> Option<f64> {
    let both = |codec: &str, sample: &str| {
        let direction = |d| results.line(&line_name(codec, sample, d), Nanoseconds);
        Some(direction("encode")? + direction("decode")?)
    };
    let ratios = SAMPLES.iter().map(|sample| Some(both(OURS, sample)? / both(peer, sample)?));
    ratios.collect::<Option<Vec<_>>>()?.into_iter().reduce(f64::max)
}

fn thousand_times(results: &Results, row: &str, load: Load, measure: Measure) -> Option<f64> {
    Some(results.figure(row, load, measure)? / 1e3)
}

fn most_of(lines: &[&str], results: &Results, measure: Measure) -> Option<f64> {
    let figures = lines.iter().map(|name| results.line(name, measure));
    figures.collect::<Option<Vec<_>>>()?.into_iter().reduce(f64::max)
}

/// Every promise with a number.
const TARGETS: &[Target] = &[
    Target {
        what: "one call at a time: p50 to raw iroh",
        bound: AtMost(1.10),
        figure: |r| r.ratio(UNARY, "raw", Closed(1), P50),
    },
    Target {
        what: "one call at a time: p50 to the Python package",
        bound: AtMost(1.0 / 12.0),
        figure: |r| r.ratio(UNARY, PYTHON, Closed(1), P50),
    },
    Target {
        what: "64 in flight: calls/s to raw iroh",
        bound: AtLeast(2.0),
        figure: |r| calls_to(r, "raw", 64),
    },
    Target {
        what: "64 in flight: calls/s to tonic with TLS",
        bound: AtLeast(4.0),
        figure: |r| calls_to(r, "tonic", 64),
    },
    Target {
        what: "64 in flight: calls/s to tarpc, plain TCP",
        bound: AtLeast(1.3),
        figure: |r| calls_to(r, "tarpc", 64),
    },
    Target {
        what: "256 in flight: calls/s to raw iroh",
        bound: AtLeast(3.0),
        figure: |r| calls_to(r, "raw", 256),
    },
    Target {
        what: "256 in flight: calls/s to tonic with TLS",
        bound: AtLeast(5.0),
        figure: |r| calls_to(r, "tonic", 256),
    },
    Target {
        what: "256 in flight: calls/s to tarpc, plain TCP",
        bound: AtLeast(2.0),
        figure: |r| calls_to(r, "tarpc", 256),
    },
    Target {
        what: "server stream: items of 64 bytes a second",
        bound: AtLeast(1.5e6),
        figure: |r| r.figure("server-stream", Once, PerSecond),
    },
    Target {
        what: "bidi: items of 64 bytes a second, there and back",
        bound: AtLeast(1.5e6),
        figure: |r| r.figure("bidi", Once, PerSecond),
    },
    Target {
        what: "client stream of 10,000 metric points: ms until the answer",
        bound: AtMost(20.0),
        figure: |r| thousand_times(r, "metrics", Once, P50),
    },
    Target {
        what: "echo of 1 MiB: speed to raw iroh",
        bound: AtLeast(0.85),
        figure: |r| r.ratio("raw-large", "large", Once, P50),
    },
    Target {
        what: "a reader that sleeps: KiB that the server grows by",
        bound: AtMost(8192.0),
        figure: |r| r.figure("slow-reader", Once, ServerKib),
    },
    Target {
        what: "a reader that sleeps: KiB that the client grows by",
        bound: AtMost(8192.0),
        figure: |r| r.figure("slow-reader", Once, Measure::ClientKib),
    },
    Target {
        what: "unary call in one process: µs",
        bound: AtMost(3.0),
        figure: |r| r.line(names::UNARY, Nanoseconds).map(|ns| ns / 1e3),
    },
    Target {
        what: "unary call in one process: allocations",
        bound: AtMost(8.0),
        figure: |r| r.line(names::UNARY, Allocations),
    },
    Target {
        what: "stream item in one process: allocations beyond the payload",
        bound: AtMost(0.01),
        figure: |r| {
            let streams = [names::SERVER_STREAM, names::CLIENT_STREAM, names::BIDI];
            most_of(&streams, r, Allocations)
        },
    },
    Target {
        what: "gates: µs",
        bound: AtMost(1.0),
        figure: |r| r.line(names::GATES, Nanoseconds).map(|ns| ns / 1e3),
    },
    Target {
        what: "gates: allocations",
        bound: AtMost(0.0),
        figure: |r| r.line(names::GATES, Allocations),
    },
    Target {
        what: "XLANG, encoding and decoding, to prost",
        bound: AtMost(1.2),
        figure: |r| codec_to(r, PEERS[0]),
    },
    Target {
        what: "XLANG, encoding and decoding, to postcard",
        bound: AtMost(1.2),
        figure: |r| codec_to(r, PEERS[1]),
    },
    Target {
        what: "connect, admission and first call, to a raw connect",
        bound: AtMost(2.0),
        figure: |r| r.ratio("connect", "raw-connect", Once, P50),
    },
    Target {
        what: "idle connection: KiB on the server above raw iroh's, 10,000 held",
        bound: AtMost(8.0),
        figure: |r| Some(held(r, "held", 10_000)? - held(r, "raw-held", 10_000)?),
    },
    Target {
        what: "idle session: KiB on the server, 10,000 held",
        bound: AtMost(2.0),
        figure: |r| held(r, "held-sessions", 10_000),
    },
    Target {
        what: "calls/s beside 10,000 connections to those beside 1, and the same for raw iroh",
        bound: AtLeast(0.9),
        figure: |r| {
            let slowed = |row| {
                let many = r.figure(row, Held(10_000), PerSecond)?;
                Some(many / r.figure(row, Held(1), PerSecond)?)
            };
            Some(slowed("held")? / slowed("raw-held")?)
        },
    },
    Target {
        what: "call to one of 100 services of 50 methods, to one of 1",
        bound: AtMost(1.1),
        figure: |r| {
            let many = r.line(names::MANY_SERVICES, Nanoseconds)?;
            Some(many / r.line(names::ONE_SERVICE, Nanoseconds)?)
        },
    },
];

/// Appends the table; promises without a figure are left out.
pub fn put(out: &mut String, results: &Results) {
    let measured = |target: &'static Target| Some((target, (target.figure)(results)?));
    let lines: Vec<_> = TARGETS.iter().filter_map(measured).collect();
    if lines.is_empty() {
        return;
    }
    out.push_str("## Targets\n\n| target | wanted | measured | |\n|---|---|---|---|\n");
    for (target, figure) in &lines {
        let outcome = if target.bound.holds(*figure) { "met" } else { "**missed**" };
        let (wanted, figure) = (target.bound.show(), number(*figure));
        let _ = writeln!(out, "| {} | {wanted} | {figure} | {outcome} |", target.what);
    }
    let met = lines.iter().filter(|(target, figure)| target.bound.holds(*figure)).count();
    let _ = writeln!(out, "\n{met} of {} met.\n", lines.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Figures;

    #[test]
    fn a_target_is_met_or_missed_by_its_figure() {
        let mut results = Results::default();
        let p50 = |micros| Figures::default().with(P50, micros);
        results.add("raw", Closed(1), p50(100.0));
        results.add(UNARY, Closed(1), p50(109.0));
        let mut met = String::new();
        put(&mut met, &results);
        assert!(met.contains("| ≤ 1.1 | 1.09 | met |"), "{met}");
        results.add(UNARY, Closed(1), p50(111.0));
        results.add(UNARY, Closed(1), p50(112.0));
        let mut missed = String::new();
        put(&mut missed, &results);
        assert!(missed.contains("| ≤ 1.1 | 1.11 | **missed** |"), "{missed}");
    }
}
