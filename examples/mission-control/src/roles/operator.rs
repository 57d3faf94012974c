//! Runs commands on the control plane: those given, or line by line what
//! standard input has.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use aster::{AsterClient, Code, Status};
use futures::stream;
use tokio::sync::mpsc;

use crate::Result;
use crate::agent::AgentSessionClient;
use crate::roles::{Target, with_client};
use crate::types::{Command, CommandResult, Heartbeat};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// Shell commands to run one after the other; the exit code is that of
    /// the last. Without any, they are read from standard input.
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,
    /// What to register as: $AGENT_ID of the commands.
    #[arg(long, default_value = "operator", value_name = "NAME")]
    id: String,
}

pub(crate) async fn run(options: Options) -> Result<ExitCode> {
    let last = with_client(&options.target, async |client| work(client, &options).await).await?;
    Ok(exit_code(last))
}

/// The exit code of the last command.
async fn work(client: &AsterClient, options: &Options) -> Result<i64> {
    let session = AgentSessionClient::open(client).await?;
    let heartbeat =
        Heartbeat { agent_id: options.id.clone(), capabilities: Vec::new(), load_avg: 0.0 };
    session.register(heartbeat).await?;
    let mut last = 0;
    if options.commands.is_empty() {
        last = interactive(&session).await?;
    } else {
        for command in &options.commands {
            last = show(&execute(&session, command.clone()).await?)?;
        }
    }
    session.close().await;
    Ok(last)
}

/// Runs what comes in until its end. Ctrl+C ends a running command; at the
/// prompt, the program.
async fn interactive(session: &AgentSessionClient) -> Result<i64> {
    let prompts = io::stdin().is_terminal();
    let mut lines = input(prompts);
    let mut last = 0;
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(line) = line else { return Ok(last) };
        let result = tokio::select! {
            result = execute(session, line) => result,
            // The command is killed; the session goes on.
            _ = tokio::signal::ctrl_c() => Err(Status::cancelled("the command was cancelled")),
        };
        last = match result {
            Ok(result) => show(&result)?,
            Err(status) if status.code() == Code::Unavailable => return Err(status.into()),
            Err(status) => {
                eprintln!("error: {status}");
                1
            }
        };
        lines.prompt();
    }
}

/// One command, one call. The session remembers who we are from call to call.
async fn execute(session: &AgentSessionClient, command: String) -> Result<CommandResult, Status> {
    let commands = stream::iter([Command { command }]);
    let mut results = session.run_command(commands).await?;
    let result = results.message().await?;
    // Reads the end, so that the call is not cancelled.
    results.message().await?;
    result.ok_or_else(|| Status::internal("the control plane gave no result"))
}

fn show(result: &CommandResult) -> io::Result<i64> {
    io::stdout().write_all(result.stdout.as_bytes())?;
    io::stdout().flush()?;
    io::stderr().write_all(result.stderr.as_bytes())?;
    Ok(result.exit_code)
}

/// As a shell has it: 128 and the signal's number if one ended the command.
fn exit_code(code: i64) -> ExitCode {
    let code = if code < 0 { 128 - code } else { code };
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

struct Lines {
    lines: mpsc::Receiver<String>,
    prompts: bool,
}

/// Reads standard input on a thread of its own, because a read from a terminal
/// cannot be called off.
fn input(prompts: bool) -> Lines {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    let lines = Lines { lines, prompts };
    if prompts {
        eprintln!("Commands run on the control plane. Ctrl+D or exit leaves.");
    }
    lines.prompt();
    lines
}

impl Lines {
    /// The next command.
    async fn recv(&mut self) -> Option<String> {
        loop {
            let line = self.lines.recv().await?;
            match line.trim() {
                "" => self.prompt(),
                "exit" => return None,
                _ => return Some(line),
            }
        }
    }

    fn prompt(&self) {
        if self.prompts {
            eprint!("operator> ");
        }
    }
}
