//! Typed calls: what the methods of generated clients return. Each is a
//! builder that is awaited.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use futures::future::BoxFuture;

use super::agreement::Disagreement;
use super::channel::Channel;
use super::session::Session;
use super::shared;
use crate::clock::Now;
use crate::codec::{Encoding, WireType};
use crate::deadline::{Deadline, earlier};
use crate::frame::{Frame, FrameView};
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::metadata::Metadata;
use crate::service::MethodDescriptor;
use crate::status::Status;
use crate::streaming::Streaming;
use bytes::BytesMut;

/// Where the calls of a generated client go.
#[derive(Clone)]
pub struct Target {
    kind: Kind,
    /// Asked before each call, if the server announced another contract.
    disagreement: Option<Arc<Disagreement>>,
}

#[derive(Clone)]
pub(super) enum Kind {
    Shared(Arc<SharedTarget>),
    Session(Session),
}

/// A shared service and how to speak to it.
pub(super) struct SharedTarget {
    pub(super) channel: Channel,
    pub(super) format: MessageFormat,
    pub(super) limits: Arc<Limits>,
}

impl Target {
    pub(super) fn shared(channel: Channel, encoding: Encoding, limits: Arc<Limits>) -> Self {
        let kind = Kind::Shared(Arc::new(SharedTarget {
            format: MessageFormat::new(encoding, &limits),
            channel,
            limits,
        }));
        Self { kind, disagreement: None }
    }

    pub(super) fn session(session: Session) -> Self {
        Self { kind: Kind::Session(session), disagreement: None }
    }

    /// The same, whose calls ask first.
    pub(super) fn after_asking(mut self, disagreement: Option<Disagreement>) -> Self {
        self.disagreement = disagreement.map(Arc::new);
        self
    }

    async fn allow(&self, call: &Outgoing) -> Result<(), Status> {
        match &self.disagreement {
            None => Ok(()),
            Some(disagreement) => Box::pin(disagreement.allow(&call.method)).await,
        }
    }

    pub(super) fn format(&self) -> &MessageFormat {
        match &self.kind {
            Kind::Shared(target) => &target.format,
            Kind::Session(session) => session.format(),
        }
    }

    /// Ends the session, if this is one. Calls that still run end first.
    #[doc(hidden)]
    pub async fn close(&self) {
        if let Kind::Session(session) = &self.kind {
            session.close().await;
        }
    }

    /// Whether this is a session that has ended.
    pub(super) fn is_over(&self) -> bool {
        match &self.kind {
            Kind::Session(session) => session.is_over(),
            Kind::Shared(_) => false,
        }
    }

    pub(super) async fn unary(
        &self,
        call: &Outgoing,
        put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
    ) -> Result<Frame, Status> {
        self.allow(call).await?;
        match &self.kind {
            Kind::Shared(target) => shared::unary(target, call, put).await,
            Kind::Session(session) => Box::pin(session.unary(call, put)).await,
        }
    }

    pub(super) async fn server_stream<T: Send + 'static>(
        &self,
        call: &Outgoing,
        put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
        read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
    ) -> Result<Streaming<T>, Status> {
        self.allow(call).await?;
        match &self.kind {
            Kind::Shared(target) => shared::server_stream(target, call, put, read).await,
            Kind::Session(session) => session.server_stream(call, put, read).await,
        }
    }

    pub(super) async fn client_stream<I: Send + 'static>(
        &self,
        call: &Outgoing,
        items: impl Stream<Item = I> + Send + 'static,
        put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
    ) -> Result<Frame, Status> {
        self.allow(call).await?;
        match &self.kind {
            Kind::Shared(target) => shared::client_stream(target, call, items, put).await,
            Kind::Session(session) => session.client_stream(call, items, put).await,
        }
    }

    pub(super) async fn bidi<I: Send + 'static, T: Send + 'static>(
        &self,
        call: &Outgoing,
        items: impl Stream<Item = I> + Send + 'static,
        put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
        read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
    ) -> Result<Streaming<T>, Status> {
        self.allow(call).await?;
        match &self.kind {
            Kind::Shared(target) => shared::bidi(target, call, items, put, read).await,
            Kind::Session(session) => session.bidi(call, items, put, read).await,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Shared(target) => target.channel.fmt(f),
            Kind::Session(session) => session.fmt(f),
        }
    }
}

/// A call about to be made: everything but its messages.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) method: std::borrow::Cow<'static, str>,
    pub(super) timeout: Option<Duration>,
    pub(super) metadata: Metadata,
}

impl Outgoing {
    fn new(method: &'static MethodDescriptor) -> Self {
        Self { method: method.name.into(), timeout: method.timeout, metadata: Metadata::new() }
    }

    /// The deadline of a call that starts now: its own timeout or the deadline
    /// of the handler that makes it, whichever is first.
    pub(super) fn deadline(&self) -> (Option<Deadline>, Now) {
        let now = Now::read();
        let own = self.timeout.map(|timeout| Deadline::starting(now.steady, timeout));
        (earlier(own, Deadline::inherited()), now)
    }
}

