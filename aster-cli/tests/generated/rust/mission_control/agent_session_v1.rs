//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d

use super::types;

/// One instance for each session.
#[aster::service(
    name = "AgentSession",
    version = 1,
    scope = "session",
    contract_id = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d",
)]
pub trait AgentSession {
    #[rpc]
    async fn register(
        &self,
        request: types::Heartbeat,
    ) -> Result<types::Assignment, aster::Status>;

    #[bidi_stream(name = "runCommand")]
    async fn run_command(
        &self,
        requests: aster::Streaming<types::Command>,
    ) -> Result<impl futures::Stream<Item = Result<types::CommandResult, aster::Status>> + Send, aster::Status>;
}
