//! The control plane's service for one agent or operator at a time: what one
//! session says stays in that session.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aster::{Status, Streaming, service};
use futures::{Stream, TryStreamExt};

use crate::shell;
use crate::types::{Assignment, Command, CommandResult, Heartbeat};

/// One instance for each session.
#[derive(Debug, Default)]
pub(crate) struct AgentSession {
    agent_id: Mutex<String>,
    /// Where commands run; `None` is where the control plane was started.
    directory: Option<Arc<PathBuf>>,
}

impl AgentSession {
    pub(crate) fn new(directory: Option<Arc<PathBuf>>) -> Self {
        Self { agent_id: Mutex::default(), directory }
    }

    fn agent_id(&self) -> String {
        let id = self.agent_id.lock();
        id.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[service(
    scope = "session",
    rename_all = "camelCase",
    contract_id = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d"
)]
impl AgentSession {
    /// Remembers who this session belongs to and says what to work on.
    #[rpc]
    pub(crate) async fn register(&self, heartbeat: Heartbeat) -> Result<Assignment, Status> {
        let id = heartbeat.agent_id;
        if id.is_empty() || id.chars().any(char::is_control) {
            return Err(Status::invalid_argument(
                "agent_id is what the agent is called: give it at least one character, and no control characters",
            ));
        }
        *self.agent_id.lock().unwrap_or_else(PoisonError::into_inner) = id;
        let can = |what: &str| heartbeat.capabilities.iter().any(|c| c == what);
        let (task_id, command) =
            if can("gpu") { ("train-42", "python train.py") } else { ("idle", "sleep 60") };
        Ok(Assignment { task_id: task_id.into(), command: command.into() })
    }

    /// Runs shell commands one after the other. Each is answered with one
    /// result as soon as it is done. `$AGENT_ID` is the id registered in this
    /// session.
    #[bidi_stream]
    pub(crate) async fn run_command(
        &self,
        commands: Streaming<Command>,
    ) -> Result<impl Stream<Item = Result<CommandResult, Status>> + Send, Status> {
        Ok(commands.and_then(async |command| {
            shell::run(&command.command, &self.agent_id(), self.directory.as_deref()).await
        }))
    }
}
