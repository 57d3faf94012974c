//! The time as the messages have it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// The time of day in UTC, as in `12:00:59`.
pub(crate) fn time_of_day(timestamp: f64) -> String {
    // Saturates for times that cannot be.
    let seconds = timestamp.rem_euclid(86_400.0) as u32;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}
