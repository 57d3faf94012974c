//! When a credential ends: the texts that people write for it, and the texts
//! that people read. The time it is now is a parameter.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// How long a credential lives when nobody says: 30 days, in seconds.
pub const DEFAULT_LIFETIME_SECONDS: u64 = 30 * DAY;

/// The latest end of a credential: the last second of the year 9999. A time
/// in milliseconds is always later, and so is refused.
pub const MAX_EXPIRES_AT: u64 = 253_402_300_799;

/// Longest text of an expiry, in bytes.
const MAX_TEXT_BYTES: usize = 64;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// The units of a lifetime, from the longest.
const UNITS: [(char, u64); 5] = [('w', WEEK), ('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', 1)];

/// The end, in epoch seconds, that `text` names: a lifetime from `now` on
/// (`30d`, `24h`, `1h30m`) or a date or time in ISO 8601, in UTC unless it
/// has an offset.
///
/// ```
/// use aster_runtime::trust::expiry;
/// let now = 1_800_000_000;
/// assert_eq!(expiry::parse("1h30m", now), Ok(now + 5400));
/// assert_eq!(expiry::parse("2027-01-16", now), Ok(1_800_057_600));
/// ```
///
/// # Errors
/// [`InvalidExpiry`]: another text, no time at all, a time that has passed,
/// or one after the year 9999.
pub fn parse(text: &str, now: u64) -> Result<u64, InvalidExpiry> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(InvalidExpiry::Text);
    }
    let end = match lifetime(text)? {
        Some(seconds) => now.checked_add(seconds).ok_or(InvalidExpiry::TooLate)?,
        None => date(text)?,
    };
    match end {
        _ if end > MAX_EXPIRES_AT => Err(InvalidExpiry::TooLate),
        _ if end <= now => Err(InvalidExpiry::Past),
        _ => Ok(end),
    }
}

/// The seconds of a lifetime; none for a text of another shape.
fn lifetime(text: &str) -> Result<Option<u64>, InvalidExpiry> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let Some(letter) = tail.chars().next().filter(|_| digits > 0) else { return Ok(None) };
        // Longer units come first, and each at most once.
        let Some((_, unit)) = units.find(|(name, _)| *name == letter) else { return Ok(None) };
        let number: u64 = number.parse().map_err(|_| InvalidExpiry::TooLate)?;
        let seconds = number.checked_mul(*unit).ok_or(InvalidExpiry::TooLate)?;
        total = total.checked_add(seconds).ok_or(InvalidExpiry::TooLate)?;
        rest = tail.get(letter.len_utf8()..).unwrap_or_default();
    }
    match total {
        0 if text.is_empty() => Ok(None),
        0 => Err(InvalidExpiry::Zero),
        _ => Ok(Some(total)),
    }
}

fn date(text: &str) -> Result<u64, InvalidExpiry> {
    // Only the form with dashes: digits alone could be anything.
    if text.as_bytes().get(4) != Some(&b'-') || text.contains('[') {
        return Err(InvalidExpiry::Text);
    }
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    let timestamp = if time.contains(['Z', 'z', '+', '-']) {
        text.parse::<Timestamp>().map_err(|_| InvalidExpiry::Text)?
    } else {
        let local: DateTime = text.parse().map_err(|_| InvalidExpiry::Text)?;
        local.to_zoned(TimeZone::UTC).map_err(|_| InvalidExpiry::TooLate)?.timestamp()
    };
    u64::try_from(timestamp.as_second()).map_err(|_| InvalidExpiry::Past)
}

/// Why a text is no end of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidExpiry {
    /// The text has no known form.
    #[error(
        "write a lifetime like 30d, 24h or 1h30m (units w, d, h, m, s, the longest first), \
         or a time in ISO 8601 like 2027-01-31 or 2027-01-31T12:00:00Z"
    )]
    Text,
    /// The lifetime is nothing.
    #[error("a credential that ends at once is of no use; write at least 1s")]
    Zero,
    /// The time has passed.
    #[error("this time has passed")]
    Past,
    /// The time is after the year 9999.
    #[error("this is after the year 9999; is the unit right?")]
    TooLate,
}

/// A time in epoch seconds as people write it: ISO 8601 in UTC.
///
/// ```
/// # use aster_runtime::trust::expiry;
/// assert_eq!(expiry::format(1_800_000_000), "2027-01-15T08:00:00Z");
/// ```
#[must_use]
pub fn format(epoch_seconds: u64) -> String {
    let timestamp = i64::try_from(epoch_seconds).ok().map(Timestamp::from_second);
    match timestamp {
        Some(Ok(timestamp)) => timestamp.to_string(),
        _ => format!("second {epoch_seconds}"),
    }
}

