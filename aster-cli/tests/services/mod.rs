//! The generated Rust of `tests/generated`, and servers of it.

use std::time::Duration;

use aster::{Status, Streaming, WireValue};
use futures::{Stream, StreamExt, stream};

#[rustfmt::skip]
#[path = "../generated/rust/everything/mod.rs"]
pub(crate) mod everything;
#[rustfmt::skip]
#[path = "../generated/rust/matrix/mod.rs"]
pub(crate) mod matrix;
#[rustfmt::skip]
#[path = "../generated/rust/mission_control/mod.rs"]
pub(crate) mod mission_control;

use everything::every_thing_x_v1::EveryThingX;
use everything::types::{Needs, Nothing, Request};

/// Answers with what it is asked.
pub(crate) struct Echo;

impl EveryThingX for Echo {
    async fn echo(&self, request: Request) -> Result<Request, Status> {
        Ok(request)
    }

    async fn import(&self, request: Needs) -> Result<Nothing, Status> {
        if request.id.is_empty() {
            return Err(Status::invalid_argument("no id"));
        }
        Ok(Nothing {})
    }

    /// As many replies as the level says; with the id `slow` they take longer
    /// than the method may.
    async fn count_up(
        &self,
        request: Needs,
    ) -> Result<impl Stream<Item = Result<Request, Status>> + Send, Status> {
        if request.id == "slow" {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        Ok(stream::iter((0..request.level).map(|count| {
            let mut reply = Request::wire_default();
            reply.left.count = count;
            Ok(reply)
        })))
    }

    async fn collect(&self, mut requests: Streaming<Request>) -> Result<Needs, Status> {
        let mut needs = Needs { id: String::new(), note: String::new(), level: 0 };
        while let Some(request) = requests.message().await? {
            needs.id = request.left.name;
            needs.level += 1;
        }
        Ok(needs)
    }

    async fn close2(
        &self,
        requests: Streaming<Request>,
    ) -> Result<impl Stream<Item = Result<Request, Status>> + Send, Status> {
        Ok(requests.fuse())
    }
}
