//! Results of one line: on the screen, or in a file that the line names.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::line::Target;
use super::screen::Screen;
use crate::failure::Failure;
use crate::remote::{Form, RemoteMethod, Rendering};

/// Where results go.
pub(super) enum Results {
    Screen(Arc<Screen>),
    File { file: File, path: String },
}

impl Results {
    /// Opens the file, if there is one.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn open(screen: &Arc<Screen>, target: Option<&Target>) -> Result<Self, Failure> {
        let Some(Target { path, append }) = target else {
            return Ok(Self::Screen(screen.clone()));
        };
        let mut options = OpenOptions::new();
        options.create(true).append(*append).write(true).truncate(!append);
        let file = options
            .open(path)
            .map_err(|error| Failure::usage(format!("cannot write {path}: {error}")))?;
        Ok(Self::File { file, path: path.clone() })
    }

    /// Whether a person reads them.
    pub(super) fn is_for_people(&self) -> bool {
        match self {
            Self::Screen(screen) => screen.is_for_people(),
            Self::File { .. } => false,
        }
    }

    /// Columns that there are for a line, if there is a limit.
    pub(super) fn columns(&self) -> Option<usize> {
        match self {
            Self::Screen(screen) => screen.columns(),
            Self::File { .. } => None,
        }
    }

    /// Whether they are JSON and nothing else.
    pub(super) fn json(&self) -> bool {
        match self {
            Self::Screen(screen) => screen.json(),
            Self::File { .. } => false,
        }
    }

    /// Writes one or more lines.
    ///
    /// # Errors
    /// They cannot be written.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Screen(screen) => screen.result(text),
            Self::File { file, path } => writeln!(file, "{text}")
                .map_err(|error| Failure::runtime(format!("cannot write {path}: {error}"))),
        }
    }
}

/// Writes the responses of a call.
pub(super) struct Printer {
    results: Results,
    rendering: Rendering,
    /// What stands before a response: the job that it belongs to.
    label: String,
    is_numbered: bool,
    count: Arc<AtomicU64>,
}

impl Printer {
    /// `count` is kept up to date, for those who ask how far it is.
    pub(super) fn new(results: Results, method: &RemoteMethod, count: Arc<AtomicU64>) -> Self {
        let for_people = results.is_for_people();
        let is_numbered = for_people && method.gives_stream();
        let form = if for_people && !is_numbered { Form::Pretty } else { Form::Lines };
        let rendering = Rendering::new(form, method);
        Self { results, rendering, label: String::new(), is_numbered, count }
    }

    /// The same for a job in the background.
    pub(super) fn of_job(mut self, number: usize) -> Self {
        if self.results.is_for_people() {
            self.label = format!("[{number}] ");
        }
        self
    }

    pub(super) fn print(&mut self, value: &Value) -> Result<(), Failure> {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let text = self.rendering.item(value);
        let number = if self.is_numbered { format!("#{number} ") } else { String::new() };
        self.results.write(&format!("{}{number}{text}", self.label))
    }
}
