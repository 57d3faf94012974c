//! Responses on standard output, as they arrive.

use std::io::{IsTerminal, Write};

use clap::Args;
use serde_json::Value;

use crate::failure::{Failure, printable};
use crate::remote::{Form, RemoteMethod, Rendering};

/// How responses are written.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct FormOptions {
    /// One line of JSON for each response: what is written when the output is
    /// no terminal.
    #[arg(long, group = "form", help_heading = "Output")]
    json: bool,
    /// Indented JSON: what a single response on a terminal is.
    #[arg(long, group = "form", help_heading = "Output")]
    pretty: bool,
    /// A table: a row for each response.
    #[arg(long, group = "form", help_heading = "Output")]
    table: bool,
}

impl FormOptions {
    /// The form of responses of a method.
    fn choose(self, method: &RemoteMethod) -> Form {
        match self {
            Self { table: true, .. } => Form::Table,
            Self { pretty: true, .. } => Form::Pretty,
            Self { json: true, .. } => Form::Lines,
            _ if std::io::stdout().is_terminal() && !method.gives_stream() => Form::Pretty,
            _ => Form::Lines,
        }
    }
}

/// Writes the responses of one call.
pub(super) struct Printer {
    rendering: Rendering,
    is_terminal: bool,
}

impl Printer {
    pub(super) fn new(form: FormOptions, method: &RemoteMethod) -> Self {
        Self {
            rendering: Rendering::new(form.choose(method), method),
            is_terminal: std::io::stdout().is_terminal(),
        }
    }

    /// Writes a response at once, so that who reads a pipe sees it.
    ///
    /// # Errors
    /// The output is closed.
    pub(super) fn print(&mut self, value: &Value) -> Result<(), Failure> {
        let mut text = self.rendering.item(value);
        if self.is_terminal {
            text = printable(&text);
        }
        text.push('\n');
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| Failure::output(&error))
    }
}
