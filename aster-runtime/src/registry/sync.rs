//! The messages on `/iroh-sync/1`, by which a peer copies a document
//! (contract.md 7.4). Both sides in their simplest form: the one that asks has
//! nothing yet, the one that answers takes nothing.
//!
//! A message is four bytes of length, big-endian, and postcard.

use bytes::{BufMut, Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use super::document::{Document, Range, SignedEntry, empty_fingerprint};

/// Bytes of the length before each message.
pub(super) const LENGTH_BYTES: usize = 4;

/// Most parts of a message that is answered; a peer that knows nothing sends
/// one.
const MAX_PARTS: usize = 64;

/// Most entries of one key that are looked at.
const MAX_AUTHORS: usize = 8;

/// One message. The order of the variants is the wire format.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Message {
    /// The first, by the side that connected.
    Init { namespace: [u8; 32], parts: Vec<Part> },
    /// All others.
    Sync(Vec<Part>),
    /// The answer to an [`Init`](Self::Init) that leads nowhere.
    Abort(AbortReason),
}

/// Why a document is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AbortReason {
    NotFound,
    AlreadySyncing,
    InternalServerError,
}

/// What a message says about a range of the document.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Part {
    /// The entries that the sender has there come to this sum.
    Fingerprint { range: Range, fingerprint: [u8; 32] },
    /// The sender has these; unless `have_local`, it wants what it lacks.
    Items { range: Range, values: Vec<(SignedEntry, ContentStatus)>, have_local: bool },
}

/// Whether the sender has the content of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ContentStatus {
    Complete,
    Incomplete,
    Missing,
}

/// Bytes that are no message, or one that this side does not expect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InvalidMessage;

impl Message {
    /// Asks for everything.
    pub(super) fn request(namespace: [u8; 32]) -> Self {
        let part = Part::Fingerprint { range: Range::all(), fingerprint: empty_fingerprint() };
        Self::Init { namespace, parts: vec![part] }
    }

    /// The message with its length; `None` if it cannot be written down.
    pub(super) fn encode(&self) -> Option<Bytes> {
        let body = postcard::to_allocvec(self).ok()?;
        let mut bytes = BytesMut::with_capacity(LENGTH_BYTES + body.len());
        bytes.put_u32(u32::try_from(body.len()).ok()?);
        bytes.extend_from_slice(&body);
        Some(bytes.freeze())
    }

    /// The message in `body`, its length left out.
    pub(super) fn decode(body: &[u8]) -> Result<Self, InvalidMessage> {
        match postcard::take_from_bytes(body) {
            Ok((message, [])) => Ok(message),
            _ => Err(InvalidMessage),
        }
    }
}

/// The answering side of one exchange.
#[derive(Debug)]
pub(super) struct Responder<'a> {
    document: &'a Document,
    started: bool,
    /// Places of entries sent. Each is sent once, whatever is asked, so an
    /// answer is never larger than the document.
    sent: Vec<usize>,
}

impl<'a> Responder<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, started: false, sent: Vec::new() }
    }

    /// The answer, if there is anything left to say.
    pub(super) fn answer(&mut self, message: Message) -> Result<Option<Message>, InvalidMessage> {
        let parts = match message {
            Message::Init { namespace, .. } if namespace != *self.document.namespace() => {
                return Ok(Some(Message::Abort(AbortReason::NotFound)));
            }
            Message::Init { parts, .. } if !self.started => parts,
            Message::Sync(parts) if self.started => parts,
            _ => return Err(InvalidMessage),
        };
        self.started = true;
        if parts.len() > MAX_PARTS {
            return Err(InvalidMessage);
        }
        let answers: Vec<_> = parts.into_iter().filter_map(|part| self.answer_part(part)).collect();
        Ok((!answers.is_empty()).then_some(Message::Sync(answers)))
    }

    fn answer_part(&mut self, part: Part) -> Option<Part> {
        let (range, theirs) = match part {
            Part::Fingerprint { range, fingerprint } => {
                if self.document.fingerprint(&range) == fingerprint {
                    return None;
                }
                (range, Vec::new())
            }
            Part::Items { have_local: true, .. } => return None,
            Part::Items { range, values, have_local: false } => (range, values),
        };
        let has = |ours: &SignedEntry| {
            let same = |e: &SignedEntry| e.id() == ours.id() && e.timestamp() >= ours.timestamp();
            theirs.iter().any(|(entry, _)| same(entry))
        };
        let mut values = Vec::new();
        for (place, entry) in self.document.entries() {
            if range.contains(entry.id()) && !self.sent.contains(&place) && !has(entry) {
                self.sent.push(place);
                values.push((entry.clone(), ContentStatus::Complete));
            }
        }
        (!values.is_empty()).then_some(Part::Items { range, values, have_local: true })
    }
}

