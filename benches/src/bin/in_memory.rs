//! Measures what needs no network: calls in one process, encodings, gates.
//! `in-memory` prints a table, `in-memory --json` a line of JSON for each row.

use aster_benches::figures::Measure;
use aster_benches::memory::{self, Meter, allocations::Counting};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    let mut meter = Meter::default();
    memory::run(&mut meter);
    for line in meter.lines() {
        if json {
            println!("{}", serde_json::to_string(line).expect("numbers have a form"));
        } else {
            let show = |measure: Measure| {
                line.figures.get(measure).map_or_else(String::new, |n| measure.show(n))
            };
            println!(
                "{:55} {:>12} {:>8} {:>6}",
                line.name,
                show(Measure::Nanoseconds),
                show(Measure::Allocations),
                show(Measure::Bytes)
            );
        }
    }
}
