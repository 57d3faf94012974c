//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

use super::types;

/// Ends */ every `comment` """ and ''' \ in \u0022 it.
/// '''
/// fn main() { std::process::exit(1) }
/// '''
/// \</script>\<script>alert(1)\</script>
/// // @ts-expect-error �back
/// /// # coding: utf-7
#[aster::service(
    name = "Every.Thing_*/_\"x\"",
    version = 1,
    serialization = ["xlang", "json"],
    contract_id = "dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170",
)]
pub trait EveryThingX {
    /// A name that clients have themselves.
    ///
    /// Open to any admitted peer.
    #[bidi_stream(name = "close", requires = admitted)]
    async fn close2(
        &self,
        requests: aster::Streaming<types::Request>,
    ) -> Result<impl futures::Stream<Item = Result<types::Request, aster::Status>> + Send, aster::Status>;

    /// Needs the capabilities a and b.
    #[client_stream(requires = all_of("a", "b"))]
    async fn collect(
        &self,
        requests: aster::Streaming<types::Request>,
    ) -> Result<types::Needs, aster::Status>;

    /// Takes at most 0.5 s.
    /// Needs one of the capabilities a, b "c".
    #[server_stream(name = "countUp", timeout = 0.5, requires = any_of("a", "b \"c\""))]
    async fn count_up(
        &self,
        request: types::Needs,
    ) -> Result<impl futures::Stream<Item = Result<types::Request, aster::Status>> + Send, aster::Status>;

    /// Ends */ every `comment` """ and ''' \ in \u0022 it.
    /// '''
    /// fn main() { std::process::exit(1) }
    /// '''
    /// \</script>\<script>alert(1)\</script>
    /// // @ts-expect-error �back
    /// /// # coding: utf-7
    ///
    /// Idempotent: calling twice does what calling once does.
    /// Takes at most 30 s.
    /// Open to any admitted peer.
    #[rpc(timeout = 30.0, idempotent, requires = admitted)]
    async fn echo(
        &self,
        request: types::Request,
    ) -> Result<types::Request, aster::Status>;

    /// A keyword somewhere.
    ///
    /// Needs the capability ops.import.
    #[rpc(requires = "ops.import")]
    async fn import(
        &self,
        request: types::Needs,
    ) -> Result<types::Nothing, aster::Status>;
}
