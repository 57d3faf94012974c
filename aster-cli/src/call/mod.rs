//! `aster call ADDRESS Service.method [REQUEST]`.

mod dialogue;
mod printer;
mod progress;
mod request;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aster::Pattern;
use clap::{Args, ValueEnum};

use crate::failure::{Exit, Failure};
use crate::output::note;
use crate::remote::{
    CallOptions, Callee, Destination, Input, Items, Remote, RemoteMethod, RemoteService, Right,
    from_pairs, invoke,
};
use printer::Printer;
use progress::Progress;
use request::Request;

const EXAMPLES: &str = "\
Examples:
  aster call aster1abc... MissionControl.getStatus '{\"agent_id\": \"edge-1\"}'
  aster call prod MissionControl.getStatus agent_id=edge-1
  aster call prod MissionControl.tailLogs level=warn --limit 10 --table
  aster call prod MissionControl.ingestMetrics @points.ndjson
  aster call prod AgentSession.runCommand - < commands.ndjson
  aster call prod AgentSession --session < lines
  aster call --demo Lookout.watch

A request is JSON, key=value words, @FILE, or - for standard input. Methods that
take a stream of requests read one per line. Ctrl+C cancels the call, also at the
server.

Exit codes: 0 success, 1 other failures, 2 usage, 3 wrong request, 4 not found,
5 denied, 6 wrong state, 7 deadline, 8 unreachable, 9 limit, 10 server failed,
130 interrupted.";

/// Call a method.
#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    override_usage = "aster call [OPTIONS] <ADDRESS|NAME> <Service.method> [REQUEST]..."
)]
pub(crate) struct Call {
    /// The server (an address, or a name from `aster peers`; left out with
    /// --demo and --address-file), the method, and the request.
    #[arg(required = true, value_name = "ADDRESS METHOD REQUEST", num_args = 1..)]
    words: Vec<String>,
    #[command(flatten)]
    destination: Destination,
    /// Give up after this long: 10s, 1m30s, or seconds as a number.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,
    /// A metadata entry; may be repeated.
    #[arg(long, value_name = "KEY=VALUE", value_parser = entry)]
    metadata: Vec<(String, String)>,
    /// Leave a stream of responses after this many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Leave a stream of responses after this long.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    duration: Option<Duration>,
    /// Keep one session for all lines of standard input: a request per line, or
    /// `method REQUEST` if no method is named.
    #[arg(long)]
    session: bool,
    /// What kind of method it is, for servers that publish no contract.
    #[arg(long, value_enum, value_name = "PATTERN")]
    pattern: Option<PatternName>,
    #[command(flatten)]
    form: printer::FormOptions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PatternName {
    Unary,
    ServerStream,
    ClientStream,
    Bidi,
}

impl From<PatternName> for Pattern {
    fn from(name: PatternName) -> Self {
        match name {
            PatternName::Unary => Self::Unary,
            PatternName::ServerStream => Self::ServerStream,
            PatternName::ClientStream => Self::ClientStream,
            PatternName::Bidi => Self::Bidi,
        }
    }
}

impl Call {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let mut words = self.words.iter().map(String::as_str);
        let address = if self.destination.is_complete() { None } else { words.next() };
        let target = words.next().ok_or_else(|| {
            Failure::usage("there is no method to call").hint(
                "write `aster call ADDRESS Service.method REQUEST`; `aster shell ADDRESS` shows what there is",
            )
        })?;
        let request = Request::parse(&words.collect::<Vec<_>>())?;
        if request.reads_stdin() && self.destination.reads_stdin() {
            return Err(Failure::usage("address and request cannot both be standard input"));
        }
        if self.session && !matches!(request, Request::None | Request::Input(Input::Stdin)) {
            return Err(Failure::usage("--session reads its requests from standard input")
                .hint("leave the request out, and give one per line"));
        }
        let remote = self.destination.connect(address).await?;
        let result = tokio::select! {
            result = self.perform(&remote, target, request) => result,
            signal = tokio::signal::ctrl_c() => match signal {
                Ok(()) => Err(Failure::interrupted()),
                Err(error) => Err(Failure::runtime(format!("cannot listen for Ctrl+C: {error}"))),
            },
        };
        remote.close().await;
        result.map(|()| ExitCode::SUCCESS)
    }

