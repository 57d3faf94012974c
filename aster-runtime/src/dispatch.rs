//! The seam between generated code and the runtime: a service is a static
//! descriptor and a table of handlers, one for each of its methods.

use std::sync::Arc;

use bytes::BytesMut;
use futures::Stream;
use futures::future::BoxFuture;

use crate::admission::Admitted;
use crate::codec::WireType;
use crate::context::CallContext;
use crate::contract::ContractId;
use crate::frame::Frame;
use crate::framed::FrameWriter;
use crate::message::MessageFormat;
use crate::service::ServiceDescriptor;
use crate::status::Status;
use crate::streaming::{RequestFrames, Streaming};
use crate::trust::Capabilities;

/// A type whose methods can be called from afar. Implemented by
/// `#[service(...)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an Aster service",
    note = "put #[service(...)] on its `impl` block, or pass `YourTraitServer::new(value)` for a service trait"
)]
pub trait Service: Sized + Send + Sync + 'static {
    /// What the service is.
    const DESCRIPTOR: &'static ServiceDescriptor;

    /// The name of its contract, which changes with everything that callers and
    /// servers must agree on.
    const CONTRACT_ID: ContractId = Self::DESCRIPTOR.contract_id;

    /// One handler for each method of the descriptor, in its order.
    const HANDLERS: &'static [Handler<Self>];
}

/// Runs one method: decodes its input, calls the user's function, writes the
/// responses.
pub type Handler<S> = for<'a> fn(
    service: &'a S,
    call: Call,
    input: Input,
    responses: Responses<'a>,
) -> BoxFuture<'a, Result<(), Status>>;

/// One call, as generated code sees it.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) context: CallContext,
    pub(crate) format: MessageFormat,
}

impl Call {
    /// The facts for the handler.
    #[must_use]
    pub fn context(&self) -> &CallContext {
        &self.context
    }

    /// Decodes the one request of a unary or server-stream call.
    ///
    /// # Errors
    /// The status to answer with if the request cannot be read.
    pub fn request<T: WireType>(&self, input: &Input) -> Result<T, Status> {
        match input {
            Input(Source::Single(frame)) => self.format.read(frame.view()),
            Input(Source::Stream(_)) => Err(Status::internal("a stream where one request was due")),
        }
    }

    /// The requests of a client-stream or bidi call.
    ///
    /// # Errors
    /// INTERNAL if the input is a single request.
    pub fn requests<T: WireType>(&self, input: Input) -> Result<Streaming<T>, Status> {
        match input {
            Input(Source::Stream(frames)) => Ok(frames.typed(self.format.clone())),
            Input(Source::Single(_)) => Err(Status::internal("one request where a stream was due")),
        }
    }
}

/// What a caller sends: one message or a stream of them.
#[derive(Debug)]
pub struct Input(pub(crate) Source);

#[derive(Debug)]
pub(crate) enum Source {
    Single(Frame),
    Stream(Box<RequestFrames>),
}

/// Where a handler's responses go.
#[derive(Debug)]
pub struct Responses<'a> {
    pub(crate) to: Outlet<'a>,
    pub(crate) format: MessageFormat,
}

#[derive(Debug)]
pub(crate) enum Outlet<'a> {
    /// The one response of a call, to be written with its trailer.
    One(&'a mut BytesMut),
    /// A stream of responses.
    Many(&'a mut FrameWriter),
}

impl Responses<'_> {
    /// Takes the one response of a unary or client-stream call. It is written
    /// together with the trailer.
    ///
    /// # Errors
    /// The status to answer with if the response has no wire form.
    pub fn one<T: WireType>(self, response: &T) -> Result<(), Status> {
        match self.to {
            Outlet::One(buffer) => {
                if buffer.capacity() == 0 {
                    *buffer = crate::scratch::buffer();
                }
                self.format.put(response, buffer)
            }
            Outlet::Many(_) => Err(Status::internal("one response where a stream was due")),
        }
    }

    /// Writes the responses of a server-stream or bidi call as they come.
    ///
    /// # Errors
    /// The first error of `items`, or CANCELLED when the caller is gone.
    pub async fn all<T, E, S>(self, items: S) -> Result<(), Status>
    where
        T: WireType,
        E: Into<Status>,
        S: Stream<Item = Result<T, E>>,
    {
        match self.to {
            Outlet::Many(writer) => writer.forward(items, &self.format).await?,
            Outlet::One(_) => Err(Status::internal("a stream where one response was due")),
        }
    }
}

/// A service of any type, as the router keeps it.
pub(crate) trait Dispatch: Send + Sync {
    /// Runs the method at `index` of the descriptor.
    fn dispatch<'a>(
        &'a self,
        index: usize,
        call: Call,
        input: Input,
        responses: Responses<'a>,
    ) -> BoxFuture<'a, Result<(), Status>>;
}

impl<S: Service> Dispatch for S {
    fn dispatch<'a>(
        &'a self,
        index: usize,
        call: Call,
        input: Input,
        responses: Responses<'a>,
    ) -> BoxFuture<'a, Result<(), Status>> {
        match S::HANDLERS.get(index) {
            Some(handler) => handler(self, call, input, responses),
            None => Box::pin(async { Err(Status::internal("the method has no handler")) }),
        }
    }
}

/// Makes the instance of a session-scoped service when a session opens.
pub(crate) type SessionFactory =
    Arc<dyn Fn(&SessionContext) -> Result<Arc<dyn Dispatch>, Status> + Send + Sync>;

/// The facts about a session that is being opened.
#[derive(Clone, Debug)]
pub struct SessionContext {
    pub(crate) peer: crate::peer::PeerId,
    pub(crate) admitted: Arc<Admitted>,
    pub(crate) session_id: Arc<str>,
}

impl SessionContext {
    /// The caller's public key, proved by the connection.
    #[must_use]
    pub fn peer(&self) -> crate::peer::PeerId {
        self.peer
    }

    /// What the caller's credential says about it.
    #[must_use]
    pub fn attributes(&self) -> &std::collections::BTreeMap<String, String> {
        &self.admitted.attributes
    }

    /// What the caller could do when the session opened.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        self.admitted.grant.capabilities()
    }

    /// The session's id, chosen by the caller or, if it chose none, by the
    /// server.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
}
