//! What was looked at and what came of it.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::failure::{Failure, printable};
use crate::output::write;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ok,
    /// It may be meant so.
    Warn,
    /// Something does not work.
    Fail,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One line of the report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Check {
    name: &'static str,
    state: State,
    text: String,
    /// What to do next.
    hint: Option<String>,
}

impl Check {
    pub(super) fn ok(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, state: State::Ok, text: text.into(), hint: None }
    }

    pub(super) fn warn(
        name: &'static str,
        text: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { name, state: State::Warn, text: text.into(), hint: Some(hint.into()) }
    }

    pub(super) fn fail(
        name: &'static str,
        text: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { name, state: State::Fail, text: text.into(), hint: Some(hint.into()) }
    }

    /// The failure that a command would have reported.
    pub(super) fn failed(name: &'static str, failure: Failure) -> Self {
        let (text, hint) = failure.into_parts();
        Self { name, state: State::Fail, text, hint }
    }

    fn line(&self) -> String {
        // What a server or a file says stays on its line.
        let one_line = |text: &str| printable(text).replace('\n', " ");
        let state = self.state.as_str();
        let mut line = format!("{state:<4}  {:<13}  {}\n", self.name, one_line(&self.text));
        if let Some(hint) = &self.hint {
            line.push_str(&format!("{:21}next: {}\n", "", one_line(hint)));
        }
        line
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "state": self.state.as_str(),
            "text": self.text,
            "hint": self.hint,
        })
    }
}

/// All checks so far. People see each as soon as it is done.
#[derive(Debug)]
pub(super) struct Examination {
    json: bool,
    checks: Vec<Check>,
}

impl Examination {
    pub(super) fn new(json: bool) -> Self {
        Self { json, checks: Vec::new() }
    }

    pub(super) fn add(&mut self, checks: impl IntoIterator<Item = Check>) -> Result<(), Failure> {
        for check in checks {
            if !self.json {
                write(&check.line())?;
            }
            self.checks.push(check);
        }
        Ok(())
    }

    /// Ends the report; the exit code says whether anything failed.
    pub(super) fn finish(self) -> Result<ExitCode, Failure> {
        let failed = self.checks.iter().filter(|check| check.state == State::Fail).count();
        if self.json {
            let checks: Vec<_> = self.checks.iter().map(Check::json).collect();
            write(&format!("{}\n", json!({ "ok": failed == 0, "checks": checks })))?;
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_a_line_and_what_to_do_next() {
        assert_eq!(Check::ok("relay", "there").line(), "ok    relay          there\n");
        let check = Check::warn("services", "a\nfail  x\x1b[2J", "look");
        let line = "warn  services       a fail  x\\u{1b}[2J\n                     next: look\n";
        assert_eq!(check.line(), line);
    }
}
