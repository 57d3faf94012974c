//! Programs that print an address and serve.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::LIMIT;

/// A server that runs beside the test. It is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts a program whose first line of standard output is its address,
    /// and waits for that line.
    ///
    /// # Panics
    /// With what it wrote to standard error, if it prints no address within
    /// [`LIMIT`].
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (sender, first_line) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout.expect("a pipe")).lines();
            let _ = sender.send(lines.next().and_then(Result::ok).unwrap_or_default());
            // Whatever else it prints must not block it.
            lines.for_each(drop);
        });
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.expect("a pipe").read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let address = first_line.recv_timeout(LIMIT).unwrap_or_default();
        let server = Self { child, address };
        if server.address.is_empty() || server.address.contains(char::is_whitespace) {
            let address = server.address.clone();
            drop(server);
            let errors = errors.join().unwrap_or_default();
            panic!("the first line of {name} is no address: {address:?}\n{errors}");
        }
        server
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the workspace, which `cargo test --workspace` builds beside
/// the tests: `mission-control`, or `examples/fleet`.
///
/// # Panics
/// If it is not built.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    // target/debug/deps/TEST
    let folder = test.parent().and_then(Path::parent).expect("the folder of programs");
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not built; `cargo test --workspace --no-run` builds it",
        program.display()
    );
    program
}