/// A number of seconds in the unit that a person would use, rounded down.
///
/// ```
/// # use aster_runtime::trust::expiry;
/// assert_eq!(expiry::span(3 * 3600 + 60), "3 h");
/// ```
#[must_use]
pub fn span(seconds: u64) -> String {
    let (unit, name) = match seconds {
        0..120 => (1, "s"),
        120..7200 => (MINUTE, "min"),
        7200..172_800 => (HOUR, "h"),
        _ => (DAY, "days"),
    };
    format!("{} {name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[test]
    fn lifetimes() {
        for (text, seconds) in [
            ("30d", 2_592_000),
            ("24h", 86_400),
            ("1h30m", 5400),
            ("2w", 1_209_600),
            ("1w1d1h1m1s", 694_861),
            ("90m", 5400),
            ("1s", 1),
            ("0d1s", 1),
            ("007s", 7),
        ] {
            assert_eq!(parse(text, NOW), Ok(NOW + seconds), "{text}");
        }
    }

    #[test]
    fn thirty_days_when_nobody_says() {
        assert_eq!(parse("30d", NOW), Ok(NOW + DEFAULT_LIFETIME_SECONDS));
    }

    #[test]
    fn dates_and_times_are_utc_unless_they_say_otherwise() {
        for (text, end) in [
            ("2027-01-16", 1_800_057_600),
            ("2027-01-15T08:00:01", NOW + 1),
            ("2027-01-15 08:00:01", NOW + 1),
            ("2027-01-15T08:00:01Z", NOW + 1),
            ("2027-01-15t08:00:01z", NOW + 1),
            ("2027-01-15T09:00:01+01:00", NOW + 1),
            ("2027-01-15T03:00:01-05:00", NOW + 1),
            ("2027-01-15T08:00:01.999Z", NOW + 1),
            ("9999-12-30", 253_402_128_000),
        ] {
            assert_eq!(parse(text, NOW), Ok(end), "{text}");
        }
    }

    #[test]
    fn what_names_no_time_is_refused() {
        for text in [
            "",
            " ",
            "d",
            "30",
            "30 d",
            "-5d",
            "+5d",
            "1.5h",
            "1h1h",
            "30m1h",
            "1y",
            "abcd",
            "90x",
            "30D",
            "1h-",
            "1800086400",
            "20270116",
            "2027-13-01",
            "2027-01-15T25:00:00",
            "2027-01-16T00:00:00+99:00",
            "2027-01-16T00:00:00Z[UTC]",
            "2027-01-16[UTC]",
            "1d 2027-01-16",
            "٣d",
            "3µ",
            "tomorrow",
            "2027-1-1",
        ] {
            assert_eq!(parse(text, NOW), Err(InvalidExpiry::Text), "{text}");
        }
        let zeros = format!("{:0>63}d", 1);
        assert_eq!(parse(&zeros, NOW), Ok(NOW + DAY));
        assert_eq!(parse(&format!("0{zeros}"), NOW), Err(InvalidExpiry::Text));
        let long = format!("2027-01-16T00:00:00.{}Z", "0".repeat(60));
        assert_eq!(parse(&long, NOW), Err(InvalidExpiry::Text));
    }

    #[test]
    fn the_end_is_after_now_and_before_the_year_10000() {
        for text in ["0d", "0s", "0h0m", "00d"] {
            assert_eq!(parse(text, NOW), Err(InvalidExpiry::Zero), "{text}");
        }
        for text in ["2027-01-15T08:00:00Z", "1970-01-01", "1969-12-31", "0001-01-01"] {
            assert_eq!(parse(text, NOW), Err(InvalidExpiry::Past), "{text}");
        }
        let last = MAX_EXPIRES_AT - NOW;
        assert_eq!(parse(&format!("{last}s"), NOW), Ok(MAX_EXPIRES_AT));
        for text in [
            &format!("{}s", last + 1),
            "18446744073709551615s",
            "18446744073709551616s",
            "18446744073709551615w",
            "1m18446744073709551600s",
            "1w18446744073709551615s",
        ] {
            assert_eq!(parse(text, NOW), Err(InvalidExpiry::TooLate), "{text}");
        }
        assert_eq!(parse("9999-12-31", NOW), Err(InvalidExpiry::TooLate));
        assert_eq!(parse("1s", u64::MAX), Err(InvalidExpiry::TooLate));
    }

    #[test]
    fn times_for_people() {
        assert_eq!(format(0), "1970-01-01T00:00:00Z");
        assert_eq!(format(MAX_EXPIRES_AT), format!("second {MAX_EXPIRES_AT}"));
        assert_eq!(format(u64::MAX), "second 18446744073709551615");
        for (seconds, text) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7199, "119 min"),
            (7200, "2 h"),
            (172_799, "47 h"),
            (172_800, "2 days"),
            (864_000, "10 days"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }
}
