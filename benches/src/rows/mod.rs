//! The rows: each file holds one kind, its server beside its client.

pub mod cancellation;
mod connect;
mod dynamic;
mod held_connections;
mod held_sessions;
#[cfg(feature = "irpc")]
mod irpc_iroh;
mod json;
mod large;
mod metrics;
mod python;
mod raw;
mod raw_items;
mod raw_multiplexed;
mod slow_reader;
mod streams;
#[cfg(feature = "tarpc")]
mod tarpc_tcp;
#[cfg(feature = "tonic")]
mod tonic_tls;
mod unary;

use crate::load::Load;
use crate::row::Row;

/// Loads of the rows with an echo.
const ECHO_LOADS: &[Load] = &[
    Load::Closed(1),
    Load::Closed(16),
    Load::Closed(64),
    Load::Closed(256),
    Load::Open(5_000),
    Load::Open(20_000),
];

/// Every row, in the order of the tables.
const ROWS: &[&[Row]] = &[
    raw::ROWS,
    raw_multiplexed::ROWS,
    unary::ROWS,
    json::ROWS,
    dynamic::ROWS,
    #[cfg(feature = "tonic")]
    tonic_tls::ROWS,
    #[cfg(feature = "tarpc")]
    tarpc_tcp::ROWS,
    #[cfg(feature = "irpc")]
    irpc_iroh::ROWS,
    python::ROWS,
    raw_items::ROWS,
    streams::ROWS,
    metrics::ROWS,
    large::ROWS,
    connect::ROWS,
    slow_reader::ROWS,
    held_connections::ROWS,
    held_sessions::ROWS,
];

/// All rows. Not inlined, or every program would compile the rows again.
#[inline(never)]
pub fn all() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().copied().flatten()
}

/// The row with this name.
#[must_use]
#[inline(never)]
pub fn named(name: &str) -> Option<&'static Row> {
    all().find(|row| row.name == name)
}

/// The row that needs the Python package.
pub const PYTHON: &str = python::NAME;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().map(|row| row.name).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
