//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a

use super::types;

#[aster::service(
    name = "Matrix",
    version = 1,
    contract_id = "909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a",
)]
pub trait Matrix {
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
