//! A closed loop of calls, and what it gives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// How long calls are made before counting, and counted.
const WARM_UP: Duration = Duration::from_millis(300);
const COUNTED: Duration = Duration::from_millis(1200);

/// The figures of one run.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub p50_us: f64,
    pub p99_us: f64,
    pub per_second: f64,
    pub cpu_us: f64,
}

impl Figures {
    pub fn print(self) {
        println!("{} {} {} {}", self.p50_us, self.p99_us, self.per_second, self.cpu_us);
    }

    pub fn parse(text: &str) -> Self {
        let numbers: Vec<f64> =
            text.split_whitespace().map(|n| n.parse().expect("a number")).collect();
        let [p50_us, p99_us, per_second, cpu_us] = numbers[..] else {
            panic!("four figures, got {text:?}");
        };
        Self { p50_us, p99_us, per_second, cpu_us }
    }
}

/// Each figure's median.
pub fn median(list: &[Figures]) -> Figures {
    let of = |get: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = list.iter().map(get).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Figures {
        p50_us: of(|f| f.p50_us),
        p99_us: of(|f| f.p99_us),
        per_second: of(|f| f.per_second),
        cpu_us: of(|f| f.cpu_us),
    }
}

/// Keeps `in_flight` calls running.
pub async fn closed_loop<C, F>(in_flight: usize, call: C) -> Figures
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send,
{
    let call = Arc::new(call);
    let start = Instant::now() + WARM_UP;
    let end = start + COUNTED;
    let workers: Vec<_> = (0..in_flight)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                let mut latency = Histogram::<u64>::new(3).expect("three digits");
                loop {
                    let began = Instant::now();
                    if began >= end {
                        return latency;
                    }
                    call().await;
                    if began >= start {
                        latency.record(began.elapsed().as_nanos() as u64).expect("auto-resizes");
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep_until(start.into()).await;
    let cpu = cpu_time();
    tokio::time::sleep_until(end.into()).await;
    let cpu = cpu_time() - cpu;
    let mut all = Histogram::<u64>::new(3).expect("three digits");
    for worker in workers {
        all.add(worker.await.expect("a worker does not panic")).expect("same shape");
    }
    let calls = all.len() as f64;
    Figures {
        p50_us: all.value_at_quantile(0.5) as f64 / 1000.0,
        p99_us: all.value_at_quantile(0.99) as f64 / 1000.0,
        per_second: calls / COUNTED.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1e6 / calls,
    }
}

/// User and system time of this process, from `/proc`; zero elsewhere.
fn cpu_time() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let Ok(text) = std::fs::read_to_string("/proc/self/stat") else {
        return Duration::ZERO;
    };
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}
