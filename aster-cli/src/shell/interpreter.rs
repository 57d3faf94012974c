//! Runs lines: commands here, calls in [`call`](super::call).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;

use super::browse::show;
use super::command::{self, COMMANDS, Command, Form, Scope, Verb};
use super::editor::{Entered, Purpose};
use super::jobs::Jobs;
use super::line::{Line, Word, is_blank, recall};
use super::listing::{self, counted};
use super::place::Place;
use super::prompt::Label;
use super::results::Results;
use super::screen::Screen;
use super::source::Source;
use super::tree::{Scene, Tree, one_line};
use crate::failure::{Exit, Failure};
use crate::remote::{Callee, Remote, RemoteService, one_of};

/// Lines that `history` shows if it is not told.
const HISTORY_LINES: usize = 20;

/// The time between two runs of a watched line if none is given.
const WATCH_INTERVAL: Duration = Duration::from_secs(2);

/// Deepest nesting of `time` and `watch`.
const MAX_DEPTH: usize = 8;

/// An open session.
pub(super) struct OpenSession {
    pub(super) service: Arc<RemoteService>,
    pub(super) callee: Callee,
}

/// Whether to read another line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    Leave,
}

/// The state of a shell.
pub(super) struct Interpreter {
    pub(super) remote: Remote,
    pub(super) screen: Arc<Screen>,
    pub(super) source: Source,
    pub(super) tree: Tree,
    pub(super) place: Place,
    pub(super) session: Option<OpenSession>,
    pub(super) jobs: Jobs,
    /// Responses of the call that runs now.
    pub(super) received: Arc<AtomicU64>,
    previous: Option<String>,
    depth: usize,
}

impl Interpreter {
    pub(super) fn new(remote: Remote, screen: Arc<Screen>, source: Source) -> Self {
        Self {
            tree: Tree::new(remote.services()),
            remote,
            screen,
            source,
            place: Place::Root,
            session: None,
            jobs: Jobs::default(),
            received: Arc::default(),
            previous: None,
            depth: 0,
        }
    }

    /// Reads and runs lines up to the end. Where nobody types, the first line
    /// that fails is the last, unless `keep_going`.
    ///
    /// # Errors
    /// The failure of the last line that failed, where nobody types.
    pub(super) async fn run(&mut self, keep_going: bool) -> Result<(), Failure> {
        let mut failed = None;
        loop {
            self.show_scene();
            let entered = tokio::select! {
                biased;
                // On a terminal it is a key.
                _ = tokio::signal::ctrl_c(), if !self.screen.interactive() => {
                    return Err(Failure::interrupted());
                }
                entered = self.source.read(self.label(), Purpose::Command) => entered?,
            };
            match entered {
                Entered::Line(text) if is_blank(&text) => {}
                Entered::Line(text) => match self.line(&text).await {
                    Ok(Flow::Continue) => {}
                    Ok(Flow::Leave) => break,
                    Err(failure) if self.screen.interactive() => self.report(&failure),
                    Err(failure) if keep_going && failure.exit() != Exit::Interrupted => {
                        self.report(&failure);
                        failed = Some(failure);
                    }
                    Err(failure) => return Err(failure),
                },
                Entered::Interrupt => self.screen.remark("Ctrl+D or `exit` leaves the shell"),
                Entered::End if self.session.is_some() && self.screen.interactive() => {
                    self.end_session().await;
                }
                Entered::End => break,
            }
        }
        self.end_session().await;
        match failed {
            Some(failure) => Err(Failure::new(failure.exit(), "a line failed")),
            None => Ok(()),
        }
    }

    fn report(&self, failure: &Failure) {
        if failure.exit() == Exit::Interrupted {
            let received = self.received.swap(0, Ordering::Relaxed);
            let received = usize::try_from(received).unwrap_or(usize::MAX);
            return match received {
                0 => self.screen.note("stopped"),
                _ => self.screen.note(&format!("stopped after {}", counted(received, "item"))),
            };
        }
        self.screen.failure(failure);
    }

    fn label(&self) -> Label {
        Label(match &self.session {
            Some(session) => format!("{}~ ", one_line(&session.service.summary.name)),
            None => {
                let (name, place) = (self.remote.name(), self.place.to_string());
                format!("{}:{}$ ", one_line(name), one_line(&place))
            }
        })
    }

    /// Whether the line is part of another, such as `time`.
    pub(super) fn is_nested(&self) -> bool {
        self.depth > 0
    }

