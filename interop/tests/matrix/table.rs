//! `MATRIX.md`: what was run and what came of it.

use std::fmt::Write;

use super::book::{Book, Cell, Impossible};

/// What came of a cell or a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Impossible(Impossible),
    Failed,
    NotDone,
}

/// The last two sides: Python calls Rust, Rust calls Python.
pub(crate) type CaseRow = (String, String, [Outcome; 2]);

/// Sentences, each with the number it is referred to by.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn mark(&mut self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Passed => "ok".to_owned(),
            Outcome::Failed => "FAILED".to_owned(),
            Outcome::NotDone => "-".to_owned(),
            Outcome::Impossible(Impossible { who, why }) => {
                let sentence = format!("{who}: {why}.");
                let known = self.0.iter().position(|note| *note == sentence);
                let index = known.unwrap_or_else(|| {
                    self.0.push(sentence);
                    self.0.len() - 1
                });
                format!("no [^{}]", index + 1)
            }
        }
    }
}

/// The whole file.
pub(crate) fn render(book: &Book, cells: &[(Cell, Outcome)], cases: &[CaseRow]) -> String {
    let mut out = String::from(
        "# Interop matrix\n\n\
         Rust and the Python package `aster-rpc` 0.1.2, as real processes over loopback. Written and checked by\n\
         `interop/run`; `interop/run --write` writes it again.\n",
    );
    let mut notes = Notes::default();
    for (server, client) in [("rust", "python"), ("python", "rust")] {
        let (server_name, client_name) = (capital(server), capital(client));
        let _ = write!(
            out,
            "\n## {server_name} server, {client_name} client\n\n| scope | client | codec |"
        );
        for pattern in &book.patterns {
            let _ = write!(out, " {} |", pattern.replace('_', " "));
        }
        let _ = writeln!(out, "\n|---|---|---|{}", "---|".repeat(book.patterns.len()));
        let side = cells.iter().filter(|(cell, _)| cell.server == server && cell.client == client);
        let side: Vec<_> = side.collect();
        for row in side.chunks(book.patterns.len()) {
            let Some((first, _)) = row.first() else {
                continue;
            };
            let codec = if first.announced {
                format!("{}, announced", first.codec)
            } else {
                first.codec.clone()
            };
            let _ = write!(out, "| {} | {} | {codec} |", first.scope, first.kind);
            for (_, outcome) in row {
                let _ = write!(out, " {} |", notes.mark(outcome));
            }
            out.push('\n');
        }
    }
    out.push_str(
        "\nA typed Python client is asked for JSON, or chooses it because the server announces JSON alone (the rows with\n\
         \"announced\"). A typed Rust client always goes by the announcement.\n\
         \n## Extra cases\n\n\
         | case | scope | Rust server, Python client | Python server, Rust client |\n|---|---|---|---|\n",
    );
    for (name, scope, [python_calls, rust_calls]) in cases {
        let (left, right) = (notes.mark(python_calls), notes.mark(rust_calls));
        let _ = writeln!(out, "| `{name}` | {scope} | {left} | {right} |");
    }
    out.push('\n');
    for (index, note) in notes.0.iter().enumerate() {
        let _ = writeln!(out, "[^{}]: {note}", index + 1);
    }
    out
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
