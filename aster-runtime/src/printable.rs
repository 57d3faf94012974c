//! Text that came from outside, fit for lines that people read.

use std::fmt::{self, Display, Write};

/// Longest text, in characters.
const MAX_CHARS: usize = 500;

/// Displays a value on one line: what breaks lines, steers a terminal or turns
/// the direction of text is shown escaped, and what is long is cut.
///
/// Whatever of a peer, or of a handler's error, gets into the log goes through
/// this.
pub(crate) struct Printable<T>(pub(crate) T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line { out: f, left: MAX_CHARS };
        match write!(line, "{}", self.0) {
            // Stopped by the line, not by the formatter.
            Err(_) if line.left == 0 => line.out.write_str("..."),
            written => written,
        }
    }
}

struct Line<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    left: usize,
}

impl Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            match c {
                '"' | '\'' | '\\' => self.out.write_char(c)?,
                c => write!(self.out, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a42_nothing_leaves_its_line() {
        let shown =
            Printable("a \"b\" \\ \u{e9}\u{65e5}\r\n\0\u{1b}[2K\u{9b}\u{2028}\u{202e}\u{7f}");
        let expected =
            "a \"b\" \\ \u{e9}\u{65e5}\\r\\n\\0\\u{1b}[2K\\u{9b}\\u{2028}\\u{202e}\\u{7f}";
        assert_eq!(shown.to_string(), expected);
    }

    #[test]
    fn a42_what_is_long_is_cut() {
        let of = |length| Printable("x".repeat(length)).to_string();
        assert_eq!(of(MAX_CHARS), "x".repeat(MAX_CHARS));
        assert_eq!(of(MAX_CHARS + 1), "x".repeat(MAX_CHARS) + "...");
        assert_eq!(of(1_000_000).len(), MAX_CHARS + 3);
    }
}
