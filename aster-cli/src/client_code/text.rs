//! Text of a contract inside code: literals and comments that it cannot get
//! out of.

use std::fmt::Write as _;

/// Longest documentation of one item, in characters; the rest is cut off.
const MAX_DOC_CHARS: usize = 16 * 1024;

/// How a language writes a character that does not stand for itself in a
/// string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\u{202e}`: Rust, TypeScript.
    Braces,
    /// `\u202e`, `\U000e0001`: Python.
    Digits,
}

/// Characters that are shown as themselves and cannot end or bend a line.
fn is_plain(c: char) -> bool {
    c == ' ' || c.is_ascii_graphic() || !c.is_ascii() && c.is_alphanumeric()
}

/// A string literal in double quotes.
pub(super) fn quoted(text: &str, escapes: Escapes) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_plain(c) => out.push(c),
            _ => escape(c, escapes, &mut out),
        }
    }
    out.push('"');
    out
}

fn escape(c: char, escapes: Escapes, out: &mut String) {
    let code = u32::from(c);
    let _ = match escapes {
        Escapes::Braces => write!(out, "\\u{{{code:x}}}"),
        Escapes::Digits if code > 0xffff => write!(out, "\\U{code:08x}"),
        Escapes::Digits => write!(out, "\\u{code:04x}"),
    };
}

/// A byte string literal without its prefix: Rust, Python.
pub(super) fn quoted_bytes(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// The lines of a documentation, fit for a line comment of any language.
///
/// White space is one space, whatever ends a line in some language ends it
/// here, and characters that are not shown (controls, directions) are `U+FFFD`.
/// Empty lines at both ends are gone.
pub(super) fn lines(text: &str) -> Vec<String> {
    let ends =
        |c| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let text: String = text.chars().take(MAX_DOC_CHARS).collect();
    let text = text.replace("\r\n", "\n");
    let shown = |c: char| {
        // Punctuation and symbols outside ASCII are fine, what has no width or
        // a direction is not.
        let hidden = c.is_control()
            || matches!(u32::from(c),
                0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
                | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164
                | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0xe0000..=0xe0fff
                | 0xe000..=0xf8ff | 0xf0000..=0x10ffff);
        if hidden { char::REPLACEMENT_CHARACTER } else { c }
    };
    let line = |line: &str| {
        let words: Vec<String> =
            line.split_whitespace().map(|word| word.chars().map(shown).collect()).collect();
        words.join(" ")
    };
    let lines: Vec<String> = text.split(ends).map(line).collect();
    let is_text = |line: &String| !line.is_empty();
    let first = lines.iter().position(is_text).unwrap_or(lines.len());
    let last = lines.iter().rposition(is_text).map_or(first, |last| last + 1);
    lines.get(first..last).unwrap_or_default().to_vec()
}

/// One line of a comment.
pub(super) fn line(text: &str) -> String {
    lines(text).join(" ")
}

/// Text being written: lines with an indentation.
#[derive(Debug)]
pub(super) struct Source {
    text: String,
    unit: &'static str,
    depth: usize,
}

impl Source {
    /// Nothing yet; `unit` is one level of indentation.
    pub(super) fn new(unit: &'static str) -> Self {
        Self { text: String::new(), unit, depth: 0 }
    }

    /// Adds a line; an empty one has no indentation.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            for _ in 0..self.depth {
                self.text.push_str(self.unit);
            }
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Adds lines that `inside` indents by one level.
    pub(super) fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }

    /// Everything so far.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_everything() {
        assert_eq!(quoted("a \"b\" \\ é", Escapes::Braces), r#""a \"b\" \\ é""#);
        assert_eq!(quoted("\0\u{202e}🚀", Escapes::Braces), r#""\u{0}\u{202e}\u{1f680}""#);
        assert_eq!(quoted("\0\u{202e}🚀", Escapes::Digits), r#""\u0000\u202e\U0001f680""#);
        assert_eq!(quoted_bytes(b"a\"\\\x00\xff"), r#""a\"\\\x00\xff""#);
    }

    #[test]
    fn no_character_ends_a_line_or_turns_it_around() {
        assert_eq!(
            lines("\n a \r\n\u{2028}  b\tc\u{202e}d\0 \n\n"),
            ["a", "", "b c\u{fffd}d\u{fffd}"]
        );
        assert_eq!(lines(" \n "), [""; 0]);
        assert_eq!(line("a\nb"), "a b");
    }
}
