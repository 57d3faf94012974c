//! Lines for people and scripts.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line to standard output at once. Unlike `println!` it fails, and
/// does not panic, when nobody reads on.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// A peer's text without the characters that would steer the terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}
