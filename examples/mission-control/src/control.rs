//! The control plane's service for everybody: status, logs, metrics.

use std::sync::Arc;
use std::time::Instant;

use aster::{CallContext, Status, Streaming, service};
use futures::Stream;

use crate::logbook::LogBook;
use crate::types::{
    IngestResult, LogEntry, MetricPoint, StatusRequest, StatusResponse, SubmitLogResult,
    TailRequest,
};

/// One instance serves all callers.
#[derive(Debug)]
pub(crate) struct MissionControl {
    started: Instant,
    logs: Arc<LogBook>,
}

impl MissionControl {
    pub(crate) fn new(logs: Arc<LogBook>) -> Self {
        Self { started: Instant::now(), logs }
    }
}

#[service(
    rename_all = "camelCase",
    contract_id = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530"
)]
impl MissionControl {
    /// Says that the control plane runs, and since when.
    #[rpc]
    pub(crate) async fn get_status(
        &self,
        request: StatusRequest,
    ) -> Result<StatusResponse, Status> {
        Ok(StatusResponse {
            agent_id: request.agent_id,
            status: "running".into(),
            uptime_secs: self.started.elapsed().as_secs() as i64,
        })
    }

    /// Adds a log entry, for all who follow the logs.
    #[rpc]
    pub(crate) async fn submit_log(&self, entry: LogEntry) -> Result<SubmitLogResult, Status> {
        self.logs.add(entry)?;
        Ok(SubmitLogResult { accepted: true })
    }

    /// Sends the latest log entries that match, then each new one, until the
    /// control plane shuts down.
    #[server_stream]
    pub(crate) async fn tail_logs(
        &self,
        request: TailRequest,
        context: &CallContext,
    ) -> Result<impl Stream<Item = Result<LogEntry, Status>> + Send + use<>, Status> {
        self.logs.follow(request, context.shutting_down())
    }

    /// Takes measurements as they come and counts them. A value that is not
    /// finite is dropped.
    #[client_stream]
    pub(crate) async fn ingest_metrics(
        &self,
        mut points: Streaming<MetricPoint>,
    ) -> Result<IngestResult, Status> {
        let mut result = IngestResult { accepted: 0, dropped: 0 };
        while let Some(point) = points.message().await? {
            if point.value.is_finite() {
                result.accepted += 1;
            } else {
                result.dropped += 1;
            }
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use aster::codec::{FieldDescriptor, Scalar, Shape, TypeDescriptor};
    use aster::{Pattern, Scope, SerializationMode, Service, ServiceDescriptor};

    use super::*;
    use crate::agent::AgentSession;

    /// The methods and messages of a service, one per line.
    fn outline(service: &ServiceDescriptor) -> String {
        assert_eq!(service.version, 1);
        assert_eq!(service.modes, [SerializationMode::Xlang]);
        assert_eq!(service.requires, None);
        let mut outline = format!("{} {}\n", service.name, service.scope.name());
        for method in service.methods {
            assert_eq!((method.timeout, method.requires), (None, None));
            let (request, response) = ((method.request)(), (method.response)());
            outline += &format!(
                "{} {}: {} -> {}\n",
                method.pattern,
                method.name,
                message(request),
                message(response)
            );
        }
        outline
    }

    fn message(ty: &TypeDescriptor) -> String {
        let fields: Vec<_> = ty.fields().iter().map(field).collect();
        format!("{}({})", ty.tag, fields.join(", "))
    }

    fn field(field: &FieldDescriptor) -> String {
        assert!(!field.optional);
        let ty = match field.shape {
            _ if field.dynamic => "any".to_owned(),
            Shape::Scalar(Scalar::I64) => "int".to_owned(),
            Shape::Scalar(scalar) => format!("{scalar:?}").to_lowercase(),
            other => format!("{other:?}"),
        };
        format!("{} {ty}", field.name)
    }

    #[test]
    fn the_contract_of_mission_control_is_the_shared_one() {
        assert_eq!(
            outline(MissionControl::DESCRIPTOR),
            "\
MissionControl shared
unary getStatus: mission/StatusRequest(agent_id string) -> mission/StatusResponse(agent_id string, status string, uptime_secs int)
unary submitLog: mission/LogEntry(timestamp f64, level string, message string, agent_id string) -> mission/SubmitLogResult(accepted bool)
server_stream tailLogs: mission/TailRequest(agent_id string, level string) -> mission/LogEntry(timestamp f64, level string, message string, agent_id string)
client_stream ingestMetrics: mission/MetricPoint(name string, value f64, timestamp f64, tags any) -> mission/IngestResult(accepted int, dropped int)
"
        );
        assert_eq!(MissionControl::DESCRIPTOR.scope, Scope::Shared);
    }

    #[test]
    fn the_contract_of_agent_session_is_the_shared_one() {
        assert_eq!(
            outline(AgentSession::DESCRIPTOR),
            "\
AgentSession session
unary register: mission/Heartbeat(agent_id string, capabilities any, load_avg f64) -> mission/Assignment(task_id string, command string)
bidi_stream runCommand: mission/Command(command string) -> mission/CommandResult(stdout string, stderr string, exit_code int)
"
        );
        let run = AgentSession::DESCRIPTOR.method("runCommand").unwrap();
        assert_eq!(run.pattern, Pattern::Bidi);
    }
}
