//! What a command prints: a summary for people, one line or JSON for programs.

use std::io::Write;

use clap::Args;
use serde_json::Value;

use crate::failure::{Failure, printable};

/// The form of the output.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Print one line for programs instead of the summary.
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Print JSON instead of the summary.
    #[arg(long)]
    json: bool,
}

/// One result in all its forms.
pub(crate) struct Report {
    /// For people; lines end in a line feed.
    pub(crate) text: String,
    /// For `--quiet`.
    pub(crate) line: String,
    /// For `--json`.
    pub(crate) json: Value,
}

impl Output {
    /// Whether notes for people are wanted.
    pub(crate) fn is_for_people(self) -> bool {
        !self.quiet && !self.json
    }

    /// Writes the report to standard output.
    pub(crate) fn print(self, report: &Report) -> Result<(), Failure> {
        let Report { text, line, json } = report;
        write(&match (self.json, self.quiet) {
            (true, _) => format!("{json}\n"),
            // One result, one line.
            (_, true) => format!("{}\n", printable(line).replace('\n', "\\n")),
            _ => printable(text),
        })
    }
}

/// Writes to standard output.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::output(&error))
}

/// Tells people something beside the result, on standard error.
pub(crate) fn note(text: &str) {
    eprintln!("{}", printable(text));
}
