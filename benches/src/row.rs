//! A row: one thing that is measured, with its server and its client.

use std::pin::Pin;

use crate::calls;
use crate::figures::{Figures, Measure};
use crate::load::{Load, Window};

/// One thing that is measured.
#[derive(Debug)]
pub struct Row {
    /// What the command line calls it.
    pub name: &'static str,
    /// What the tables call it.
    pub title: &'static str,
    /// Where it is shown.
    pub table: Table,
    /// The row that ratios are to.
    pub baseline: &'static str,
    pub loads: &'static [Load],
    /// The Tokio runtime of both processes.
    pub runtime: Runtime,
    /// Variables of both processes.
    pub environment: &'static [(&'static str, &'static str)],
    /// Prints the server's address and serves until it is killed.
    pub serve: fn() -> Work<()>,
    /// The client's part.
    pub measure: fn(Run) -> Work<Figures>,
}

/// What a row's functions give to the runtime.
pub type Work<T> = Pin<Box<dyn Future<Output = T>>>;

/// The table that a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Echo of 64 bytes.
    Unary,
    /// Items on one stream.
    Streams,
    /// Whole calls that take long.
    Whole,
    /// What is held.
    Held,
}

impl Table {
    /// In the order of the report.
    pub const ALL: [Self; 4] = [Self::Unary, Self::Streams, Self::Whole, Self::Held];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Unary => "Unary echo of 64 bytes, one connection",
            Self::Streams => "Items of 64 bytes, one stream",
            Self::Whole => "Large messages, whole streams, connecting",
            Self::Held => "What is held",
        }
    }

    /// What is shown as a ratio to the row's baseline.
    #[must_use]
    pub const fn ratios(self) -> &'static [Measure] {
        match self {
            Self::Unary => &[Measure::PerSecond, Measure::P50],
            Self::Streams => &[Measure::PerSecond],
            Self::Whole => &[Measure::P50],
            Self::Held => &[Measure::ServerKib],
        }
    }

    /// What is shown.
    #[must_use]
    pub const fn columns(self) -> &'static [Measure] {
        use Measure::{
            ClientCpu, ClientKib, Datagrams, P50, P90, P99, P999, Packets, PerSecond, ServerCpu,
            ServerKib,
        };
        match self {
            Self::Unary => {
                &[P50, P90, P99, P999, PerSecond, ClientCpu, ServerCpu, Packets, Datagrams]
            }
            Self::Streams => &[PerSecond, ClientCpu, ServerCpu, Packets],
            Self::Whole => &[P50, P90, P99],
            Self::Held => &[ServerKib, ClientKib, PerSecond, P50],
        }
    }
}

/// The runtime of a row's processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// What `#[tokio::main]` gives.
    MultiThread,
    /// One thread: tasks that are ready run before the connection's driver, so
    /// calls share packets.
    CurrentThread,
}

impl Runtime {
    /// Runs `work` on a runtime of this kind.
    pub fn run<T>(self, work: impl Future<Output = T>) -> T {
        let mut builder = match self {
            Self::MultiThread => tokio::runtime::Builder::new_multi_thread(),
            Self::CurrentThread => tokio::runtime::Builder::new_current_thread(),
        };
        builder.enable_all().build().expect("a runtime starts").block_on(work)
    }
}

/// One run of a row's client.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the server printed.
    pub address: String,
    /// The server's process.
    pub server: u32,
    pub load: Load,
    pub window: Window,
}

impl Run {
    /// Makes calls as the load says.
    pub async fn calls<C, F>(&self, call: C) -> Figures
    where
        C: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        match self.load {
            Load::Closed(in_flight) => calls::closed(self, in_flight, call).await,
            Load::Open(rate) => calls::open(self, rate, call).await,
            other => panic!("{other} is no load of calls"),
        }
    }
}
