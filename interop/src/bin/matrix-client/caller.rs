//! One way of calling: scope, kind of client and encoding, with the same
//! methods in front of all of them.

use std::time::Duration;

use aster::{AsterClient, Proxy, ProxySession, Status};
use aster_interop::matrix::{Blob, MatrixClient, MatrixSessionClient, Reply, Request, Total};
use clap::ValueEnum;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::check::{Explain, Failed, check};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    Shared,
    Session,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Typed,
    Dynamic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Codec {
    Xlang,
    Json,
}

/// The unary methods that take a request and give a reply.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unary {
    Echo,
    Slow,
    Fail,
}

impl Unary {
    fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Slow => "slow",
            Self::Fail => "fail",
        }
    }
}

pub(crate) type Replies = BoxStream<'static, Result<Reply, Status>>;

/// See the module.
#[derive(Debug)]
pub(crate) struct Caller {
    way: Way,
    pub(crate) scope: Scope,
    pub(crate) kind: Kind,
    pub(crate) codec: Codec,
}

#[derive(Debug)]
enum Way {
    Typed(MatrixClient),
    TypedSession(MatrixSessionClient),
    Dynamic(Proxy),
    DynamicSession(ProxySession),
}

/// Evaluates the first expression with a typed client, the second with a
/// dynamic one.
macro_rules! by_way {
    ($way:expr, typed $t:ident => $typed:expr, dynamic $d:ident => $dynamic:expr) => {
        match $way {
            Way::Typed($t) => $typed,
            Way::TypedSession($t) => $typed,
            Way::Dynamic($d) => $dynamic,
            Way::DynamicSession($d) => $dynamic,
        }
    };
}

impl Caller {
    pub(crate) async fn open(
        client: &AsterClient,
        scope: Scope,
        kind: Kind,
        codec: Codec,
    ) -> Result<Self, Failed> {
        let name = match scope {
            Scope::Shared => "Matrix",
            Scope::Session => "MatrixSession",
        };
        let way = match (kind, codec, scope) {
            (Kind::Dynamic, Codec::Xlang, _) => {
                return Err(Failed::new(
                    "proxies speak JSON: without the types a client cannot compute the schema hash",
                ));
            }
            (Kind::Dynamic, Codec::Json, Scope::Shared) => {
                Way::Dynamic(client.proxy(name).explain("proxy")?)
            }
            (Kind::Dynamic, Codec::Json, Scope::Session) => {
                Way::DynamicSession(client.proxy_session(name).await.explain("session")?)
            }
            (Kind::Typed, ..) => {
                // The server's announcement decides, so it must fit the cell.
                let summary = client.services().iter().find(|s| s.name == name);
                let modes = summary.map(|s| s.serialization_modes.as_slice());
                let json_only = modes.is_some_and(|modes| modes == ["json"]);
                check(
                    json_only == (codec == Codec::Json),
                    format!(
                        "the server announces {modes:?}, so a typed client does not speak {codec:?}"
                    ),
                )?;
                match scope {
                    Scope::Shared => Way::Typed(MatrixClient::new(client).explain("client")?),
                    Scope::Session => Way::TypedSession(
                        MatrixSessionClient::open(client).await.explain("session")?,
                    ),
                }
            }
        };
        Ok(Self { way, scope, kind, codec })
    }

    pub(crate) async fn close(&self) {
        match &self.way {
            Way::TypedSession(session) => session.close().await,
            Way::DynamicSession(session) => session.close().await,
            Way::Typed(_) | Way::Dynamic(_) => {}
        }
    }

    pub(crate) async fn echo(&self, request: &Request) -> Result<Reply, Status> {
        self.unary(Unary::Echo, request, None).await
    }

    pub(crate) async fn unary(
        &self,
        method: Unary,
        request: &Request,
        timeout: Option<Duration>,
    ) -> Result<Reply, Status> {
        by_way!(&self.way,
            typed client => {
                let request = request.clone();
                let call = match method {
                    Unary::Echo => client.echo(request),
                    Unary::Slow => client.slow(request),
                    Unary::Fail => client.fail(request),
                };
                match timeout {
                    Some(timeout) => call.timeout(timeout).await,
                    None => call.await,
                }
            },
            dynamic proxy => {
                let call = proxy.call(method.name(), json(request));
                from_json(match timeout {
                    Some(timeout) => call.timeout(timeout).await?,
                    None => call.await?,
                })
            }
        )
    }

    pub(crate) async fn active(&self) -> Result<Total, Status> {
        let request = Request::default();
        by_way!(&self.way,
            typed client => client.active(request).await,
            dynamic proxy => from_json(proxy.call("active", json(&request)).await?)
        )
    }

    /// For typed clients; a dynamic one would send text.
    pub(crate) async fn blob(&self, blob: &Blob) -> Result<Blob, Status> {
        by_way!(&self.way,
            typed client => client.blob(blob.clone()).await,
            dynamic _proxy => Err(Status::unimplemented("JSON has no bytes"))
        )
    }

    /// Any method of a dynamic client, with any message.
    pub(crate) async fn dynamic(&self, method: &str, message: Value) -> Result<Value, Status> {
        by_way!(&self.way,
            typed _client => Err(Status::unimplemented("typed clients have methods")),
            dynamic proxy => proxy.call(method, message).await
        )
    }

    pub(crate) async fn count(&self, request: &Request) -> Result<Replies, Status> {
        by_way!(&self.way,
            typed client => Ok(client.count(request.clone()).await?.boxed()),
            dynamic proxy => {
                Ok(replies(proxy.server_stream("count", json(request)).await?))
            }
        )
    }

    pub(crate) async fn total(
        &self,
        requests: impl Stream<Item = Request> + Send + 'static,
    ) -> Result<Total, Status> {
        by_way!(&self.way,
            typed client => client.total(requests).await,
            dynamic proxy => {
                let requests = requests.map(|request| json(&request));
                from_json(proxy.client_stream("total", requests).await?)
            }
        )
    }

    pub(crate) async fn chat(
        &self,
        requests: impl Stream<Item = Request> + Send + 'static,
    ) -> Result<Replies, Status> {
        by_way!(&self.way,
            typed client => Ok(client.chat(requests).await?.boxed()),
            dynamic proxy => {
                let requests = requests.map(|request| json(&request));
                Ok(replies(proxy.bidi("chat", requests).await?))
            }
        )
    }
}

fn replies(values: impl Stream<Item = Result<Value, Status>> + Send + 'static) -> Replies {
    values.map(|value| from_json(value?)).boxed()
}

fn json(message: &impl Serialize) -> Value {
    serde_json::to_value(message).unwrap_or_default()
}

/// Every field must be there, with its type, and no other.
fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, Status> {
    serde_json::from_value(value)
        .map_err(|error| Status::data_loss(format!("the response has the wrong form: {error}")))
}
