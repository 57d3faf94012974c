//! The control plane's service for everybody: status, logs, metrics.

use std::sync::Arc;
use std::time::Instant;

use aster::{Status, Streaming, service};
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
        Self {
            started: Instant::now(),
            logs,
        }
    }
}

#[service(rename_all = "camelCase")]
impl MissionControl {
    /// Says that the control plane runs, and since when.
    #[rpc(idempotent)]
    async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status> {
        Ok(StatusResponse {
            agent_id: request.agent_id,
            status: "running".into(),
            uptime_secs: self.started.elapsed().as_secs() as i64,
        })
    }

    /// Adds a log entry, for all who follow the logs.
    #[rpc]
    async fn submit_log(&self, entry: LogEntry) -> Result<SubmitLogResult, Status> {
        self.logs.add(entry)?;
        Ok(SubmitLogResult { accepted: true })
    }

    /// Sends the latest log entries that match, then each new one.
    #[server_stream]
    async fn tail_logs(
        &self,
        request: TailRequest,
    ) -> Result<impl Stream<Item = Result<LogEntry, Status>> + Send + use<>, Status> {
        self.logs.follow(request)
    }

    /// Takes measurements as they come and counts them. A value that is not
    /// finite is dropped.
    #[client_stream]
    async fn ingest_metrics(
        &self,
        mut points: Streaming<MetricPoint>,
    ) -> Result<IngestResult, Status> {
        let mut result = IngestResult {
            accepted: 0,
            dropped: 0,
        };
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
