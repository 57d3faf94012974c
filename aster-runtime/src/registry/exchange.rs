//! Messages of the document protocol on a stream, both sides.

use bytes::{Buf, Bytes, BytesMut};

use super::document::Document;
use super::sync::{InvalidMessage, LENGTH_BYTES, Message, Responder};
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_DOCUMENT_REQUEST_BYTES};
use crate::transport::{Connection, RecvHalf, SendHalf, TransportError};

/// Most messages of one exchange; two are enough for a peer that has nothing.
const MAX_MESSAGES: usize = 16;

/// Why a document could not be copied.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the answer is not a document")]
    Invalid,
    #[error("the document takes {bytes} bytes; at most {max} are read")]
    TooLarge { bytes: usize, max: usize },
}

impl From<InvalidMessage> for ExchangeError {
    fn from(_: InvalidMessage) -> Self {
        Self::Invalid
    }
}

/// Answers the one exchange of a connection; `None` if it broke off.
pub(super) async fn serve(document: &Document, connection: &Connection) -> Option<()> {
    let (mut send, recv) = connection.accept().await?;
    let mut messages = Messages::new(recv, MAX_DOCUMENT_REQUEST_BYTES);
    let mut responder = Responder::new(document);
    for _ in 0..MAX_MESSAGES {
        let Some(message) = messages.next().await.ok()? else { break };
        let Some(answer) = responder.answer(message).ok()? else { break };
        write(&mut send, &answer).await.ok()?;
    }
    send.finish();
    // Up to the end: the peer waits until its own was read.
    while messages.next().await.ok()?.is_some() {}
    Some(())
}

/// Asks for all of a document; `None` if the server does not know it.
pub(super) async fn request(
    connection: &Connection,
    namespace: [u8; 32],
) -> Result<Option<Message>, ExchangeError> {
    let (mut send, recv) = connection.open().await?;
    write(&mut send, &Message::request(namespace)).await?;
    send.finish();
    let mut messages = Messages::new(recv, MAX_DOCUMENT_BYTES);
    Ok(match messages.next().await? {
        Some(Message::Abort(_)) | None => None,
        Some(answer) => Some(answer),
    })
}

async fn write(send: &mut SendHalf, message: &Message) -> Result<(), ExchangeError> {
    let mut bytes = message.encode().ok_or(ExchangeError::Invalid)?;
    Ok(send.write_chunk(&mut bytes).await?)
}

/// The messages that arrive on a stream.
struct Messages {
    recv: RecvHalf,
    buffer: BytesMut,
    max: usize,
}

impl Messages {
    fn new(recv: RecvHalf, max: usize) -> Self {
        Self { recv, buffer: BytesMut::new(), max }
    }

    /// The next message; `None` at the end of the stream.
    async fn next(&mut self) -> Result<Option<Message>, ExchangeError> {
        loop {
            if let Some(length) = self.buffer.first_chunk::<LENGTH_BYTES>() {
                let length = u32::from_be_bytes(*length) as usize;
                if length > self.max {
                    return Err(ExchangeError::TooLarge { bytes: length, max: self.max });
                }
                if self.buffer.len() >= LENGTH_BYTES + length {
                    self.buffer.advance(LENGTH_BYTES);
                    let body = self.buffer.split_to(length);
                    return Ok(Some(Message::decode(&body)?));
                }
            }
            match self.chunk().await? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None if self.buffer.is_empty() => return Ok(None),
                None => return Err(ExchangeError::Invalid),
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        std::future::poll_fn(|cx| self.recv.poll_chunk(cx)).await
    }
}
