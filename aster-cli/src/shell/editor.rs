//! The line editor, on a thread of its own: it waits for keys, and the rest of
//! the shell goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use reedline::{
    AbbrExpandContext, Completer, DefaultHinter, EditCommand, Highlighter, Hinter, History,
    Reedline, ReedlineMenu, SearchDirection, SearchQuery, Signal, Span, StyledText, Suggestion,
};
use tokio::sync::oneshot;

use super::completion::complete;
use super::history::DiscreetHistory;
use super::keys::Keys;
use super::menu::{CompletionMenu, Hint, Selection};
use super::prompt::Label;
use super::screen::Screen;
use super::tree::{Scene, one_line};
use crate::failure::Failure;

/// How often the editor looks for what is to be printed above the prompt.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    Line(String),
    /// Ctrl+C.
    Interrupt,
    /// Ctrl+D on an empty line.
    End,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// With completion, and kept in the history.
    Command,
    /// A value or an item.
    Answer,
}

enum Request {
    Read { label: Label, purpose: Purpose, reply: oneshot::Sender<std::io::Result<Entered>> },
    History { count: usize, reply: oneshot::Sender<Vec<String>> },
}

/// The handle of the thread.
pub(super) struct LineEditor {
    requests: mpsc::Sender<Request>,
    stop: Arc<AtomicBool>,
    scene: Arc<Mutex<Scene>>,
}

impl LineEditor {
    /// Starts the thread. Nothing is shown before something is read.
    pub(super) fn start(screen: Arc<Screen>) -> Self {
        let (requests, received) = mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let scene = Arc::new(Mutex::new(Scene::default()));
        let (to_stop, shown) = (stop.clone(), scene.clone());
        std::thread::spawn(move || {
            let mut desk = Desk::new(screen, to_stop, shown);
            while let Ok(request) = received.recv() {
                desk.serve(request);
            }
        });
        Self { requests, stop, scene }
    }

    /// What completion looks at from now on.
    pub(super) fn show(&self, scene: Scene) {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner) = scene;
    }

    /// Reads a line. Dropping the future takes the prompt away.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) async fn read(&self, label: Label, purpose: Purpose) -> Result<Entered, Failure> {
        let (reply, receiver) = oneshot::channel();
        let gone = || Failure::runtime("the line editor has ended");
        self.requests.send(Request::Read { label, purpose, reply }).map_err(|_| gone())?;
        let mut reading = Reading { receiver: Some(receiver), stop: &self.stop };
        let entered = reading.entered().await.ok_or_else(gone)?;
        entered.map_err(|error| Failure::runtime(format!("cannot read the terminal: {error}")))
    }

    /// The last lines of the history, oldest first.
    pub(super) async fn history(&self, count: usize) -> Vec<String> {
        let (reply, receiver) = oneshot::channel();
        let _ = self.requests.send(Request::History { count, reply });
        receiver.await.unwrap_or_default()
    }
}

/// A line that is being read.
struct Reading<'a> {
    receiver: Option<oneshot::Receiver<std::io::Result<Entered>>>,
    stop: &'a AtomicBool,
}

impl Reading<'_> {
    async fn entered(&mut self) -> Option<std::io::Result<Entered>> {
        let entered = self.receiver.as_mut()?.await.ok();
        self.receiver = None;
        entered
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // The thread clears `stop` and then looks whether somebody waits, so
        // this must be in the other order.
        if self.receiver.take().is_some() {
            self.stop.store(true, Ordering::SeqCst);
        }
    }
}

/// The thread's side.
struct Desk {
    screen: Arc<Screen>,
    stop: Arc<AtomicBool>,
    commands: Reedline,
    answers: Reedline,
}