/// The entries of `namespace` with this key in an answer to
/// [`Message::request`], newest first: every author has its own.
///
/// # Errors
/// Anything else than such an answer.
pub(super) fn entries_with_key(
    answer: Message,
    namespace: &[u8; 32],
    key: &str,
) -> Result<Vec<SignedEntry>, InvalidMessage> {
    let Message::Sync(parts) = answer else { return Err(InvalidMessage) };
    let mut found = Vec::new();
    for part in parts {
        let Part::Items { values, .. } = part else { continue };
        let wanted = values.into_iter().map(|(entry, _)| entry);
        found.extend(wanted.filter(|entry| entry.key() == Some(key.as_bytes())));
    }
    found.sort_by_key(|entry| std::cmp::Reverse(entry.timestamp()));
    found.truncate(MAX_AUTHORS);
    found.retain(|entry| entry.is_signed_in(namespace));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use iroh_blobs::Hash;

    use super::super::document::DocumentKeys;
    use super::*;

    fn document() -> Document {
        let contents = ["contracts/a", "manifests/a", "services/A/versions/v1"]
            .map(|key| (key.to_owned(), Hash::new(key), key.len() as u64));
        Document::new(&DocumentKeys::generate(), contents.to_vec(), 1)
    }

    fn reencoded(message: &Message) -> Message {
        Message::decode(&message.encode().unwrap()[LENGTH_BYTES..]).unwrap()
    }

    #[test]
    fn a_peer_with_nothing_gets_everything() {
        let document = document();
        let request = reencoded(&Message::request(*document.namespace()));
        let answer = Responder::new(&document).answer(request).unwrap().unwrap();
        let answer = reencoded(&answer);
        let found = entries_with_key(answer, document.namespace(), "contracts/a").unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].hash(), found[0].len()), (Hash::new("contracts/a"), 11));
    }

    #[test]
    fn the_request_is_laid_out_like_this() {
        let mut expected = vec![0, 0, 0, 0xc5, 0];
        expected.extend([0xaa; 32]);
        // One part, a fingerprint, of the range from 64 zeros to 64 zeros.
        expected.extend([1, 0]);
        for _ in 0..2 {
            expected.push(64);
            expected.extend([0; 64]);
        }
        expected.extend(Hash::EMPTY.as_bytes());
        assert_eq!(Message::request([0xaa; 32]).encode().unwrap(), expected);
    }

    #[test]
    fn a_peer_with_everything_gets_nothing() {
        let document = document();
        let fingerprint = document.fingerprint(&Range::all());
        let parts = vec![Part::Fingerprint { range: Range::all(), fingerprint }];
        let init = Message::Init { namespace: *document.namespace(), parts };
        assert_eq!(Responder::new(&document).answer(init), Ok(None));

        let values = document.entries().map(|(_, e)| (e.clone(), ContentStatus::Missing)).collect();
        let parts = vec![Part::Items { range: Range::all(), values, have_local: false }];
        let init = Message::Init { namespace: *document.namespace(), parts };
        assert_eq!(Responder::new(&document).answer(init), Ok(None));
    }

    #[test]
    fn an_answer_is_never_larger_than_the_document() {
        let document = document();
        let parts = |count| {
            let part = || Part::Fingerprint { range: Range::all(), fingerprint: [1; 32] };
            std::iter::repeat_with(part).take(count).collect::<Vec<_>>()
        };
        let mut responder = Responder::new(&document);
        let init = Message::Init { namespace: *document.namespace(), parts: parts(MAX_PARTS) };
        let Ok(Some(Message::Sync(answer))) = responder.answer(init) else { panic!() };
        assert_eq!(answer.len(), 1);
        assert_eq!(responder.answer(Message::Sync(parts(1))), Ok(None));

        let many = Message::Sync(parts(MAX_PARTS + 1));
        assert_eq!(responder.answer(many), Err(InvalidMessage));
    }

    #[test]
    fn another_document_is_not_found() {
        let document = document();
        let answer = Responder::new(&document).answer(Message::request([1; 32]));
        assert_eq!(answer, Ok(Some(Message::Abort(AbortReason::NotFound))));
    }

    #[test]
    fn messages_out_of_order_are_refused() {
        let document = document();
        let mut responder = Responder::new(&document);
        assert_eq!(responder.answer(Message::Sync(Vec::new())), Err(InvalidMessage));
        let abort = Message::Abort(AbortReason::NotFound);
        assert_eq!(responder.answer(abort), Err(InvalidMessage));
        responder.answer(Message::request(*document.namespace())).unwrap();
        let again = Message::request(*document.namespace());
        assert_eq!(responder.answer(again), Err(InvalidMessage));
    }

    #[test]
    fn bytes_that_are_no_message_are_refused() {
        for bytes in [&b""[..], b"\x03", b"\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", &[0; 40]] {
            assert_eq!(Message::decode(bytes), Err(InvalidMessage));
        }
    }

    #[test]
    fn entries_of_a_forger_are_left_out() {
        let document = document();
        let namespace = *document.namespace();
        let mut responder = Responder::new(&document);
        let answer = responder.answer(Message::request(namespace)).unwrap().unwrap();
        let found = entries_with_key(answer, &[9; 32], "contracts/a").unwrap();
        assert!(found.is_empty());
        let abort = Message::Abort(AbortReason::NotFound);
        assert_eq!(entries_with_key(abort, &namespace, "contracts/a"), Err(InvalidMessage));
    }
}
