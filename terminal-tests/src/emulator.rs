//! The terminal's own side: what its screen shows, and what it answers.

use std::fmt;
use std::num::NonZeroU16;

use vt100::{Callbacks, Parser, Screen};

/// Lines kept that have left the screen at the top.
const SCROLLBACK_LINES: usize = 10_000;

/// A screen that programs write to.
pub(crate) struct Emulator {
    parser: Parser<Answers>,
    columns: u16,
    /// Everything that was written, escape sequences included.
    output: Vec<u8>,
}

/// What the program asked the terminal, answered.
#[derive(Default)]
struct Answers(Vec<u8>);

impl Callbacks for Answers {
    /// Line editors ask where the cursor is, and wait for the answer.
    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        prefix: Option<u8>,
        _: Option<u8>,
        parameters: &[&[u16]],
        command: char,
    ) {
        match (prefix, command, parameters) {
            (None, 'n', [[5]]) => self.0.extend(b"\x1b[0n"),
            (None, 'n', [[6]]) => {
                let (row, column) = screen.cursor_position();
                self.0.extend(format!("\x1b[{};{}R", row + 1, column + 1).bytes());
            }
            (None, 'c', _) => self.0.extend(b"\x1b[?6c"),
            _ => {}
        }
    }
}

impl Emulator {
    pub(crate) fn new(rows: NonZeroU16, columns: NonZeroU16) -> Self {
        let answers = Answers::default();
        let parser = Parser::new_with_callbacks(rows, columns, SCROLLBACK_LINES, answers);
        Self { parser, columns: columns.get(), output: Vec::new() }
    }

    /// Shows what the program wrote; gives what the terminal answers.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.output.extend_from_slice(bytes);
        self.parser.process(bytes);
        std::mem::take(&mut self.parser.callbacks_mut().0)
    }

    pub(crate) fn output(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// The lines on the screen.
    pub(crate) fn screen(&self) -> String {
        text(self.rows())
    }

    /// All lines, those that have left the screen included.
    pub(crate) fn transcript(&mut self) -> String {
        let mut lines = Vec::new();
        for above in (1..=self.parser.screen().scrollback_len()).rev() {
            self.parser.screen_mut().set_scrollback(above);
            lines.extend(self.rows().next());
        }
        self.parser.screen_mut().set_scrollback(0);
        lines.extend(self.rows());
        text(lines)
    }

    fn rows(&self) -> impl Iterator<Item = String> {
        self.parser.screen().rows(0, self.columns)
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").finish_non_exhaustive()
    }
}

/// Lines without the blanks at their ends and without the empty lines at the
/// end, each ended by a line feed.
fn text(rows: impl IntoIterator<Item = String>) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(row.trim_end());
        text.push('\n');
    }
    let used = text.trim_end().len();
    text.truncate(used);
    if used > 0 {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emulator(rows: u16, columns: u16) -> Emulator {
        Emulator::new(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap())
    }

    #[test]
    fn the_screen_is_what_a_person_sees() {
        let mut emulator = emulator(4, 20);
        emulator.write(b"one  \r\n\x1b[31mtwo\x1b[0m\r\nthree\x1b[1A\r2");
        assert_eq!(emulator.screen(), "one\n2wo\nthree\n");
        assert!(emulator.output().contains("\x1b[31mtwo"));
    }

    #[test]
    fn lines_that_left_the_screen_are_in_the_transcript() {
        let mut emulator = emulator(2, 20);
        for line in 1..=5 {
            emulator.write(format!("line {line}\r\n").as_bytes());
        }
        emulator.write(b"end");
        assert_eq!(emulator.screen(), "line 5\nend\n");
        assert_eq!(emulator.transcript(), "line 1\nline 2\nline 3\nline 4\nline 5\nend\n");
        assert_eq!(emulator.screen(), "line 5\nend\n");
    }

    #[test]
    fn questions_of_line_editors_are_answered() {
        let mut emulator = emulator(4, 20);
        assert_eq!(emulator.write(b"ab\r\nabc\x1b[6n"), b"\x1b[2;4R");
        assert_eq!(emulator.write(b"\x1b[5n"), b"\x1b[0n");
        assert_eq!(emulator.write(b"\x1b[1m"), b"");
    }
}
