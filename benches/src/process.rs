//! What processes use: processor time, memory and packets, from `/proc`.

use std::fs;
use std::time::Duration;

use crate::figures::{Figures, Measure};

/// Processor time of both processes and packets on loopback, up to now.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    server: u32,
    client_cpu: Duration,
    server_cpu: Duration,
    packets: u64,
}

impl Usage {
    /// Reads all of it; `server` is the other process.
    #[must_use]
    pub fn now(server: u32) -> Self {
        Self {
            server,
            client_cpu: cpu_time("self"),
            server_cpu: cpu_time(&server.to_string()),
            packets: loopback_packets(),
        }
    }

    /// What was used since, for each of `count` calls or items.
    #[must_use]
    pub fn each_since(self, count: f64, figures: Figures) -> Figures {
        let now = Self::now(self.server);
        let micros =
            |now: Duration, then: Duration| now.saturating_sub(then).as_secs_f64() * 1e6 / count;
        figures
            .with(Measure::ClientCpu, micros(now.client_cpu, self.client_cpu))
            .with(Measure::ServerCpu, micros(now.server_cpu, self.server_cpu))
            .with(Measure::Packets, now.packets.saturating_sub(self.packets) as f64 / count)
    }
}

/// Nanoseconds on a processor, of all threads that are alive; zero where
/// `/proc` does not tell.
fn cpu_time(process: &str) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Duration::ZERO;
    };
    let ran = threads.flatten().filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(ran.sum())
}

/// Packets that were sent over loopback in this network namespace. A burst
/// that the sender handed over as one counts as one.
fn loopback_packets() -> u64 {
    let text = fs::read_to_string("/proc/self/net/dev").unwrap_or_default();
    let counters = text.lines().find_map(|line| line.trim().strip_prefix("lo:"));
    let received = counters.and_then(|counters| counters.split_whitespace().nth(1));
    received.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Processes that ran or wanted to in the last minute; zero where `/proc` does
/// not tell.
#[must_use]
pub fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

/// Memory that a process holds, in KiB; zero where `/proc` does not tell.
#[must_use]
pub fn resident_kib(process: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let field = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = field.and_then(|field| field.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

/// Memory of both processes, to be compared with later.
#[derive(Clone, Debug)]
pub struct Memory {
    server: String,
    server_kib: f64,
    client_kib: f64,
}

impl Memory {
    #[must_use]
    pub fn now(server: u32) -> Self {
        let server = server.to_string();
        Self { server_kib: resident_kib(&server), client_kib: resident_kib("self"), server }
    }

    /// What both grew by, for each of `count`.
    #[must_use]
    pub fn each_since(&self, count: f64, figures: Figures) -> Figures {
        figures
            .with(Measure::ServerKib, (resident_kib(&self.server) - self.server_kib) / count)
            .with(Measure::ClientKib, (resident_kib("self") - self.client_kib) / count)
    }
}
