//! What a run gives: numbers, each with its unit.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// What is measured. Times are microseconds unless the name says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Measure {
    /// Calls or items in a second.
    PerSecond,
    P50,
    P90,
    P99,
    P999,
    /// Processor time of the client process for each call or item.
    ClientCpu,
    /// Processor time of the server process for each call or item.
    ServerCpu,
    /// Packets on the loopback interface for each call or item, both ways.
    Packets,
    /// UDP datagrams that the client's connection sent for each call, where a
    /// row owns its connection.
    Datagrams,
    /// Memory of the server, each or in all, KiB.
    ServerKib,
    /// Memory of the client, each or in all, KiB.
    ClientKib,
    /// One call, item or operation in memory, nanoseconds.
    Nanoseconds,
    /// Allocations of the same.
    Allocations,
    /// Encoded size.
    Bytes,
}

impl Measure {
    /// The head of its column.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PerSecond => "per second",
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P99 => "p99",
            Self::P999 => "p99.9",
            Self::ClientCpu => "client CPU",
            Self::ServerCpu => "server CPU",
            Self::Packets => "packets",
            Self::Datagrams => "datagrams of the client",
            Self::ServerKib => "server memory",
            Self::ClientKib => "client memory",
            Self::Nanoseconds => "time",
            Self::Allocations => "allocations",
            Self::Bytes => "bytes",
        }
    }

    /// A value of it, with its unit.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        match self {
            Self::PerSecond if value >= 1e6 => format!("{:.2} M", value / 1e6),
            Self::PerSecond if value >= 1e3 => format!("{:.1} k", value / 1e3),
            Self::PerSecond => format!("{value:.0}"),
            Self::P50 | Self::P90 | Self::P99 | Self::P999 if value >= 10_000.0 => {
                format!("{:.1} ms", value / 1e3)
            }
            Self::P50 | Self::P90 | Self::P99 | Self::P999 => format!("{value:.0} µs"),
            Self::ClientCpu | Self::ServerCpu => format!("{value:.2} µs"),
            Self::Packets | Self::Datagrams => format!("{value:.3}"),
            Self::ServerKib | Self::ClientKib => format!("{value:.1} KiB"),
            Self::Nanoseconds if value >= 1e4 => format!("{:.1} µs", value / 1e3),
            Self::Nanoseconds => format!("{value:.0} ns"),
            Self::Allocations => format!("{value:.2}"),
            Self::Bytes => format!("{value:.0}"),
        }
    }
}

/// The figures of one run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Figures(BTreeMap<Measure, f64>);

impl Figures {
    /// Adds one, or replaces it.
    #[must_use]
    pub fn with(mut self, measure: Measure, value: f64) -> Self {
        self.0.insert(measure, value);
        self
    }

    /// These and the others; the others count where both have a measure.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    #[must_use]
    pub fn get(&self, measure: Measure) -> Option<f64> {
        self.0.get(&measure).copied()
    }

    /// The quantiles of a histogram of nanoseconds.
    #[must_use]
    pub fn of_latencies(latencies: &Histogram<u64>) -> Self {
        let at = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
        Self::default()
            .with(Measure::P50, at(0.5))
            .with(Measure::P90, at(0.9))
            .with(Measure::P99, at(0.99))
            .with(Measure::P999, at(0.999))
    }

    /// Each measure's median over the rounds.
    #[must_use]
    pub fn median(rounds: &[Self]) -> Self {
        let mut values: BTreeMap<Measure, Vec<f64>> = BTreeMap::new();
        for (measure, value) in rounds.iter().flat_map(|figures| &figures.0) {
            values.entry(*measure).or_default().push(*value);
        }
        let middle = |mut list: Vec<f64>| {
            list.sort_by(f64::total_cmp);
            list[list.len() / 2]
        };
        Self(values.into_iter().map(|(measure, list)| (measure, middle(list))).collect())
    }
}

/// A histogram of nanoseconds that grows as needed.
#[must_use]
pub fn latencies() -> Histogram<u64> {
    Histogram::new(3).expect("three digits are allowed")
}

/// Notes how long something took.
pub fn note(latencies: &mut Histogram<u64>, took: Duration) {
    latencies.record(took.as_nanos() as u64).expect("it grows as needed");
}
