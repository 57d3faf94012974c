//! Several calls in one session, a line of standard input each.

use serde_json::Value;

use super::Call;
use super::printer::Printer;
use super::request::Request;
use crate::failure::Failure;
use crate::remote::{Callee, Input, Items, Remote, RemoteMethod, from_pairs, invoke};

/// Runs the lines until the first that fails. `target` is `Service.method`, or
/// a service if each line names the method.
pub(super) async fn run(call: &Call, remote: &Remote, target: &str) -> Result<(), Failure> {
    let announced = remote.services().iter().any(|summary| summary.name == target);
    let (service, method) = match target.rsplit_once('.') {
        Some((service, method)) if !announced => (service, Some(method)),
        _ => (target, None),
    };
    let service = remote.known_service(service).await?;
    if !service.is_session() {
        return Err(Failure::usage(format!("{} has no sessions", service.summary.name))
            .hint("leave --session out"));
    }
    let method = method.map(|name| call.method(&service, name)).transpose()?;
    let callee = remote.callee(&service).await?;
    let mut lines = Input::Stdin.open()?.lines();
    let mut number = 0;
    while let Some(line) = lines.recv().await {
        let line = line?;
        let line = line.trim();
        number += 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let done = match &method {
            Some(method) => one(call, &callee, method, line).await,
            None => {
                let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
                match call.method(&service, name) {
                    Ok(method) => one(call, &callee, &method, rest.trim()).await,
                    Err(failure) => Err(failure),
                }
            }
        };
        done.map_err(|failure| failure.at(&format!("line {number}")))?;
    }
    callee.close().await;
    Ok(())
}

async fn one(
    call: &Call,
    callee: &Callee,
    method: &RemoteMethod,
    request: &str,
) -> Result<(), Failure> {
    let items = match <[Value; 1]>::try_from(values(method, request)?) {
        Ok([value]) => Items::One(value),
        Err(values) => Items::Stream(Box::pin(futures::stream::iter(values.into_iter().map(Ok)))),
    };
    let mut printer = Printer::new(call.form, method);
    invoke(callee, method, items, &call.options(), &mut |value| printer.print(&value)).await?;
    Ok(())
}

/// What a line says: JSON values one after the other, `key=value` words, or
/// nothing, which is an empty request.
fn values(method: &RemoteMethod, line: &str) -> Result<Vec<Value>, Failure> {
    if line.is_empty() {
        return Ok(vec![serde_json::json!({})]);
    }
    if !line.starts_with(['{', '[', '"']) {
        let words: Vec<_> = line.split_whitespace().collect();
        let Request::Pairs(pairs) = Request::parse(&words)? else {
            return Err(Failure::usage(format!("{line:?} is neither JSON nor key=value")));
        };
        return Ok(vec![from_pairs(method, &pairs)?]);
    }
    let values = serde_json::Deserializer::from_str(line).into_iter::<Value>();
    values
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::usage(format!("the request is not JSON: {error}")))
}
