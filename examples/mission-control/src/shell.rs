//! Runs a command with the system's shell.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use aster::Status;
use futures::future::{Either, select};
#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::timeout;

use crate::types::CommandResult;

/// Most bytes kept of what a command writes to standard output, and as many of
/// standard error.
const MAX_OUTPUT_BYTES: usize = 1024 * 1024;

/// How long to wait for the end of the output once everything is killed.
const OUTPUT_WAIT: Duration = Duration::from_secs(1);

/// Runs a command to its end, which is also the end of what it started in the
/// background. Dropping the future kills all of it.
pub(crate) async fn run(
    command: &str,
    agent_id: &str,
    directory: Option<&PathBuf>,
) -> Result<CommandResult, Status> {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(command)
        .env("AGENT_ID", agent_id)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    shell.process_group(0);
    if let Some(directory) = directory {
        shell.current_dir(directory);
    }
    let mut child = shell.spawn().map_err(|error| match error.kind() {
        ErrorKind::InvalidInput => Status::invalid_argument("the command has a NUL character"),
        _ => Status::failed_precondition(format!("cannot start the shell: {error}")),
    })?;
    let group = Group(child.id());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut out, mut err) = (Output::default(), Output::default());
    let reading = async { tokio::join!(out.read(stdout), err.read(stderr)) };
    let ending = async {
        let status = child.wait().await;
        // What the command left in the background would hold the pipes open.
        drop(group);
        status
    };
    let status = match select(pin!(ending), pin!(reading)).await {
        Either::Left((status, reading)) => {
            let _ = timeout(OUTPUT_WAIT, reading).await;
            status
        }
        Either::Right((_, ending)) => ending.await,
    }
    .map_err(Status::hidden)?;
    Ok(CommandResult {
        stdout: out.into_text(),
        stderr: err.into_text(),
        exit_code: exit_code(status),
    })
}

fn exit_code(status: ExitStatus) -> i64 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None::<i32>;
    signal.map_or_else(|| status.code().map_or(-1, i64::from), |signal| -i64::from(signal))
}

/// The first part of what a command writes.
#[derive(Debug, Default)]
struct Output {
    kept: Vec<u8>,
    written: u64,
}

impl Output {
    /// Reads to the end, so that the command is not held up, and keeps what
    /// may be kept.
    async fn read(&mut self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else {
            return;
        };
        let mut chunk = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
            self.written += read as u64;
            let room = MAX_OUTPUT_BYTES - self.kept.len();
            self.kept.extend_from_slice(&chunk[..read.min(room)]);
        }
    }

    fn into_text(self) -> String {
        let cut = self.written - self.kept.len() as u64;
        let mut text = String::from_utf8_lossy(&self.kept).into_owned();
        if cut > 0 {
            text.push_str(&format!("\n[cut: {cut} of {} bytes are not shown]\n", self.written));
        }
        text
    }
}

/// The processes of one command; killed when dropped.
struct Group(#[cfg_attr(not(unix), expect(dead_code))] Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.0.and_then(|id| Pid::from_raw(id.cast_signed())) {
            // Fails if nothing is left of the group.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn sh(command: &str) -> CommandResult {
        run(command, "edge-7", None).await.unwrap()
    }

    #[tokio::test]
    async fn output_error_output_and_exit_code_come_back() {
        let result = sh("echo out; echo oops >&2; exit 3").await;
        let wanted =
            CommandResult { stdout: "out\n".into(), stderr: "oops\n".into(), exit_code: 3 };
        assert_eq!(result, wanted);
        assert_eq!(sh("echo $AGENT_ID").await.stdout, "edge-7\n");
        assert_eq!(sh("kill -9 $$").await.exit_code, -9);
        assert_eq!(sh("cat").await.exit_code, 0, "there is no input");
        assert_eq!(sh("no-such-program-here").await.exit_code, 127);
        let refused = run("echo \0", "", None).await.unwrap_err();
        assert_eq!(refused.code(), aster::Code::InvalidArgument);
    }

    #[tokio::test]
    async fn long_output_is_cut_and_says_so() {
        let result = sh("head -c 3000000 /dev/zero | tr '\\0' x; echo e >&2").await;
        let (kept, note) = result.stdout.split_at(MAX_OUTPUT_BYTES);
        assert!(kept.bytes().all(|b| b == b'x'));
        assert_eq!(note, "\n[cut: 1951424 of 3000000 bytes are not shown]\n");
        assert_eq!((&*result.stderr, result.exit_code), ("e\n", 0));
    }

    #[tokio::test]
    async fn what_stays_in_the_background_ends_with_the_command() {
        let result = sh("sleep 1000 & echo $!").await;
        assert_gone(result.stdout.trim()).await;
    }

    #[tokio::test]
    async fn a_dropped_command_is_killed_with_its_children() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pids");
        let command =
            format!("sleep 1000 & echo $$ $! > {0}.new; mv {0}.new {0}; wait", file.display());
        let pids = tokio::select! {
            _ = run(&command, "", None) => unreachable!("it waits for the sleep"),
            pids = async {
                loop {
                    match std::fs::read_to_string(&file) {
                        Ok(pids) => break pids,
                        Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
            } => pids,
        };
        for pid in pids.split_whitespace() {
            assert_gone(pid).await;
        }
    }

    /// Waits until the process is gone or waits for its parent to look at it.
    async fn assert_gone(pid: &str) {
        let pid = Pid::from_raw(pid.parse().unwrap()).unwrap();
        for _ in 0..6000 {
            let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
            let zombie = state.is_ok_and(|stat| stat.contains(") Z "));
            if zombie || rustix::process::test_kill_process(pid).is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("process {pid:?} still runs");
    }
}
