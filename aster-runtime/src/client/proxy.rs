//! Calls without types: methods by name, messages as JSON values.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures::Stream;
use futures::future::BoxFuture;
use serde_json::Value;

use super::call::{Outgoing, Target};
use super::channel::Channel;
use super::session::Session;
use crate::codec::Encoding;
use crate::frame::FrameView;
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::metadata::Metadata;
use crate::status::Status;
use crate::streaming::Streaming;

/// A shared service called without its types; see [`AsterClient::proxy`].
///
/// Nothing is checked before a call: names and values are the server's to
/// accept or refuse.
///
/// [`AsterClient::proxy`]: super::AsterClient::proxy
#[derive(Clone, Debug)]
pub struct Proxy {
    target: Target,
}

/// A session called without its types; see [`AsterClient::proxy_session`].
///
/// [`AsterClient::proxy_session`]: super::AsterClient::proxy_session
#[derive(Clone, Debug)]
pub struct ProxySession {
    target: Target,
}

impl Proxy {
    pub(super) fn new(channel: Channel, limits: Arc<Limits>) -> Self {
        Self { target: Target::shared(channel, Encoding::Json, limits) }
    }
}

impl ProxySession {
    pub(super) fn new(session: Session) -> Self {
        Self { target: Target::session(session) }
    }

    /// Ends the session after the call that runs now.
    pub async fn close(&self) {
        self.target.close().await;
    }

    /// Whether no call can be made any more; see [`Session::is_over`].
    pub fn is_over(&self) -> bool {
        self.target.is_over()
    }
}

macro_rules! calls {
    ($($type:ident),*) => {$(
        impl $type {
            /// A unary call.
            pub fn call(&self, method: &str, request: Value) -> ProxyCall<Value> {
                ProxyCall::new(&self.target, method, |target, call| Box::pin(async move {
                    let put = |out: &mut BytesMut| target.format().put_json(&request, out);
                    let frame = target.unary(&call, put).await?;
                    target.format().read_json(frame.view())
                }))
            }

            /// A server-stream call; awaiting it gives the stream.
            pub fn server_stream(
                &self,
                method: &str,
                request: Value,
            ) -> ProxyCall<Streaming<Value>> {
                ProxyCall::new(&self.target, method, |target, call| Box::pin(async move {
                    let put = |out: &mut BytesMut| target.format().put_json(&request, out);
                    target.server_stream(&call, put, reader(target.format())).await
                }))
            }

            /// A client-stream call; awaiting it sends all requests.
            pub fn client_stream(
                &self,
                method: &str,
                requests: impl Stream<Item = Value> + Send + 'static,
            ) -> ProxyCall<Value> {
                ProxyCall::new(&self.target, method, |target, call| Box::pin(async move {
                    let put = writer(target.format());
                    let frame = target.client_stream(&call, requests, put).await?;
                    target.format().read_json(frame.view())
                }))
            }

            /// A bidi call; awaiting it gives the stream of responses.
            pub fn bidi(
                &self,
                method: &str,
                requests: impl Stream<Item = Value> + Send + 'static,
            ) -> ProxyCall<Streaming<Value>> {
                ProxyCall::new(&self.target, method, |target, call| Box::pin(async move {
                    let put = writer(target.format());
                    let read = reader(target.format());
                    target.bidi(&call, requests, put, read).await
                }))
            }
        }
    )*};
}

calls!(Proxy, ProxySession);

fn writer(
    format: &MessageFormat,
) -> impl FnMut(Value, &mut BytesMut) -> Result<(), Status> + Send + use<> {
    let format = format.clone();
    move |item, out| format.put_json(&item, out)
}

fn reader(
    format: &MessageFormat,
) -> impl Fn(FrameView<'_>) -> Result<Value, Status> + Send + use<> {
    let format = format.clone();
    move |frame| format.read_json(frame)
}

type Run<T> = Box<dyn FnOnce(Target, Outgoing) -> BoxFuture<'static, Result<T, Status>> + Send>;

/// A call about to be made; await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct ProxyCall<T> {
    target: Target,
    call: Outgoing,
    run: Run<T>,
}

impl<T> ProxyCall<T> {
    fn new(
        target: &Target,
        method: &str,
        run: impl FnOnce(Target, Outgoing) -> BoxFuture<'static, Result<T, Status>> + Send + 'static,
    ) -> Self {
        Self {
            target: target.clone(),
            call: Outgoing {
                method: method.to_owned().into(),
                timeout: None,
                metadata: Metadata::new(),
            },
            run: Box::new(run),
        }
    }

    /// Gives the call this long. The server is told and stops as well.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout = Some(timeout);
        self
    }

    /// Adds a metadata entry.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.metadata.insert(key, value);
        self
    }
}

impl<T> IntoFuture for ProxyCall<T> {
    type Output = Result<T, Status>;
    type IntoFuture = BoxFuture<'static, Result<T, Status>>;

    fn into_future(self) -> Self::IntoFuture {
        (self.run)(self.target, self.call)
    }
}

impl<T> fmt::Debug for ProxyCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyCall")
            .field("target", &self.target)
            .field("method", &self.call.method)
            .finish_non_exhaustive()
    }
}