impl Desk {
    fn new(screen: Arc<Screen>, stop: Arc<AtomicBool>, scene: Arc<Mutex<Scene>>) -> Self {
        let file = crate::files::aster_folder().ok().map(|folder| folder.join("shell_history"));
        let (history, problem) = DiscreetHistory::open(file);
        if let Some(problem) = problem {
            screen.note(&problem);
        }
        let selection = Selection::default();
        let hint = Hint::default();
        let menu = CompletionMenu::new(selection.clone(), hint.clone());
        let hinter = DefaultHinter::default().with_style(nu_ansi_term::Style::new().dimmed());
        let commands = plain(&screen, &stop)
            .with_history(Box::new(history))
            .with_hinter(Box::new(HistoryHinter { hinter, hint }))
            .with_completer(Box::new(SceneCompleter(scene)))
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_edit_mode(Box::new(Keys::new(selection)));
        let answers =
            plain(&screen, &stop).with_edit_mode(Box::new(Keys::new(Selection::default())));
        Self { screen, stop, commands, answers }
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Read { label, purpose, reply } => {
                self.stop.store(false, Ordering::SeqCst);
                if !reply.is_closed() {
                    let entered = self.read(&label, purpose);
                    let _ = reply.send(entered);
                }
            }
            Request::History { count, reply } => {
                let _ = reply.send(last(self.commands.history(), count));
            }
        }
    }

    fn read(&mut self, label: &Label, purpose: Purpose) -> std::io::Result<Entered> {
        let editor = match purpose {
            Purpose::Command => &mut self.commands,
            Purpose::Answer => &mut self.answers,
        };
        self.screen.prompt_begins();
        let signal = editor.read_line(label);
        if let Ok(Signal::ExternalBreak(_)) = &signal {
            editor.run_edit_commands(&[EditCommand::Clear]);
            eprint!("\r\x1b[J");
        }
        self.screen.prompt_ended();
        Ok(match signal? {
            Signal::Success(line) => Entered::Line(line),
            Signal::CtrlD => Entered::End,
            _ => Entered::Interrupt,
        })
    }
}

fn plain(screen: &Screen, stop: &Arc<AtomicBool>) -> Reedline {
    Reedline::create()
        .with_ansi_colors(screen.coloured())
        .with_highlighter(Box::new(Unstyled))
        .with_external_printer(screen.printer())
        .with_break_signal(stop.clone())
        .with_poll_interval(POLL_INTERVAL)
}

fn last(history: &dyn History, count: usize) -> Vec<String> {
    let mut query = SearchQuery::everything(SearchDirection::Backward, None);
    query.limit = i64::try_from(count).ok();
    let items = history.search(query).unwrap_or_default();
    items.into_iter().rev().map(|item| item.command_line).collect()
}

/// Hints from the history, also for the menu.
struct HistoryHinter {
    hinter: DefaultHinter,
    hint: Hint,
}

impl Hinter for HistoryHinter {
    fn handle(
        &mut self,
        line: &str,
        cursor: usize,
        history: &dyn History,
        coloured: bool,
        folder: &str,
    ) -> String {
        let shown = self.hinter.handle(line, cursor, history, coloured, folder);
        self.hint.set(&self.hinter.complete_hint());
        shown
    }

    fn complete_hint(&self) -> String {
        self.hinter.complete_hint()
    }

    fn next_hint_token(&self) -> String {
        self.hinter.next_hint_token()
    }
}

/// Completes with what the scene shows.
struct SceneCompleter(Arc<Mutex<Scene>>);

impl Completer for SceneCompleter {
    fn complete(&mut self, line: &str, cursor: usize) -> Vec<Suggestion> {
        let scene = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates = complete(line, cursor, &scene);
        candidates
            .into_iter()
            .map(|candidate| Suggestion {
                value: candidate.text,
                description: Some(one_line(&candidate.description)),
                span: Span { start: candidate.start, end: cursor },
                append_whitespace: candidate.is_whole,
                ..Suggestion::default()
            })
            .collect()
    }
}

/// The line as it is typed.
struct Unstyled;

impl Highlighter for Unstyled {
    fn highlight(&self, line: &str, _: usize) -> StyledText {
        let mut text = StyledText::new();
        text.push((nu_ansi_term::Style::new(), line.to_owned()));
        text
    }

    fn should_expand_abbr(&self, _: &str, _: usize, _: AbbrExpandContext) -> bool {
        false
    }
}
