//! A program on a terminal of its own.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system,
};

use crate::emulator::Emulator;
use crate::{Key, LIMIT};

/// A program on a terminal of its own. It is killed when this is dropped.
pub struct Terminal {
    name: String,
    shared: Arc<Shared>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    /// Closing it would hang up on the program.
    _master: Box<dyn MasterPty + Send>,
}

/// What the threads of a terminal tell the test.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// The keyboard: keys of the test, and the terminal's own answers.
    keyboard: Mutex<Box<dyn Write + Send>>,
}

struct State {
    emulator: Emulator,
    /// Nothing holds the terminal any more: everything is on the screen.
    has_ended: bool,
    exit: Option<ExitStatus>,
}

impl Terminal {
    /// Starts a program on a terminal of this size. Its environment is what
    /// the command says, and `TERM`.
    ///
    /// # Panics
    /// If there is no terminal to have, or the program does not start.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)]
    pub fn start(command: Command, rows: u16, columns: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = pair
            .slave
            .spawn_command(builder(&command))
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        // The output ends when the last program that holds it does.
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().expect("the terminal's output");
        let size = (NonZeroU16::new(rows), NonZeroU16::new(columns));
        let (Some(rows), Some(columns)) = size else { panic!("a terminal without a size") };
        let emulator = Emulator::new(rows, columns);
        let shared = Arc::new(Shared {
            state: Mutex::new(State { emulator, has_ended: false, exit: None }),
            changed: Condvar::new(),
            keyboard: Mutex::new(pair.master.take_writer().expect("the terminal's input")),
        });
        let killer = child.clone_killer();
        let screen = shared.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Linux reports the end as an error.
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let answers = screen.update(|state| state.emulator.write(&buffer[..count]));
                screen.press(&answers);
            }
            screen.update(|state| state.has_ended = true);
        });
        let end = shared.clone();
        thread::spawn(move || {
            let exit = child.wait().unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
            end.update(|state| state.exit = Some(exit));
        });
        Self { name, shared, killer, _master: pair.master }
    }

    /// Types characters.
    pub fn type_text(&mut self, text: &str) {
        self.shared.press(text.as_bytes());
    }

    /// Presses a key.
    pub fn key(&mut self, key: Key) {
        self.shared.press(key.bytes().as_bytes());
    }

    /// Types a line and presses Enter.
    pub fn type_line(&mut self, line: &str) {
        self.type_text(line);
        self.key(Key::Enter);
    }

    /// Waits until the screen shows this text; gives the screen.
    ///
    /// # Panics
    /// With the whole screen, if it does not come within [`LIMIT`] or the
    /// program ends without it.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as wanted; gives the screen.
    ///
    /// # Panics
    /// As [`wait_for`](Self::wait_for).
    pub fn wait_until(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        self.wait("the screen that is waited for", is_wanted)
    }

    /// The lines on the screen now, without trailing blanks and without the
    /// empty lines at the end; each line ends in a line feed.
    #[must_use]
    pub fn screen(&self) -> String {
        self.shared.state().emulator.screen()
    }

    /// All lines up to now, those that have left the screen included.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared.state().emulator.transcript()
    }

    /// Everything that was written up to now, escape sequences included.
    #[must_use]
    pub fn output(&self) -> String {
        self.shared.state().emulator.output()
    }

    /// Waits for the program's end; everything that it wrote is on the screen
    /// then.
    ///
    /// # Panics
    /// With the whole screen, if it still runs after [`LIMIT`].
    pub fn finish(&mut self) -> ExitStatus {
        let state = self.shared.wait(|state| state.exit.is_some() && state.has_ended);
        match (&state.exit, state.has_ended) {
            (Some(exit), true) => exit.clone(),
            _ => panic!("{}", self.failure("its end", &state)),
        }
    }

    fn wait(&self, what: &str, is_wanted: impl Fn(&str) -> bool) -> String {
        let state =
            self.shared.wait(|state| is_wanted(&state.emulator.screen()) || state.has_ended);
        let screen = state.emulator.screen();
        assert!(is_wanted(&screen), "{}", self.failure(what, &state));
        screen
    }

    fn failure(&self, what: &str, state: &State) -> String {
        let program = match &state.exit {
            Some(exit) => format!("ended with {exit:?}"),
            None => "still runs".to_owned(),
        };
        let screen = state.emulator.screen();
        format!("{} ({program}): waited for {what}. The screen:\n{screen}", self.name)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.shared.state().exit.is_none() {
            let _ = self.killer.kill();
        }
    }
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terminal({})", self.name)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state());
        self.changed.notify_all();
        result
    }

    /// The state when it is as wanted, or when [`LIMIT`] is over.
    fn wait(&self, is_wanted: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let until = Instant::now() + LIMIT;
        let mut state = self.state();
        while !is_wanted(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    /// A program that has ended reads nothing; its end is told elsewhere.
    fn press(&self, bytes: &[u8]) {
        let mut keyboard = self.keyboard.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = keyboard.write_all(bytes).and_then(|()| keyboard.flush());
    }
}

/// The same command for a terminal.
fn builder(command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    builder.env("TERM", "xterm-256color");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => builder.env(name, value),
            None => builder.env_remove(name),
        }
    }
    let folder = command.get_current_dir().map(ToOwned::to_owned);
    if let Some(folder) = folder.or_else(|| std::env::current_dir().ok()) {
        builder.cwd(folder);
    }
    builder
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Terminal {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Terminal::start(command, 5, 40)
    }

    #[test]
    fn keys_reach_the_program_and_its_output_the_screen() {
        let mut terminal = shell("printf '? '; read a; echo \"got $a\"; stty size; exit 3");
        terminal.wait_for("?");
        terminal.type_line("x y");
        let status = terminal.finish();
        assert_eq!(terminal.screen(), "? x y\ngot x y\n5 40\n");
        assert_eq!(status.exit_code(), 3);
    }

    #[test]
    fn ctrl_c_is_a_signal() {
        let mut terminal =
            shell("trap 'echo stopped; exit 0' INT; echo ready; while :; do sleep 1; done");
        terminal.wait_for("ready");
        terminal.key(Key::CtrlC);
        assert!(terminal.finish().success());
        terminal.wait_for("stopped");
    }

    #[test]
    fn what_does_not_come_is_told_with_the_screen() {
        let terminal = shell("echo something else");
        let waiting = std::panic::AssertUnwindSafe(|| terminal.wait_for("this"));
        let panic = std::panic::catch_unwind(waiting).unwrap_err();
        let said = panic.downcast_ref::<String>().unwrap();
        assert!(said.contains("waited for \"this\" on the screen"), "{said}");
        assert!(said.ends_with("The screen:\nsomething else\n"), "{said}");
    }
}
