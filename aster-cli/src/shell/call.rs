//! Calls from lines: what is called, with what, and where the answers go.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use aster::Pattern;
use futures::StreamExt;
use serde_json::{Value, json};

use super::bench::{self, Load};
use super::command::{COMMANDS, Form};
use super::interpreter::Interpreter;
use super::items;
use super::line::{Line, Word};
use super::listing::{counted, unknown_methods};
use super::results::{Printer, Results};
use crate::call::explained;
use crate::failure::Failure;
use crate::remote::{
    CallOptions, Callee, Input, Items, RemoteMethod, RemoteService, Tally, check, from_pairs,
    invoke, one_of,
};

impl Interpreter {
    /// Makes the call that `words` name. `text` is the line as typed.
    pub(super) async fn call(
        &mut self,
        line: &Line,
        words: &[Word],
        form: Form,
        text: &str,
    ) -> Result<(), Failure> {
        let Some((target, arguments)) = words.split_first() else {
            return Err(Failure::usage("there is no method to call").hint("`ls` shows the methods"));
        };
        let method = self.method(&target.text, form).await?;
        let callee = self.callee(&method).await?;
        if line.background {
            return self.start_job(line, callee, method, arguments, text).await;
        }
        let request = request(&method, arguments, line.input.as_deref())?;
        let results = Results::open(&self.screen, line.output.as_ref())?;
        let mut printer = Printer::new(results, &method, self.received.clone());
        let items = match request {
            Some(request) => {
                self.echo(&method, &request);
                request.into_items(&method)?
            }
            None if method.takes_stream() => {
                let began = Instant::now();
                let tally = items::converse(self, &callee, &method, &mut printer).await;
                return self.conclude(&method, began, tally).await;
            }
            None => {
                let value = items::ask(self, &method, json!({})).await?;
                self.echo(&method, &Request::One(value.clone()));
                Items::One(value)
            }
        };
        let items = match items {
            Items::One(value) => Items::One(items::complete(self, &method, value).await?),
            items => items,
        };
        let began = Instant::now();
        let options = CallOptions::default();
        let tally =
            invoke(&callee, &method, items, &options, &mut |value| printer.print(&value)).await;
        self.conclude(&method, began, tally).await
    }

    /// Says how long it took, or explains what went wrong.
    async fn conclude(
        &mut self,
        method: &RemoteMethod,
        began: Instant,
        tally: Result<Tally, Failure>,
    ) -> Result<(), Failure> {
        match tally {
            Ok(tally) => {
                self.screen.remark(&summary(method, tally, began.elapsed()));
                Ok(())
            }
            Err(failure) => {
                self.leave_lost_session();
                Err(explained(failure, &self.remote, method))
            }
        }
    }

    /// A session that is over at the server is over here.
    fn leave_lost_session(&mut self) {
        let is_over = self.session.as_ref().is_some_and(|open| match &open.callee {
            Callee::Session(session) => session.is_over(),
            Callee::Shared(_) => false,
        });
        if is_over && let Some(open) = self.session.take() {
            let name = &open.service.summary.name;
            self.screen.note(&format!(
                "the session with {name} has ended; `session {name}` opens a new one"
            ));
        }
    }

    fn echo(&self, method: &RemoteMethod, request: &Request) {
        self.screen.remark(&format!("-> {}({})", method.full_name(), request.text()));
    }

    /// The method that a word names: here, in the session, or as
    /// `Service.method`.
    async fn method(&mut self, word: &str, form: Form) -> Result<RemoteMethod, Failure> {
        let (is_path, name) = match word.strip_prefix("./") {
            Some(name) => (true, name),
            None => (false, word),
        };
        let here = match &self.session {
            Some(open) => Some(open.service.summary.name.clone()),
            None => self.place.service().map(str::to_owned),
        };
        let (service, name) = match (name.rsplit_once('.'), here) {
            (Some((service, name)), _) if self.tree.find(service).is_some() => {
                (service.to_owned(), name)
            }
            (None, Some(service)) => (service, name),
            (Some((service, name)), _) if !is_path && !name.is_empty() => {
                let names = self.tree.branches().iter().map(|branch| branch.summary.name.as_str());
                return Err(Failure::not_found(format!("there is no service {service}"))
                    .hint(one_of("service", service, names)));
            }
            _ => return Err(self.unknown(word, None)),
        };
        let service = self.load(&service).await?;
        self.described(&service, name, form).map_err(|failure| {
            // A bare word may as well be meant as a command.
            let is_bare = form == Form::Described && !is_path && !word.contains('.');
            match &service.contract {
                Some(_) if is_bare => self.unknown(word, Some(&service)),
                _ => failure,
            }
        })
    }