    async fn perform(
        &self,
        remote: &Remote,
        target: &str,
        request: Request,
    ) -> Result<(), Failure> {
        if self.session {
            return dialogue::run(self, remote, target).await;
        }
        let (service, method) = target.rsplit_once('.').ok_or_else(|| {
            Failure::usage(format!("{target:?} does not name a method"))
                .hint("write it as Service.method, for example MissionControl.getStatus")
        })?;
        let service = remote.known_service(service).await?;
        let method = self.method(&service, method)?;
        let callee = remote.callee(&service).await?;
        let result = self.call(&callee, &method, request).await;
        callee.close().await;
        result.map_err(|failure| explained(failure, remote, &method))
    }

    fn method(&self, service: &Arc<RemoteService>, name: &str) -> Result<RemoteMethod, Failure> {
        if let (Some(reason), None) = (&service.no_contract, self.pattern) {
            note(&format!("{reason}; taking {name} for a unary method (see --pattern)"));
        }
        let method = service.method(name, self.pattern.map_or(Pattern::Unary, Pattern::from))?;
        if (self.limit.is_some() || self.duration.is_some()) && !method.gives_stream() {
            let problem = format!("{} gives one response", method.full_name());
            return Err(Failure::usage(problem).hint(
                "--limit and --for are for streams of responses; --timeout is for all calls",
            ));
        }
        Ok(method)
    }

    async fn call(
        &self,
        callee: &Callee,
        method: &RemoteMethod,
        request: Request,
    ) -> Result<(), Failure> {
        let (items, progress) = match request {
            Request::None if method.takes_stream() => {
                return Err(Failure::usage(format!(
                    "{} takes a stream of requests: {}",
                    method.full_name(),
                    method.signature()
                ))
                .hint("give one per line in a file (@FILE) or on standard input (-)"));
            }
            Request::None => (Items::One(serde_json::json!({})), None),
            Request::Pairs(pairs) => (Items::One(from_pairs(method, &pairs)?), None),
            Request::Input(input) => {
                let reader = input.open()?;
                let progress = Progress::of(&reader, method);
                (reader.items(method.takes_stream())?, progress)
            }
        };
        let mut printer = Printer::new(self.form, method);
        let options = self.options();
        let tally = {
            let _shown = progress;
            invoke(callee, method, items, &options, &mut |value| printer.print(&value)).await?
        };
        if method.pattern == Pattern::ClientStream {
            note(&format!("{} requests sent", tally.sent));
        }
        Ok(())
    }

    fn options(&self) -> CallOptions {
        CallOptions {
            timeout: self.timeout,
            metadata: self.metadata.clone(),
            limit: self.limit,
            duration: self.duration,
        }
    }
}

/// A denial with what the credential lacks.
pub(crate) fn explained(failure: Failure, remote: &Remote, method: &RemoteMethod) -> Failure {
    if failure.exit() != Exit::Denied {
        return failure;
    }
    let rights = remote.rights();
    let Right::Missing(what) = rights.of(method.service.contract.as_ref(), &method.name) else {
        return failure;
    };
    let held: Vec<_> = rights.capabilities().collect();
    let held = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
    failure.hint(format!(
        "{} requires {what}, and your capabilities are: {held}; ask for a credential that has it",
        method.full_name()
    ))
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a time above zero, such as 10s, 1m30s, or seconds as a number".to_owned();
    let time = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?,
        Err(_) => {
            let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
            Duration::try_from(span).map_err(|_| wrong())?
        }
    };
    if time.is_zero() { Err(wrong()) } else { Ok(time) }
}

fn entry(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_or_are_seconds() {
        for (text, millis) in [("10s", 10_000), ("1m30s", 90_000), ("0.5", 500), ("250ms", 250)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "0", "-1", "-5s", "x", "1 fortnight", "inf", "NaN", "1e300"] {
            assert!(duration(text).is_err(), "{text:?}");
        }
    }
}
