//! Chapter 5: the same services for callers that hold a capability for what
//! they do. Requirements are no part of a contract: the clients of these are
//! the clients of the open ones.

use aster::{CallContext, Capability, Status, Streaming, service};
use futures::Stream;

use crate::agent::AgentSession;
use crate::control::MissionControl;
use crate::types::{
    Assignment, Command, CommandResult, Heartbeat, IngestResult, LogEntry, MetricPoint,
    StatusRequest, StatusResponse, SubmitLogResult, TailRequest,
};

/// What a credential can allow.
#[derive(Capability, Clone, Copy, Debug)]
pub(crate) enum Role {
    /// Reading the status.
    #[capability("ops.status")]
    Status,
    /// Following the logs.
    #[capability("ops.logs")]
    Logs,
    /// Reporting, as an agent does.
    #[capability("ops.ingest")]
    Ingest,
    /// Running commands.
    #[capability("ops.admin")]
    Admin,
}

/// [`MissionControl`] behind capabilities.
#[derive(Debug)]
pub(crate) struct GuardedControl(pub(crate) MissionControl);

#[service(
    name = "MissionControl",
    rename_all = "camelCase",
    contract_id = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530"
)]
impl GuardedControl {
    /// Says that the control plane runs, and since when.
    #[rpc(requires = Role::Status)]
    async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status> {
        self.0.get_status(request).await
    }

    /// Adds a log entry, for all who follow the logs.
    #[rpc(requires = admitted)]
    async fn submit_log(&self, entry: LogEntry) -> Result<SubmitLogResult, Status> {
        self.0.submit_log(entry).await
    }

    /// Sends the latest log entries that match, then each new one, until the
    /// control plane shuts down.
    #[server_stream(requires = any_of(Role::Logs, Role::Admin))]
    async fn tail_logs(
        &self,
        request: TailRequest,
        context: &CallContext,
    ) -> Result<impl Stream<Item = Result<LogEntry, Status>> + Send + use<>, Status> {
        self.0.tail_logs(request, context).await
    }

    /// Takes measurements as they come and counts them. A value that is not
    /// finite is dropped.
    #[client_stream(requires = Role::Ingest)]
    async fn ingest_metrics(&self, points: Streaming<MetricPoint>) -> Result<IngestResult, Status> {
        self.0.ingest_metrics(points).await
    }
}

/// [`AgentSession`] behind capabilities.
#[derive(Debug)]
pub(crate) struct GuardedSession(pub(crate) AgentSession);

#[service(
    name = "AgentSession",
    scope = "session",
    rename_all = "camelCase",
    contract_id = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d"
)]
impl GuardedSession {
    /// Remembers who this session belongs to and says what to work on.
    #[rpc(requires = Role::Ingest)]
    async fn register(&self, heartbeat: Heartbeat) -> Result<Assignment, Status> {
        self.0.register(heartbeat).await
    }

    /// Runs shell commands one after the other. Each is answered with one
    /// result as soon as it is done. `$AGENT_ID` is the id registered in this
    /// session.
    #[bidi_stream(requires = Role::Admin)]
    async fn run_command(
        &self,
        commands: Streaming<Command>,
    ) -> Result<impl Stream<Item = Result<CommandResult, Status>> + Send, Status> {
        self.0.run_command(commands).await
    }
}
