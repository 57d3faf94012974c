//! `aster shell`: explores a server and calls it, line by line.

mod bench;
mod browse;
mod call;
mod command;
mod completion;
mod description;
mod editor;
mod history;
mod interpreter;
mod items;
mod jobs;
mod keys;
mod line;
mod listing;
mod menu;
mod place;
mod prompt;
mod results;
mod screen;
mod source;
mod tree;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::failure::Failure;
use crate::remote::{Destination, Remote};
use editor::LineEditor;
use interpreter::Interpreter;
use listing::counted;
use screen::Screen;
use source::Source;

/// How long the first prompt waits for contracts; later they are fetched when
/// they are needed.
const CONTRACT_PATIENCE: Duration = Duration::from_secs(2);

const EXAMPLES: &str = "\
Examples:
  aster shell aster1abc...
  aster shell prod --rcan ops.cred
  aster shell --demo
  echo 'MissionControl.getStatus agent_id=edge-1' | aster shell prod

Lines of standard input that is no terminal are run one by one; the first that
fails ends the shell with its exit code.";

/// Explore a server and call its methods.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Shell {
    /// The server: an address, or a name from `aster peers`.
    address: Option<String>,
    #[command(flatten)]
    destination: Destination,
    /// Write results as JSON lines and nothing else to standard output.
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// Go on after a line that failed, if standard input is no terminal.
    #[arg(long)]
    keep_going: bool,
}

impl Shell {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let interactive = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if !interactive && self.destination.reads_stdin() {
            return Err(Failure::usage("address and lines cannot both be standard input"));
        }
        let remote = self.destination.connect(self.address.as_deref()).await?;
        let screen = Arc::new(Screen::new(interactive, self.json));
        let source = if interactive {
            Source::Terminal(LineEditor::start(screen.clone()))
        } else {
            Source::script()?
        };
        let mut interpreter = Interpreter::new(remote.clone(), screen.clone(), source);
        if interactive {
            greet(&screen, &remote);
            let loading = interpreter.load_all();
            if let Ok(Err(failure)) = tokio::time::timeout(CONTRACT_PATIENCE, loading).await {
                screen.failure(&failure);
            }
        }
        let result = interpreter.run(self.keep_going).await;
        drop(interpreter);
        remote.close().await;
        result.map(|()| ExitCode::SUCCESS)
    }
}

fn greet(screen: &Screen, remote: &Remote) {
    let services = counted(remote.services().len(), "service");
    screen.note(&format!("connected to {}: {services}", remote.name()));
    screen.remark("`ls` shows what is here, `help` lists the commands, Ctrl+D leaves");
}
