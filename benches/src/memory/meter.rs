//! Times operations and counts their allocations. The time is that of this
//! thread on a processor: what others do on the machine is not in it.

use std::time::Duration;

use cpu_time::ThreadTime;

use super::allocations;
use crate::figures::{Figures, Measure};
use crate::results::Line;

/// Rounds of a measurement; the median counts.
const ROUNDS: usize = 7;

/// How long a round takes, about.
const ROUND: Duration = Duration::from_millis(25);

/// Collects lines.
#[derive(Debug, Default)]
pub struct Meter {
    group: String,
    lines: Vec<Line>,
}

impl Meter {
    /// Begins a table.
    pub fn group(&mut self, title: &str) {
        title.clone_into(&mut self.group);
    }

    /// All lines so far.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Measures one operation.
    pub fn each(&mut self, name: &str, mut work: impl FnMut()) -> &mut Line {
        self.many(name, 1, |runs| (0..runs).for_each(|_| work()))
    }

    /// Measures `work`, which does as many operations as it is told; each
    /// counts as `parts`.
    pub fn many(&mut self, name: &str, parts: u32, mut work: impl FnMut(u32)) -> &mut Line {
        let runs = runs_of_a_round(&mut work);
        let mut nanoseconds = Vec::with_capacity(ROUNDS);
        let before = allocations::so_far();
        for _ in 0..ROUNDS {
            let start = ThreadTime::now();
            work(runs);
            let took = start.elapsed();
            nanoseconds.push(took.as_nanos() as f64 / f64::from(runs * parts));
        }
        let allocated = (allocations::so_far() - before) as f64;
        nanoseconds.sort_by(f64::total_cmp);
        let operations = ROUNDS as f64 * f64::from(runs * parts);
        let figures = Figures::default()
            .with(Measure::Nanoseconds, nanoseconds[ROUNDS / 2])
            .with(Measure::Allocations, allocated / operations);
        self.lines.push(Line { group: self.group.clone(), name: name.to_owned(), figures });
        self.lines.last_mut().expect("one was pushed")
    }
}

/// How many runs fill a round.
fn runs_of_a_round(work: &mut impl FnMut(u32)) -> u32 {
    let mut runs = 1;
    loop {
        let start = ThreadTime::now();
        work(runs);
        let took = start.elapsed();
        if took >= ROUND / 2 || runs >= 1 << 24 {
            return runs;
        }
        runs *= 2;
    }
}
