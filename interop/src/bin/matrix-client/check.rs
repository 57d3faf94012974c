//! Checks that say what did not hold.

use std::fmt;
use std::time::Duration;

use aster::{Code, Status};
use serde::Serialize;
use serde_json::Value;

/// A check that did not hold.
#[derive(Debug)]
pub(crate) struct Failed(String);

impl Failed {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// One line, whatever the texts in it.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.split_whitespace().collect();
        f.write_str(&words.join(" "))
    }
}

/// Says what was being done when an error came.
pub(crate) trait Explain<T> {
    fn explain(self, what: impl fmt::Display) -> Result<T, Failed>;
}

impl<T, E: fmt::Display> Explain<T> for Result<T, E> {
    fn explain(self, what: impl fmt::Display) -> Result<T, Failed> {
        self.map_err(|error| Failed(format!("{what}: {error}")))
    }
}

pub(crate) fn check(holds: bool, what: impl Into<String>) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(Failed(what.into())) }
}

/// Compares two messages; the error names the field that differs.
pub(crate) fn same<T: PartialEq + Serialize>(
    got: &T,
    want: &T,
    what: impl fmt::Display,
) -> Result<(), Failed> {
    if got == want {
        return Ok(());
    }
    let value = |message| serde_json::to_value(message).unwrap_or_default();
    let found = difference(&value(got), &value(want), "").unwrap_or_default();
    Err(Failed(format!("{what}{found}")))
}

fn difference(got: &Value, want: &Value, path: &str) -> Option<String> {
    match (got, want) {
        (Value::Object(got), Value::Object(want)) => {
            let both = got.keys().chain(want.keys());
            let null = Value::Null;
            both.into_iter().find_map(|key| {
                let side = |map: &serde_json::Map<String, Value>| map.get(key).cloned();
                let (got, want) = (side(got), side(want));
                difference(
                    got.as_ref().unwrap_or(&null),
                    want.as_ref().unwrap_or(&null),
                    &format!("{path}.{key}"),
                )
            })
        }
        (Value::Array(got), Value::Array(want)) if got.len() == want.len() => got
            .iter()
            .zip(want)
            .enumerate()
            .find_map(|(i, (got, want))| difference(got, want, &format!("{path}[{i}]"))),
        (got, want) if got == want => None,
        (got, want) => Some(format!("{path}: {got:.200}, expected {want:.200}")),
    }
}

/// Waits for what must come soon.
pub(crate) async fn soon<F: IntoFuture>(work: F, what: &str) -> Result<F::Output, Failed> {
    let limit = Duration::from_secs(10);
    tokio::time::timeout(limit, work.into_future())
        .await
        .map_err(|_| Failed(format!("{what} did not come within {limit:?}")))
}

/// A call that must be refused with one of these codes.
pub(crate) async fn refused<T: fmt::Debug>(
    call: impl IntoFuture<Output = Result<T, Status>>,
    codes: &[Code],
    what: &str,
) -> Result<Status, Failed> {
    match soon(call, &format!("{what}: an answer")).await? {
        Err(status) if codes.contains(&status.code()) => Ok(status),
        Err(status) => Err(Failed(format!("{what}: got {status}, expected {codes:?}"))),
        Ok(reply) => Err(Failed(format!("{what}: was answered with {reply:?}"))),
    }
}
