//! Other programs: started, watched, and ended by their own process id.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to print its address.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long a server may take to end after SIGTERM.
const END_LIMIT: Duration = Duration::from_secs(15);

/// How long the output may take to end after its program.
const OUTPUT_LIMIT: Duration = Duration::from_secs(2);

/// What a program did.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) end: End,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Exit(ExitStatus),
    TimedOut(Duration),
}

impl Finished {
    pub(crate) fn succeeded(&self) -> bool {
        matches!(&self.end, End::Exit(status) if status.success())
    }

    pub(crate) fn code(&self) -> Option<i32> {
        match &self.end {
            End::Exit(status) => status.code(),
            End::TimedOut(_) => None,
        }
    }

    /// The last line on standard error that says something.
    pub(crate) fn reason(&self) -> &str {
        let mut lines = self.stderr.lines().map(str::trim);
        lines.rfind(|line| !line.is_empty()).unwrap_or("no line on standard error")
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            End::Exit(status) => write!(f, "{status}")?,
            End::TimedOut(limit) => write!(f, "not finished after {limit:?}")?,
        }
        write!(f, "; stdout: {:?}; {}", self.stdout.trim(), self.reason())
    }
}

/// Runs a program to its end, or to `limit`.
pub(crate) fn run(mut command: Command, limit: Duration) -> Finished {
    Running::start(&mut command).finish(limit)
}

/// A program that runs beside the test.
pub(crate) struct Running {
    child: Owned,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = spawn(command);
        Self {
            stdout: collect(child.0.stdout.take()),
            stderr: collect(child.0.stderr.take()),
            child,
        }
    }

    pub(crate) fn finish(mut self, limit: Duration) -> Finished {
        let end = match self.child.wait(limit) {
            Some(status) => End::Exit(status),
            None => End::TimedOut(limit),
        };
        drop(self.child);
        let text = |receiver: Receiver<String>| receiver.recv_timeout(OUTPUT_LIMIT);
        Finished {
            stdout: text(self.stdout).unwrap_or_default(),
            stderr: text(self.stderr).unwrap_or_default(),
            end,
        }
    }
}

/// A program that prints its address and serves until it is asked to end.
pub(crate) struct Server {
    name: String,
    child: Owned,
    stderr: Receiver<String>,
    pub(crate) address: String,
    /// From start to address.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// # Panics
    /// If the program does not start or prints no address.
    pub(crate) fn start(name: &str, mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = spawn(&mut command);
        let stderr = collect(child.0.stderr.take());
        let stdout = child.0.stdout.take();
        let (sender, first_line) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout.expect("a pipe")).lines();
            if let Some(Ok(line)) = lines.next() {
                let _ = sender.send(line);
            }
            // Whatever else it prints must not block it.
            lines.for_each(drop);
        });
        let Ok(address) = first_line.recv_timeout(START_LIMIT) else {
            drop(child);
            let stderr = stderr.recv_timeout(OUTPUT_LIMIT).unwrap_or_default();
            panic!("{name} printed no address within {START_LIMIT:?}:\n{stderr}");
        };
        let alone = !address.is_empty() && !address.contains(char::is_whitespace);
        assert!(alone, "the first line of {name} is no address: {address:?}");
        Self { name: name.to_owned(), child, stderr, address, ready_after: began.elapsed() }
    }

    /// Asks it to end; what is wrong with how it did, if anything.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let name = &self.name;
        if let Ok(Some(status)) = self.child.0.try_wait() {
            let stderr = self.stderr.recv_timeout(OUTPUT_LIMIT).unwrap_or_default();
            return Err(format!("{name} ended by itself, {status}:\n{stderr}"));
        }
        let pid = self.child.0.id().to_string();
        let asked = Command::new("sh").args(["-c", "kill -TERM \"$1\"", "sh", &pid]).status();
        if !asked.is_ok_and(|status| status.success()) {
            return Err(format!("could not send SIGTERM to {name}"));
        }
        match self.child.wait(END_LIMIT) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("{name} ended with {status} after SIGTERM")),
            None => Err(format!("{name} still ran {END_LIMIT:?} after SIGTERM")),
        }
    }
}

/// A child that does not outlive its owner.
struct Owned(Child);

impl Owned {
    fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            if let Some(status) = self.0.try_wait().expect("a child to wait for") {
                return Some(status);
            }
            if Instant::now() > until {
                return None;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

fn spawn(command: &mut Command) -> Owned {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match command.spawn() {
        Ok(child) => Owned(child),
        Err(error) => panic!("cannot start {}: {error}", command.get_program().display()),
    }
}

/// Reads a pipe to its end, beside everything else.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
