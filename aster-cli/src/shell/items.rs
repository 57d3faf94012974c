//! Requests that somebody types: missing arguments, and the items of a request
//! stream while the answers arrive.

use futures::StreamExt;
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::call::value_of;
use super::editor::{Entered, Purpose};
use super::interpreter::Interpreter;
use super::line::words;
use super::prompt::Label;
use super::results::Printer;
use super::tree::one_line;
use crate::failure::Failure;
use crate::remote::{
    CallOptions, Callee, Items, RemoteMethod, Tally, check, fields, from_pairs, invoke, missing,
    type_text,
};

/// Items that wait to be sent.
const MAX_WAITING: usize = 16;

/// Asks for every field of the request that is not given. Enter takes the
/// default.
///
/// # Errors
/// Ctrl+C.
pub(super) async fn ask(
    shell: &Interpreter,
    method: &RemoteMethod,
    given: Value,
) -> Result<Value, Failure> {
    if !shell.screen.interactive() || shell.is_nested() {
        return Ok(given);
    }
    let names: Vec<_> = fields(method).iter().map(|field| field.name.clone()).collect();
    ask_for(shell, method, given, &names).await
}

/// Asks for what the request cannot do without, if somebody is there, and
/// holds it against the contract.
///
/// # Errors
/// Ctrl+C, or a request that the contract does not allow.
pub(super) async fn complete(
    shell: &Interpreter,
    method: &RemoteMethod,
    mut request: Value,
) -> Result<Value, Failure> {
    let names: Vec<_> =
        missing(method, &request).into_iter().map(|field| field.name.clone()).collect();
    if shell.screen.interactive() && request.is_object() {
        request = ask_for(shell, method, request, &names).await?;
    }
    check(method, &request)?;
    Ok(request)
}

async fn ask_for(
    shell: &Interpreter,
    method: &RemoteMethod,
    mut request: Value,
    names: &[String],
) -> Result<Value, Failure> {
    for field in fields(method).iter().filter(|field| names.contains(&field.name)) {
        let default = match &field.default {
            Some(value) => format!("default {value}"),
            None => "required".to_owned(),
        };
        let question = format!("  {} ({}, {default}): ", field.name, type_text(&field.ty));
        let label = Label(one_line(&question));
        loop {
            let Entered::Line(text) = shell.source.read(label.clone(), Purpose::Answer).await?
            else {
                return Err(Failure::interrupted());
            };
            if text.is_empty() && field.default.is_some() {
                break;
            }
            if text.is_empty() {
                shell.screen.note("a value is needed; \"\" is an empty text");
                continue;
            }
            match from_pairs(method, &[(field.name.clone(), unquoted(&text))]) {
                Ok(Value::Object(answer)) => {
                    merge(&mut request, answer);
                    break;
                }
                Ok(_) => break,
                Err(failure) => shell.screen.failure(&failure),
            }
        }
    }
    Ok(request)
}

fn merge(request: &mut Value, answer: Map<String, Value>) {
    if let Value::Object(fields) = request {
        fields.extend(answer);
    }
}

/// Text in quotes without them, other text as it is.
fn unquoted(text: &str) -> String {
    match words(text).as_slice() {
        [word] if word.quoted && !word.open && text.trim().starts_with(['"', '\'']) => {
            word.text.clone()
        }
        _ => text.to_owned(),
    }
}

/// Makes a call whose items are typed, one a line up to an empty one. Answers
/// are shown as they arrive.
///
/// # Errors
/// Those of the call; Ctrl+C; where nobody types, a wrong item.
pub(super) async fn converse(
    shell: &Interpreter,
    callee: &Callee,
    method: &RemoteMethod,
    printer: &mut Printer,
) -> Result<Tally, Failure> {
    shell.screen.remark(&format!(
        "{}: one item a line, as k=v or JSON; an empty line ends, Ctrl+C cancels",
        method.full_name()
    ));
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    let items = futures::stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    let options = CallOptions::default();
    let mut sink = |value| printer.print(&value);
    let call = invoke(callee, method, Items::Stream(items.boxed()), &options, &mut sink);
    let mut call = std::pin::pin!(call);
    tokio::select! {
        biased;
        tally = &mut call => return tally,
        typed = read_items(shell, method, sender) => typed?,
    }
    call.await
}

/// Sends what is typed; returning ends the stream.
async fn read_items(
    shell: &Interpreter,
    method: &RemoteMethod,
    sender: mpsc::Sender<Result<Value, Failure>>,
) -> Result<(), Failure> {
    let mut number = 1;
    loop {
        let label = Label(format!("  item {number}: "));
        let line = match shell.source.read(label, Purpose::Answer).await? {
            Entered::Line(line) if line.trim().is_empty() => return Ok(()),
            Entered::Line(line) => line,
            Entered::End => return Ok(()),
            Entered::Interrupt => return Err(Failure::interrupted()),
        };
        match item(method, &line) {
            Ok(value) => {
                if sender.send(Ok(value)).await.is_err() {
                    // The call takes no more items; it ends by itself.
                    return std::future::pending().await;
                }
                number += 1;
            }
            Err(failure) if shell.screen.interactive() => shell.screen.failure(&failure),
            Err(failure) => return Err(failure),
        }
    }
}

fn item(method: &RemoteMethod, line: &str) -> Result<Value, Failure> {
    let words = words(line);
    if words.iter().any(|word| word.open) {
        return Err(Failure::usage("a quote or bracket is not closed"));
    }
    let value = value_of(method, &words)?;
    check(method, &value)?;
    Ok(value)
}
