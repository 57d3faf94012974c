//! The time, and how people read it.

use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::expiry;

/// The time in whole seconds since 1970, as credentials count it.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A time and how far it is from `now`: `2027-01-31T12:00:00Z (in 30 days)`.
pub(crate) fn relative(time: u64, now: u64) -> String {
    let distance = match time.checked_sub(now) {
        Some(left) => format!("in {}", expiry::span(left)),
        None => format!("{} ago", expiry::span(now - time)),
    };
    format!("{} ({distance})", expiry::format(time))
}

/// When something ends: as [`relative`], or that it has.
pub(crate) fn end(time: u64, now: u64) -> String {
    if time <= now {
        format!("{} (expired {} ago)", expiry::format(time), expiry::span(now - time))
    } else {
        relative(time, now)
    }
}

/// The time as the one-line outputs of the reference have it, with `+00:00`.
pub(crate) fn with_offset(time: u64) -> String {
    let text = expiry::format(time);
    match text.strip_suffix('Z') {
        Some(local) => format!("{local}+00:00"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_with_their_distance() {
        let at = 1_800_000_000;
        assert_eq!(relative(at, at - 7200), "2027-01-15T08:00:00Z (in 2 h)");
        assert_eq!(relative(at, at + 60), "2027-01-15T08:00:00Z (60 s ago)");
        assert_eq!(end(at, at - 1), "2027-01-15T08:00:00Z (in 1 s)");
        assert_eq!(end(at, at), "2027-01-15T08:00:00Z (expired 0 s ago)");
        assert_eq!(end(at, at + 10_800), "2027-01-15T08:00:00Z (expired 3 h ago)");
        assert_eq!(with_offset(at), "2027-01-15T08:00:00+00:00");
    }
}