    fn described(
        &self,
        service: &Arc<RemoteService>,
        name: &str,
        form: Form,
    ) -> Result<RemoteMethod, Failure> {
        let pattern = match form {
            Form::Described => None,
            Form::Unary => Some(Pattern::Unary),
            Form::ServerStream => Some(Pattern::ServerStream),
            Form::ClientStream => Some(Pattern::ClientStream),
            Form::Bidi => Some(Pattern::Bidi),
        };
        let method = service.method(name, pattern.unwrap_or(Pattern::Unary))?;
        match pattern {
            None if service.contract.is_none() => {
                let note = self.tree.find(&service.summary.name).and_then(unknown_methods);
                let note = note.unwrap_or_default();
                let (problem, hint) = note.split_once('\n').unwrap_or((&note, ""));
                Err(Failure::usage(problem).hint(hint))
            }
            Some(pattern) if pattern != method.pattern => {
                let problem = format!("{} is {}", method.full_name(), method.pattern);
                Err(Failure::usage(problem).hint(format!("call it with ./{name}")))
            }
            _ => Ok(method),
        }
    }

    /// A first word that is nothing.
    fn unknown(&self, word: &str, service: Option<&RemoteService>) -> Failure {
        let methods = service.and_then(|service| service.contract.as_ref());
        let methods = methods.into_iter().flat_map(|contract| &contract.methods);
        let commands = COMMANDS.iter().map(|command| command.name);
        let names = methods.map(|method| method.name.as_str()).chain(commands);
        let nearest = crate::remote::nearest(word.trim_start_matches("./"), names);
        let failure = Failure::not_found(match service {
            Some(service) => format!(
                "{} has no method {word}, and no command has the name",
                service.summary.name
            ),
            None => format!("there is no command {word}, and this is no service"),
        });
        match (nearest, service) {
            (Some(name), _) => failure.hint(format!("did you mean {name}?")),
            (None, Some(_)) => failure.hint("`ls` shows the methods, `help` the commands"),
            (None, None) => failure.hint(
                "`cd services/NAME` goes to a service, `Service.method` calls from anywhere, `help` lists the commands",
            ),
        }
    }

    /// What the call goes through.
    async fn callee(&self, method: &RemoteMethod) -> Result<Callee, Failure> {
        let name = &method.service.summary.name;
        match &self.session {
            Some(open) if open.service.summary.name == *name => Ok(open.callee.clone()),
            Some(open) => Err(Failure::usage(format!(
                "this is a session with {}, and {} is of {name}",
                open.service.summary.name, method.name
            ))
            .hint("`end` closes the session")),
            None if method.service.is_session() => {
                Err(Failure::usage(format!("{} is called in a session", method.full_name()))
                    .hint(format!("type `session {name}`, then {}", method.name)))
            }
            None => self.remote.callee(&method.service).await,
        }
    }

    /// Runs the call while other lines run.
    async fn start_job(
        &mut self,
        line: &Line,
        callee: Callee,
        method: RemoteMethod,
        arguments: &[Word],
        text: &str,
    ) -> Result<(), Failure> {
        if self.session.is_some() {
            return Err(Failure::usage("a session runs one call at a time")
                .hint("leave the & out, or call from outside the session"));
        }
        let request = match request(&method, arguments, line.input.as_deref())? {
            Some(request) => request,
            None if method.takes_stream() => {
                return Err(Failure::usage("a call in the background cannot read what you type")
                    .hint("give the items with < FILE"));
            }
            None => Request::One(json!({})),
        };
        let items = request.into_items(&method)?;
        if let Items::One(value) = &items {
            check(&method, value)?;
        }
        let results = Results::open(&self.screen, line.output.as_ref())?;
        let number = self.jobs.next()?;
        let received = Arc::new(AtomicU64::new(0));
        let mut printer = Printer::new(results, &method, received.clone()).of_job(number);
        let (screen, remote) = (self.screen.clone(), self.remote.clone());
        let task = tokio::spawn(async move {
            let began = Instant::now();
            let options = CallOptions::default();
            let mut sink = |value| printer.print(&value);
            match invoke(&callee, &method, items, &options, &mut sink).await {
                Ok(tally) => screen.remark(&format!(
                    "[{number}] {} done {}",
                    method.full_name(),
                    summary(&method, tally, began.elapsed())
                )),
                Err(failure) => screen.failure(
                    &explained(failure, &remote, &method)
                        .at(&format!("[{number}] {}", method.full_name())),
                ),
            }
        });
        let line = text.trim().trim_end_matches('&').trim_end();
        self.jobs.add(number, line, received, task);
        self.screen.remark(&format!("[{number}] runs in the background; `stop {number}` ends it"));
        Ok(())
    }

