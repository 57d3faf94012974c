//! `bench`: many calls of one method, and how long they took.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

use futures::StreamExt;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::line::Word;
use super::listing::counted;
use crate::failure::Failure;
use crate::remote::{CallOptions, Callee, Items, RemoteMethod, invoke};

/// Calls without `-n`.
const DEFAULT_COUNT: u64 = 1000;

/// Most calls.
const MAX_COUNT: u64 = 100_000_000;

/// Most calls at a time.
const MAX_CONCURRENCY: u64 = 4096;

/// Kinds of errors that are told apart.
const MAX_ERRORS: usize = 16;

/// Significant figures of a latency.
const FIGURES: u8 = 3;

/// The time between two looks at how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

/// How much to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) count: u64,
    pub(super) concurrency: u64,
}

impl Load {
    /// Takes `-c N` and `-n N` out of the words of a line.
    ///
    /// # Errors
    /// They are no numbers, or too large.
    pub(super) fn take(words: &[Word]) -> Result<(Self, Vec<Word>), Failure> {
        let mut load = Self { count: DEFAULT_COUNT, concurrency: 1 };
        let mut others = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (place, most) = match word.text.as_str() {
                "-n" => (&mut load.count, MAX_COUNT),
                "-c" => (&mut load.concurrency, MAX_CONCURRENCY),
                _ => {
                    others.push(word.clone());
                    continue;
                }
            };
            let number = words.next().and_then(|word| word.text.parse().ok());
            *place = number.filter(|number| (1..=most).contains(number)).ok_or_else(|| {
                Failure::usage(format!("{} takes a number from 1 to {most}", word.text))
            })?;
        }
        Ok((load, others))
    }
}

/// What was measured.
#[derive(Debug)]
pub(super) struct Measurement {
    load: Load,
    method: String,
    elapsed: Duration,
    /// Of calls that succeeded, in microseconds.
    latencies: Histogram<u64>,
    errors: BTreeMap<String, u64>,
}

/// Calls the method again and again with the same request.
///
/// # Errors
/// The histogram cannot be made.
pub(super) async fn run(
    callee: &Callee,
    method: &RemoteMethod,
    request: &Value,
    load: Load,
    show_progress: bool,
) -> Result<Measurement, Failure> {
    let latencies = Histogram::new(FIGURES).map_err(|error| Failure::runtime(error.to_string()))?;
    let began = Instant::now();
    let mut measurement = Measurement {
        load,
        method: method.full_name(),
        elapsed: Duration::ZERO,
        latencies,
        errors: BTreeMap::new(),
    };
    let options = CallOptions::default();
    let one = |_| async {
        let began = Instant::now();
        let items = Items::One(request.clone());
        let result = invoke(callee, method, items, &options, &mut |_| Ok(())).await;
        (began.elapsed(), result)
    };
    let concurrency = usize::try_from(load.concurrency).unwrap_or(usize::MAX);
    let mut calls =
        std::pin::pin!(futures::stream::iter(0..load.count).map(one).buffer_unordered(concurrency));
    let progress = Progress { is_shown: show_progress };
    let (mut done, mut shown) = (0, began);
    while let Some((latency, result)) = calls.next().await {
        done += 1;
        match result {
            Ok(_) => measurement
                .latencies
                .saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX)),
            Err(failure) => measurement.note_error(failure.message()),
        }
        if shown.elapsed() >= PROGRESS_INTERVAL {
            shown = Instant::now();
            progress.show(done, load.count);
        }
    }
    measurement.elapsed = began.elapsed();
    Ok(measurement)
}

/// A line on standard error that goes away by itself.
struct Progress {
    is_shown: bool,
}

impl Progress {
    fn show(&self, done: u64, count: u64) {
        if self.is_shown {
            eprint!("\r{done} of {}", counted(usize::try_from(count).unwrap_or(0), "call"));
            let _ = std::io::stderr().flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            eprint!("\r\x1b[K");
        }
    }
}

impl Measurement {
    /// Errors are counted by status and message, without what differs from
    /// call to call.
    fn note_error(&mut self, message: &str) {
        let message = message.lines().next().unwrap_or_default();
        let full = self.errors.len() >= MAX_ERRORS && !self.errors.contains_key(message);
        let kind = if full { "others" } else { message };
        *self.errors.entry(kind.to_owned()).or_default() += 1;
    }

    fn millis(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1000.0
    }

    fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "method": self.method,
            "calls": self.load.count,
            "concurrency": self.load.concurrency,
            "seconds": self.elapsed.as_secs_f64(),
            "calls_per_second": self.per_second(),
            "p50_ms": self.millis(0.5),
            "p90_ms": self.millis(0.9),
            "p99_ms": self.millis(0.99),
            "max_ms": self.latencies.max() as f64 / 1000.0,
            "errors": self.errors,
        })
    }

    pub(super) fn text(&self) -> String {
        let calls = counted(usize::try_from(self.load.count).unwrap_or(usize::MAX), "call");
        let mut text = format!(
            "{}: {calls}, {} at a time, in {:.2} s",
            self.method,
            self.load.concurrency,
            self.elapsed.as_secs_f64()
        );
        if !self.latencies.is_empty() {
            text.push_str(&format!(
                "\n  {:.0} calls/s\n  p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
                self.per_second(),
                self.millis(0.5),
                self.millis(0.9),
                self.millis(0.99),
                self.latencies.max() as f64 / 1000.0
            ));
        }
        for (kind, count) in &self.errors {
            text.push_str(&format!("\n  {count} failed: {kind}"));
        }
        text
    }

    /// Whether no call succeeded.
    pub(super) fn failed(&self) -> bool {
        self.latencies.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::words;
    use super::*;

    #[test]
    fn the_load_is_taken_out_of_the_words() {
        let (load, others) = Load::take(&words("m -c 5 a=1 -n 20 b=-n")).unwrap();
        assert_eq!(load, Load { count: 20, concurrency: 5 });
        let texts: Vec<_> = others.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["m", "a=1", "b=-n"]);
        for wrong in ["m -c", "m -c 0", "m -n x", "m -n 100000001", "m -c 4097"] {
            assert!(Load::take(&words(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_measurement_says_what_failed() {
        let mut measurement = Measurement {
            load: Load { count: 30, concurrency: 2 },
            method: "A.b".into(),
            elapsed: Duration::from_secs(2),
            latencies: Histogram::new(FIGURES).unwrap(),
            errors: BTreeMap::new(),
        };
        assert!(measurement.failed());
        for number in 0..20 {
            measurement.note_error(&format!("kind {number}\nmore"));
        }
        assert_eq!(measurement.errors.len(), MAX_ERRORS + 1);
        assert_eq!(measurement.errors["others"], 4);
        for _ in 0..10 {
            measurement.latencies.record(1500).unwrap();
        }
        let text = measurement.text();
        assert!(
            text.starts_with("A.b: 30 calls, 2 at a time, in 2.00 s\n  5 calls/s\n  p50 1.50 ms")
        );
        assert!(text.contains("\n  4 failed: others"));
        assert_eq!(measurement.json()["p99_ms"], 1.5);
    }
}
