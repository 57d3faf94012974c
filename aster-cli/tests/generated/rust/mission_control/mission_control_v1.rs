//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

use super::types;

#[aster::service(
    name = "MissionControl",
    version = 1,
    contract_id = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530",
)]
pub trait MissionControl {
    /// Says that the control plane runs, and since when.
    #[rpc(name = "getStatus")]
    async fn get_status(
        &self,
        request: types::StatusRequest,
    ) -> Result<types::StatusResponse, aster::Status>;

    /// Takes measurements as they come and counts them.
    #[client_stream(name = "ingestMetrics")]
    async fn ingest_metrics(
        &self,
        requests: aster::Streaming<types::MetricPoint>,
    ) -> Result<types::IngestResult, aster::Status>;

    /// Adds a log entry, for all who follow the logs.
    #[rpc(name = "submitLog")]
    async fn submit_log(
        &self,
        request: types::LogEntry,
    ) -> Result<types::SubmitLogResult, aster::Status>;

    /// Sends the latest log entries that match, then each new one.
    #[server_stream(name = "tailLogs")]
    async fn tail_logs(
        &self,
        request: types::TailRequest,
    ) -> Result<impl futures::Stream<Item = Result<types::LogEntry, aster::Status>> + Send, aster::Status>;
}