    /// `bench METHOD [k=v ...] [-c CALLS] [-n COUNT]`.
    pub(super) async fn bench(
        &mut self,
        words: &[Word],
        results: &mut Results,
    ) -> Result<(), Failure> {
        let (load, words) = Load::take(words)?;
        let Some((target, arguments)) = words.split_first() else {
            return Err(Failure::usage("there is no method to measure")
                .hint("bench METHOD [k=v ...] [-c CALLS] [-n COUNT]"));
        };
        let method = self.method(&target.text, Form::Described).await?;
        if !method.pattern.single_request() {
            return Err(Failure::usage(format!(
                "{} takes a stream of requests",
                method.full_name()
            ))
            .hint("bench measures methods that take one request"));
        }
        if load.concurrency > 1 && self.session.is_some() {
            return Err(Failure::usage("a session runs one call at a time").hint("leave -c out"));
        }
        let value = match request(&method, arguments, None)? {
            Some(Request::One(value)) => value,
            _ => json!({}),
        };
        check(&method, &value)?;
        let callee = self.callee(&method).await?;
        let show_progress = self.screen.interactive();
        let measured = bench::run(&callee, &method, &value, load, show_progress).await?;
        let text =
            if results.is_for_people() { measured.text() } else { measured.json().to_string() };
        results.write(&text)?;
        if measured.failed() {
            return Err(Failure::runtime(format!("no call of {} succeeded", method.full_name())));
        }
        Ok(())
    }
}

/// What a line gives a call.
pub(super) enum Request {
    One(Value),
    Many(Vec<Value>),
    File(String),
}

impl Request {
    fn into_items(self, method: &RemoteMethod) -> Result<Items, Failure> {
        match self {
            Self::File(path) => Input::File(path).open()?.items(method.takes_stream()),
            Self::One(value) if !method.takes_stream() => Ok(Items::One(value)),
            Self::One(value) => Self::Many(vec![value]).into_items(method),
            Self::Many(values) => {
                values.iter().try_for_each(|value| check(method, value))?;
                Ok(Items::Stream(futures::stream::iter(values.into_iter().map(Ok)).boxed()))
            }
        }
    }

    /// As the echo of a call shows it.
    fn text(&self) -> String {
        match self {
            Self::One(Value::Object(fields)) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                fields.join(", ")
            }
            Self::One(value) => value.to_string(),
            Self::Many(values) => counted(values.len(), "item"),
            Self::File(path) => format!("< {path}"),
        }
    }
}

/// The request that the words of a line make; none if there are none.
fn request(
    method: &RemoteMethod,
    words: &[Word],
    input: Option<&str>,
) -> Result<Option<Request>, Failure> {
    match (words, input) {
        ([], None) => Ok(None),
        ([], Some(path)) => Ok(Some(Request::File(path.to_owned()))),
        (_, Some(_)) => Err(Failure::usage("the request is given on the line and with <")
            .hint("leave one of them out")),
        ([word], None) if word.is_json() => match json(&word.text)? {
            Value::Array(values) if method.takes_stream() => Ok(Some(Request::Many(values))),
            value => Ok(Some(Request::One(value))),
        },
        (words, None) => value_of(method, words).map(Request::One).map(Some),
    }
}

/// One message of `k=v` words, or of one JSON object.
pub(super) fn value_of(method: &RemoteMethod, words: &[Word]) -> Result<Value, Failure> {
    if let [word] = words
        && word.is_json()
    {
        return json(&word.text);
    }
    let pairs = words.iter().map(|word| match word.pair() {
        // Without a contract quotes tell text from numbers.
        Some((key, value)) if word.quoted && method.described().is_none() => {
            Ok((key.to_owned(), Value::from(value).to_string()))
        }
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Failure::usage(format!("{:?} is neither k=v nor a JSON object", word.text))
            .hint("write arguments as name=value, or all of them as one JSON object")),
    });
    from_pairs(method, &pairs.collect::<Result<Vec<_>, _>>()?)
}

fn json(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::usage(format!("the request is not JSON: {error}")))
}

/// `(3 items, 12ms)`.
fn summary(method: &RemoteMethod, tally: Tally, elapsed: Duration) -> String {
    let count = |number, what| counted(usize::try_from(number).unwrap_or(usize::MAX), what);
    let mut parts = Vec::new();
    if method.takes_stream() {
        parts.push(format!("{} sent", count(tally.sent, "item")));
    }
    if method.gives_stream() {
        parts.push(count(tally.received, "item"));
    }
    parts.push(match elapsed.as_millis() {
        millis if millis < 10_000 => format!("{millis}ms"),
        _ => format!("{:.1}s", elapsed.as_secs_f64()),
    });
    format!("({})", parts.join(", "))
}