    fn show_scene(&self) {
        if let Some(editor) = self.source.editor() {
            editor.show(Scene {
                tree: self.tree.clone(),
                place: self.place.clone(),
                session: self.session.as_ref().map(|open| open.service.summary.name.clone()),
                jobs: self.jobs.numbers(),
            });
        }
    }

    /// Runs a line; Ctrl+C ends it, and with it what it does at the server.
    async fn line(&mut self, text: &str) -> Result<Flow, Failure> {
        let recalled = recall(text, self.previous.as_deref())?;
        if recalled != text {
            self.screen.remark(&recalled);
        }
        self.previous = Some(recalled.clone());
        self.received.store(0, Ordering::Relaxed);
        self.depth = 0;
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => {
                if self.screen.interactive() {
                    // Ends the line that shows ^C.
                    self.screen.note("");
                }
                Err(Failure::interrupted())
            }
            flow = self.execute(&recalled) => flow,
        }
    }

    /// Runs a line that may be part of another.
    fn execute<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, Result<Flow, Failure>> {
        async move {
            if self.depth > MAX_DEPTH {
                return Err(Failure::usage("time and watch are nested too deep"));
            }
            let line = Line::parse(text)?;
            let Some((head, rest)) = line.words.split_first() else {
                return Err(Failure::usage("there is nothing to run on this line"));
            };
            match command::find(&head.text).filter(|_| !head.quoted) {
                Some(command) => self.command(command, &line, rest, text).await,
                None => {
                    self.call(&line, &line.words, Form::Described, text).await?;
                    Ok(Flow::Continue)
                }
            }
        }
        .boxed()
    }

    async fn command(
        &mut self,
        command: &'static Command,
        line: &Line,
        words: &[Word],
        text: &str,
    ) -> Result<Flow, Failure> {
        if !command.works(self.session.is_some()) {
            return Err(wrong_place(command));
        }
        if line.background && !matches!(command.verb, Verb::Call(_)) {
            return Err(Failure::usage(format!("{} does not run in the background", command.name))
                .hint("calls do: ./METHOD &"));
        }
        let argument = words.first().map(|word| word.text.as_str());
        let rest = words.first().and_then(|word| text.get(word.start..)).unwrap_or_default();
        let mut results = match command.verb {
            Verb::Call(_) | Verb::Time | Verb::Watch => Results::Screen(self.screen.clone()),
            _ => Results::open(&self.screen, line.output.as_ref())?,
        };
        let results = &mut results;
        match command.verb {
            Verb::Bench => self.bench(words, results).await?,
            Verb::Call(form) => self.call(line, words, form, text).await?,
            Verb::Cat => self.cat(argument, results).await?,
            Verb::Cd => self.cd(argument).await?,
            Verb::Describe => self.describe(argument, results).await?,
            Verb::End => self.end_session().await,
            Verb::Exit => return Ok(Flow::Leave),
            Verb::Help => self.help(argument)?,
            Verb::History => self.history(argument).await?,
            Verb::Jobs => show(&self.jobs.list(), &self.screen, results)?,
            Verb::Ls => self.ls(argument, results).await?,
            Verb::Pwd => self.pwd(results)?,
            Verb::Refresh => self.refresh().await,
            Verb::Rights => self.rights(results).await?,
            Verb::Session => self.open_session(argument).await?,
            Verb::Stop => self.stop(argument).await?,
            Verb::Time => return self.time(rest).await,
            Verb::Watch => return self.watch(words, text).await,
            Verb::Whoami => self.whoami(results)?,
        }
        Ok(Flow::Continue)
    }

    async fn open_session(&mut self, name: Option<&str>) -> Result<(), Failure> {
        let place = match name {
            // `session X` means the service X, wherever one is.
            Some(name) if self.tree.find(name).is_some() => Place::Service(name.to_owned()),
            path => self.at(path)?,
        };
        let sessions = self.tree.branches().iter().filter(|branch| branch.is_session());
        let sessions: Vec<_> = sessions.map(|branch| branch.summary.name.clone()).collect();
        let hint = match sessions.as_slice() {
            [] => "no service of this server has sessions".to_owned(),
            names => format!("services with sessions: {}", names.join(", ")),
        };
        let Some(service) = place.service().map(str::to_owned) else {
            return Err(Failure::usage("session takes the name of a service").hint(hint));
        };
        listing::find(&self.tree, &service)?;
        let service = self.load(&service).await?;
        if !service.is_session() {
            let problem =
                format!("{} has no sessions: one instance serves all", service.summary.name);
            return Err(Failure::usage(problem).hint(hint));
        }
        let callee = self.remote.callee(&service).await?;
        if let Some(note) = self.tree.find(&service.summary.name).and_then(listing::unknown_methods)
        {
            self.screen.note(&note);
        }
        self.screen.remark(&format!(
            "session with {}: it keeps its state from call to call; `end` closes it",
            service.summary.name
        ));
        self.session = Some(OpenSession { service, callee });
        Ok(())
    }

    pub(super) async fn end_session(&mut self) {
        if let Some(open) = self.session.take() {
            open.callee.close().await;
            self.screen.remark(&format!("session with {} closed", open.service.summary.name));
        }
    }

    async fn stop(&mut self, number: Option<&str>) -> Result<(), Failure> {
        let number = number.ok_or_else(|| {
            Failure::usage("stop takes the number of a job").hint("`jobs` lists what runs")
        })?;
        let received = self.jobs.stop(number).await?;
        let received = counted(usize::try_from(received).unwrap_or(usize::MAX), "item");
        self.screen.remark(&format!("[{number}] stopped after {received}"));
        Ok(())
    }

    async fn time(&mut self, text: &str) -> Result<Flow, Failure> {
        let began = Instant::now();
        self.depth += 1;
        let flow = self.execute(text).await;
        self.screen.note(&format!("{:.3} s", began.elapsed().as_secs_f64()));
        flow
    }

    async fn watch(&mut self, words: &[Word], text: &str) -> Result<Flow, Failure> {
        let (interval, words) = match words {
            [option, seconds, rest @ ..] if option.text == "-n" => {
                let seconds = seconds.text.parse().ok().map(Duration::try_from_secs_f64);
                let interval = seconds.and_then(Result::ok).filter(|time| !time.is_zero());
                let interval = interval
                    .ok_or_else(|| Failure::usage("-n takes a number of seconds above zero"))?;
                (interval, rest)
            }
            _ => (WATCH_INTERVAL, words),
        };
        let line = words.first().and_then(|word| text.get(word.start..)).unwrap_or_default();
        self.depth += 1;
        loop {
            self.screen.remark(&format!("every {} s: {line}", interval.as_secs_f64()));
            if self.execute(line).await? == Flow::Leave {
                return Ok(Flow::Leave);
            }
            tokio::time::sleep(interval).await;
        }
    }

    fn help(&self, name: Option<&str>) -> Result<(), Failure> {
        let text = match name {
            None => {
                let in_session = self.session.is_some();
                let commands = COMMANDS.iter().filter(|command| command.works(in_session));
                let lines: Vec<_> = commands.map(help_line).collect();
                format!(
                    "{}\n\nMethods: ./METHOD k=v a.b=v, METHOD {{JSON}}, or Service.METHOD from anywhere.\n\
                     After a line: & runs it in the background, < FILE gives the items of a request \
                     stream, > FILE takes the results.\n\
                     Tab chooses from the menu, Ctrl+C ends what runs, Ctrl+D leaves.",
                    lines.join("\n")
                )
            }
            Some(name) => {
                let names = COMMANDS.iter().map(|command| command.name);
                help_line(command::find(name).ok_or_else(|| {
                    Failure::not_found(format!("there is no command {name}"))
                        .hint(one_of("command", name, names))
                })?)
            }
        };
        self.screen.note(&text);
        Ok(())
    }

    async fn history(&self, count: Option<&str>) -> Result<(), Failure> {
        let count = match count.map(str::parse) {
            None => HISTORY_LINES,
            Some(Ok(count)) => count,
            Some(Err(_)) => return Err(Failure::usage("history takes a number of lines")),
        };
        let Some(editor) = self.source.editor() else {
            return Err(Failure::usage("lines that nobody types have no history"));
        };
        for line in editor.history(count).await {
            self.screen.note(&line);
        }
        Ok(())
    }
}

fn help_line(command: &Command) -> String {
    format!("  {:46}{}", command.usage, command.help)
}

fn wrong_place(command: &Command) -> Failure {
    let name = command.name;
    match command.scope {
        Scope::Session => Failure::usage(format!("{name} works inside a session only"))
            .hint("`session SERVICE` opens one"),
        _ => Failure::usage(format!("{name} does not work inside a session"))
            .hint("`end` closes the session"),
    }
}