macro_rules! options {
    ($($type:ident<$($generic:ident),*>),*) => {$(
        impl<$($generic),*> $type<$($generic),*> {
            /// Gives the call this long, instead of the method's own timeout.
            /// The server is told and stops as well.
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

        impl<$($generic),*> fmt::Debug for $type<$($generic),*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type))
                    .field("target", &self.target)
                    .field("call", &self.call)
                    .finish_non_exhaustive()
            }
        }
    )*};
}

options!(
    UnaryCall<Req, Resp>,
    ServerStreamCall<Req, Resp>,
    ClientStreamCall<S, Req, Resp>,
    BidiCall<S, Req, Resp>
);

/// A unary call. Await it for the response; drop it, or the future, to cancel
/// the handler.
#[must_use = "a call does nothing until it is awaited"]
pub struct UnaryCall<Req, Resp> {
    target: Target,
    call: Outgoing,
    request: Req,
    response: PhantomData<fn() -> Resp>,
}

impl<Req, Resp> UnaryCall<Req, Resp> {
    #[doc(hidden)]
    pub fn new(target: &Target, method: &'static MethodDescriptor, request: Req) -> Self {
        Self { target: target.clone(), call: Outgoing::new(method), request, response: PhantomData }
    }
}

impl<Req: WireType, Resp: WireType> IntoFuture for UnaryCall<Req, Resp> {
    type Output = Result<Resp, Status>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let format = self.target.format();
            let request = self.request;
            let put = move |out: &mut BytesMut| format.put(&request, out);
            let frame = self.target.unary(&self.call, put).await?;
            format.read(frame.view())
        })
    }
}

/// A server-stream call. Await it for the stream of responses.
#[must_use = "a call does nothing until it is awaited"]
pub struct ServerStreamCall<Req, Resp> {
    target: Target,
    call: Outgoing,
    request: Req,
    response: PhantomData<fn() -> Resp>,
}

impl<Req, Resp> ServerStreamCall<Req, Resp> {
    #[doc(hidden)]
    pub fn new(target: &Target, method: &'static MethodDescriptor, request: Req) -> Self {
        Self { target: target.clone(), call: Outgoing::new(method), request, response: PhantomData }
    }
}

impl<Req: WireType, Resp: WireType> IntoFuture for ServerStreamCall<Req, Resp> {
    type Output = Result<Streaming<Resp>, Status>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let format = self.target.format();
            let request = self.request;
            let put = move |out: &mut BytesMut| format.put(&request, out);
            let read = reader(format);
            self.target.server_stream(&self.call, put, read).await
        })
    }
}

/// A client-stream call. Await it: the requests are sent as they come, and the
/// response ends it.
#[must_use = "a call does nothing until it is awaited"]
pub struct ClientStreamCall<S, Req, Resp> {
    target: Target,
    call: Outgoing,
    requests: S,
    messages: PhantomData<fn(Req) -> Resp>,
}

impl<S, Req, Resp> ClientStreamCall<S, Req, Resp> {
    #[doc(hidden)]
    pub fn new(target: &Target, method: &'static MethodDescriptor, requests: S) -> Self {
        Self {
            target: target.clone(),
            call: Outgoing::new(method),
            requests,
            messages: PhantomData,
        }
    }
}

impl<S, Req, Resp> IntoFuture for ClientStreamCall<S, Req, Resp>
where
    S: Stream<Item = Req> + Send + 'static,
    Req: WireType,
    Resp: WireType,
{
    type Output = Result<Resp, Status>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let put = writer(self.target.format());
            let frame = self.target.client_stream(&self.call, self.requests, put).await?;
            self.target.format().read(frame.view())
        })
    }
}

/// A bidi call. Await it for the stream of responses; the requests are sent as
/// they come, whether or not the responses are read.
#[must_use = "a call does nothing until it is awaited"]
pub struct BidiCall<S, Req, Resp> {
    target: Target,
    call: Outgoing,
    requests: S,
    messages: PhantomData<fn(Req) -> Resp>,
}

impl<S, Req, Resp> BidiCall<S, Req, Resp> {
    #[doc(hidden)]
    pub fn new(target: &Target, method: &'static MethodDescriptor, requests: S) -> Self {
        Self {
            target: target.clone(),
            call: Outgoing::new(method),
            requests,
            messages: PhantomData,
        }
    }
}

impl<S, Req, Resp> IntoFuture for BidiCall<S, Req, Resp>
where
    S: Stream<Item = Req> + Send + 'static,
    Req: WireType,
    Resp: WireType,
{
    type Output = Result<Streaming<Resp>, Status>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let put = writer(self.target.format());
            let read = reader(self.target.format());
            self.target.bidi(&self.call, self.requests, put, read).await
        })
    }
}

fn writer<T: WireType>(
    format: &MessageFormat,
) -> impl FnMut(T, &mut BytesMut) -> Result<(), Status> + Send + use<T> {
    let format = format.clone();
    move |item, out| format.put(&item, out)
}

fn reader<T: WireType>(
    format: &MessageFormat,
) -> impl Fn(FrameView<'_>) -> Result<T, Status> + Send + use<T> {
    let format = format.clone();
    move |frame| format.read(frame)
}
