//! What the shell writes: results to standard output, everything for people to
//! standard error, both above the prompt while somebody types.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nu_ansi_term::{Color, Style};
use reedline::ExternalPrinter;

use crate::failure::{Failure, printable};

/// Rows that wait for the line editor to print them. It loses its place on the
/// screen if there is more than one at a time.
const MAX_WAITING: usize = 1;

/// How long to wait before a full queue is tried again.
const RETRY: Duration = Duration::from_millis(2);

/// Both outputs.
pub(super) struct Screen {
    /// Whether results are JSON lines and nothing else.
    json: bool,
    /// Whether a person types the lines.
    interactive: bool,
    stdout_is_terminal: bool,
    coloured: bool,
    /// Whether the line editor has the terminal.
    prompting: Mutex<bool>,
    printer: ExternalPrinter<String>,
}

impl Screen {
    pub(super) fn new(interactive: bool, json: bool) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json,
            interactive,
            stdout_is_terminal: std::io::stdout().is_terminal(),
            coloured: std::io::stderr().is_terminal() && !no_colour,
            prompting: Mutex::new(false),
            printer: ExternalPrinter::new(MAX_WAITING),
        }
    }

    pub(super) fn json(&self) -> bool {
        self.json
    }

    pub(super) fn interactive(&self) -> bool {
        self.interactive
    }

    pub(super) fn coloured(&self) -> bool {
        self.coloured
    }

    /// Whether results are for people: on a terminal, and not asked for as JSON.
    pub(super) fn is_for_people(&self) -> bool {
        self.stdout_is_terminal && !self.json
    }

    /// Columns of the terminal that results go to.
    pub(super) fn columns(&self) -> Option<usize> {
        let size = self.is_for_people().then(crossterm::terminal::size)?;
        size.ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
    }

    pub(super) fn printer(&self) -> ExternalPrinter<String> {
        self.printer.clone()
    }

    /// A result, on standard output. What comes from a server is made
    /// harmless if that is a terminal.
    pub(super) fn result(&self, text: &str) -> Result<(), Failure> {
        if !self.stdout_is_terminal {
            let mut out = std::io::stdout().lock();
            return writeln!(out, "{text}")
                .and_then(|()| out.flush())
                .map_err(|error| Failure::output(&error));
        }
        self.show(&printable(text), |text| {
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{text}").and_then(|()| out.flush());
        });
        Ok(())
    }

    /// A remark for people, left out where nobody types.
    pub(super) fn remark(&self, text: &str) {
        if self.interactive {
            self.tell(text, Style::new().dimmed());
        }
    }

    /// What people must know, also in a script.
    pub(super) fn note(&self, text: &str) {
        self.tell(text, Style::new());
    }

    /// What went wrong and what to do.
    pub(super) fn failure(&self, failure: &Failure) {
        let mut text = failure.text().trim_end().to_owned();
        if text.is_empty() {
            return;
        }
        if self.coloured {
            for (label, colour) in [("Error:", Color::Red), ("Hint:", Color::Yellow)] {
                let painted = colour.bold().paint(label).to_string();
                text = text.replacen(label, &painted, 1);
            }
        }
        self.show(&text, |text| eprintln!("{text}"));
    }

    fn tell(&self, text: &str, style: Style) {
        let text = printable(text);
        let text = if self.coloured { style.paint(text).to_string() } else { text };
        self.show(&text, |text| eprintln!("{text}"));
    }

    /// Writes above the prompt if there is one, else at once.
    fn show(&self, text: &str, write: impl Fn(&str)) {
        let mut prompting = self.prompting();
        if !*prompting {
            return write(text);
        }
        let columns = crossterm::terminal::size().map_or(0, |(columns, _)| columns);
        let rows = rows(text, columns.into());
        for (at, row) in rows.iter().enumerate() {
            let mut row = row.clone();
            // The line editor takes what waits, or gives the terminal back.
            while *prompting && let Err(full) = self.printer.sender().try_send(row.clone()) {
                row = full.into_inner();
                drop(prompting);
                std::thread::sleep(RETRY);
                prompting = self.prompting();
            }
            if !*prompting {
                return rows.iter().skip(at).for_each(|row| write(row));
            }
        }
    }

    /// The line editor has the terminal from now on.
    pub(super) fn prompt_begins(&self) {
        *self.prompting() = true;
    }

    /// The terminal is free again: writes what was left over.
    pub(super) fn prompt_ended(&self) {
        let mut prompting = self.prompting();
        *prompting = false;
        while let Some(text) = self.printer.get_line() {
            eprintln!("{text}");
        }
    }

    fn prompting(&self) -> MutexGuard<'_, bool> {
        self.prompting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the text fills, row by row.
fn rows(text: &str, columns: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let chars: Vec<char> = line.chars().collect();
        // Escape sequences take no room, but are there on short lines only.
        if columns == 0 || chars.len() <= columns {
            rows.push(line.to_owned());
        } else {
            rows.extend(chars.chunks(columns).map(|row| row.iter().collect::<String>()));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_the_terminal_would_wrap_it() {
        assert_eq!(rows("abcde\n\nxy", 2), ["ab", "cd", "e", "", "xy"]);
        assert_eq!(rows("abc", 0), ["abc"]);
    }

    #[test]
    fn what_was_not_printed_above_the_prompt_is_not_lost() {
        let screen = Screen::new(true, false);
        screen.prompt_begins();
        screen.note("one row");
        assert_eq!(
            screen.printer.get_line().as_deref().map(|row| row.contains("one row")),
            Some(true)
        );
        screen.prompt_ended();
        assert!(screen.printer.get_line().is_none());
    }
}
