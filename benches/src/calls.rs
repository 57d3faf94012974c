//! The two ways of making calls: closed and open loops.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use crate::figures::{Figures, Measure, latencies, note};
use crate::process::Usage;
use crate::row::Run;

/// How long the calls of an open loop may take to end after the last began.
const STRAGGLERS: Duration = Duration::from_secs(10);

/// Keeps `in_flight` calls running.
pub async fn closed<C, F>(run: &Run, in_flight: usize, call: C) -> Figures
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let call = Arc::new(call);
    let start = Instant::now() + run.window.warm_up;
    let end = start + run.window.counted;
    let workers: Vec<_> = (0..in_flight)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                let mut latencies = latencies();
                loop {
                    let began = Instant::now();
                    if began >= end {
                        return latencies;
                    }
                    call().await;
                    if began >= start {
                        note(&mut latencies, began.elapsed());
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep_until(start.into()).await;
    let usage = Usage::now(run.server);
    let mut all = latencies();
    for worker in workers {
        all.add(worker.await.expect("a worker does not panic")).expect("same shape");
    }
    let calls = all.len() as f64;
    let per_second = calls / start.elapsed().as_secs_f64();
    let figures = Figures::of_latencies(&all).with(Measure::PerSecond, per_second);
    usage.each_since(calls, figures)
}

/// Starts `rate` calls a second. A thread of its own keeps the time, so that a
/// busy runtime makes calls late and not rare: lateness is latency.
pub async fn open<C, F>(run: &Run, rate: u32, call: C) -> Figures
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now() + run.window.warm_up;
    let end = start + run.window.counted;
    let all = Arc::new(Mutex::new(latencies()));
    let tasks = TaskTracker::new();
    let pace = {
        let (all, tasks, runtime) = (all.clone(), tasks.clone(), Handle::current());
        let first = Instant::now();
        move || {
            let _inside = runtime.enter();
            let due = |n: u32| first + Duration::from_secs(1) * n / rate;
            for due in (0..).map(due).take_while(|due| *due < end) {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let (call, all) = (call(), all.clone());
                tasks.spawn_on(
                    async move {
                        call.await;
                        if due >= start {
                            let mut all = all.lock().expect("nobody panics with it");
                            note(&mut all, due.elapsed());
                        }
                    },
                    &runtime,
                );
            }
        }
    };
    let pace = std::thread::spawn(pace);
    tokio::time::sleep_until(start.into()).await;
    let usage = Usage::now(run.server);
    tokio::time::sleep_until(end.into()).await;
    pace.join().expect("it does not panic");
    tasks.close();
    tokio::time::timeout(STRAGGLERS, tasks.wait()).await.expect("every call ends");
    let all = all.lock().expect("nobody panics with it");
    let calls = all.len() as f64;
    let per_second = calls / start.elapsed().as_secs_f64();
    let figures = Figures::of_latencies(&all).with(Measure::PerSecond, per_second);
    usage.each_since(calls, figures)
}
