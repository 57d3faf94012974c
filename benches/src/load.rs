//! What is asked of a row, and for how long.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What is asked of a row. The text form is `closed-16`, `open-5000`,
/// `held-1000`, `once`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Load {
    /// This many calls are kept in flight: the next starts when one ends.
    Closed(usize),
    /// This many calls start each second, whether or not earlier ones have
    /// ended. Latency counts from the moment when a call was due.
    Open(u32),
    /// This many connections or sessions are held while calls are made.
    Held(usize),
    /// What the row does, and no more to say.
    Once,
}

impl Load {
    /// Whether one round is enough: it takes long, and what it measures varies
    /// little.
    #[must_use]
    pub const fn is_heavy(self) -> bool {
        matches!(self, Self::Held(_))
    }

    /// Whether `--quick` leaves it out.
    #[must_use]
    pub const fn is_long(self) -> bool {
        matches!(self, Self::Held(n) if n > 1000)
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(n) => write!(f, "closed-{n}"),
            Self::Open(rate) => write!(f, "open-{rate}"),
            Self::Held(n) => write!(f, "held-{n}"),
            Self::Once => f.write_str("once"),
        }
    }
}

impl FromStr for Load {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("{text:?} is no load; closed-N, open-N, held-N or once");
        if text == "once" {
            return Ok(Self::Once);
        }
        let (kind, number) = text.split_once('-').ok_or_else(unknown)?;
        let number: u32 = number.parse().map_err(|_| unknown())?;
        match kind {
            "closed" => Ok(Self::Closed(number as usize)),
            "open" => Ok(Self::Open(number)),
            "held" => Ok(Self::Held(number as usize)),
            _ => Err(unknown()),
        }
    }
}

/// How long a run lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Before anything counts.
    pub warm_up: Duration,
    /// While it counts.
    pub counted: Duration,
}

impl Window {
    #[must_use]
    pub const fn full() -> Self {
        Self { warm_up: Duration::from_millis(250), counted: Duration::from_millis(1000) }
    }

    #[must_use]
    pub const fn quick() -> Self {
        Self { warm_up: Duration::from_millis(100), counted: Duration::from_millis(300) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_read_back() {
        for load in [Load::Closed(64), Load::Open(5000), Load::Held(10_000), Load::Once] {
            assert_eq!(load.to_string().parse(), Ok(load));
        }
        for wrong in ["", "closed", "closed-x", "twice-2"] {
            assert!(wrong.parse::<Load>().is_err(), "{wrong}");
        }
    }
}
