//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

use super::types;

#[aster::service(
    name = "MatrixSession",
    version = 1,
    scope = "session",
    contract_id = "7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1",
)]
pub trait MatrixSession {
    #[rpc]
    async fn active(
        &self,
        request: types::Request,
    ) -> Result<types::Total, aster::Status>;

    #[rpc]
    async fn blob(
        &self,
        request: types::Blob,
    ) -> Result<types::Blob, aster::Status>;

    #[bidi_stream]
    async fn chat(
        &self,
        requests: aster::Streaming<types::Request>,
    ) -> Result<impl futures::Stream<Item = Result<types::Reply, aster::Status>> + Send, aster::Status>;

    #[server_stream]
    async fn count(
        &self,
        request: types::Request,
    ) -> Result<impl futures::Stream<Item = Result<types::Reply, aster::Status>> + Send, aster::Status>;

    #[rpc]
    async fn echo(
        &self,
        request: types::Request,
    ) -> Result<types::Reply, aster::Status>;

    #[rpc]
    async fn fail(
        &self,
        request: types::Request,
    ) -> Result<types::Reply, aster::Status>;

    #[rpc]
    async fn slow(
        &self,
        request: types::Request,
    ) -> Result<types::Reply, aster::Status>;

    #[client_stream]
    async fn total(
        &self,
        requests: aster::Streaming<types::Request>,
    ) -> Result<types::Total, aster::Status>;
}
