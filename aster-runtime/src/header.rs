//! The control messages of the wire: stream header, call header, status.
//!
//! Each has an XLANG form with a fixed prefix (type names and schema hash) and
//! a JSON form. A header is JSON if and only if its first byte is `{`. Both
//! forms are read whatever the mode of the payloads; what is written follows
//! the mode of the call.

use std::borrow::Cow;

use bytes::BytesMut;
use serde::{Deserialize, Serialize};

use crate::codec::{DecodeError, DecodeLimits, Encoding, Reader, Writer};
use crate::limits::{
    Limits, MAX_ID_BYTES, MAX_NAME_BYTES, MAX_STATUS_DETAILS, MAX_STATUS_MESSAGE_BYTES,
};
use crate::metadata::Metadata;
use crate::status::{Code, Status};

/// `_aster/StreamHeader` up to and including its schema hash.
const STREAM_HEADER: &[u8] = &[
    0x02, 0xff, 0x1d, 0x08, 0x01, 0x6c, 0x12, 0x99, 0x22, 0x12, 0x04, 0x76, 0x53, 0x89, 0x00, 0xce,
    0x9c, 0x80, 0x19, 0x22, 0xa4, 0x05, 0x18, 0xde,
];

/// `_aster/CallHeader` up to and including its schema hash.
const CALL_HEADER: &[u8] = &[
    0x02, 0xff, 0x1d, 0x08, 0x01, 0x6c, 0x12, 0x99, 0x22, 0x10, 0x02, 0x38, 0x01, 0x65, 0xc2, 0x20,
    0x01, 0x88, 0x88, 0x71, 0x25, 0x86, 0x79,
];

/// `_aster/RpcStatus` up to and including its schema hash.
const RPC_STATUS: &[u8] = &[
    0x02, 0xff, 0x1d, 0x08, 0x01, 0x6c, 0x12, 0x99, 0x22, 0x0e, 0x02, 0x56, 0x78, 0x56, 0x26, 0x02,
    0x6a, 0x24, 0x53, 0x53, 0xca, 0x9f,
];

/// `StreamHeader.serializationMode` of JSON payloads.
pub(crate) const MODE_JSON: i64 = 3;

/// The first frame of every stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct StreamHeader<'a> {
    /// The service's name.
    #[serde(borrow)]
    pub service: Cow<'a, str>,
    /// The method's name, or empty to open a session.
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// The service's version.
    pub version: i64,
    /// A correlation id, or the id of the session.
    #[serde(borrow)]
    pub call_id: Cow<'a, str>,
    /// Unix milliseconds; zero or less means none.
    pub deadline_epoch_ms: i64,
    /// 0 XLANG, 3 JSON.
    pub serialization_mode: i64,
    /// Metadata keys.
    #[serde(borrow, deserialize_with = "null_as_empty")]
    pub metadata_keys: Vec<Cow<'a, str>>,
    /// Metadata values, in the order of the keys.
    #[serde(borrow, deserialize_with = "null_as_empty")]
    pub metadata_values: Vec<Cow<'a, str>>,
}

/// The first frame of every call in a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct CallHeader<'a> {
    /// The method's name.
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// A correlation id.
    #[serde(borrow)]
    pub call_id: Cow<'a, str>,
    /// Unix milliseconds; zero or less means none.
    pub deadline_epoch_ms: i64,
    /// Metadata keys.
    #[serde(borrow, deserialize_with = "null_as_empty")]
    pub metadata_keys: Vec<Cow<'a, str>>,
    /// Metadata values, in the order of the keys.
    #[serde(borrow, deserialize_with = "null_as_empty")]
    pub metadata_values: Vec<Cow<'a, str>>,
}

/// The reference reads a `null` list as an empty one.
fn null_as_empty<'de: 'a, 'a, D: serde::Deserializer<'de>>(
    input: D,
) -> Result<Vec<Cow<'a, str>>, D::Error> {
    /// Borrows where the JSON text has no escapes.
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    let list = Option::<Vec<Text<'a>>>::deserialize(input)?;
    Ok(list.unwrap_or_default().into_iter().map(|text| text.0).collect())
}

/// A control message that cannot be read. The text is safe to send back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct HeaderError(String);

impl From<DecodeError> for HeaderError {
    fn from(error: DecodeError) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for HeaderError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl<'a> StreamHeader<'a> {
    /// Appends the header in the form that goes with `encoding`.
    pub(crate) fn encode(&self, encoding: Encoding, out: &mut BytesMut) {
        match encoding {
            Encoding::Xlang => {
                let mut w = Writer::new(out);
                w.put_slice(STREAM_HEADER);
                w.put_varint(self.deadline_epoch_ms);
                w.put_varint(self.serialization_mode);
                w.put_varint(self.version);
                w.put_str(&self.call_id);
                w.put_str(&self.method);
                w.put_str(&self.service);
                put_strings(&mut w, &self.metadata_keys);
                put_strings(&mut w, &self.metadata_values);
            }
            Encoding::Json => put_json(out, self),
        }
    }

    /// Reads either form.
    ///
    /// # Errors
    /// [`HeaderError`] if the payload is no stream header or a name in it is
    /// too long.
    pub(crate) fn decode(payload: &'a [u8], limits: &Limits) -> Result<Self, HeaderError> {
        let header = if payload.first() == Some(&b'{') {
            serde_json::from_slice(payload)?
        } else {
            let decode_limits = limits.decode_limits();
            let mut r = reader_after(STREAM_HEADER, payload, "StreamHeader", &decode_limits)?;
            let header = Self {
                deadline_epoch_ms: r.varint()?,
                serialization_mode: r.varint()?,
                version: r.varint()?,
                call_id: r.str()?,
                method: r.str()?,
                service: r.str()?,
                metadata_keys: strings(&mut r)?,
                metadata_values: strings(&mut r)?,
            };
            end(&r)?;
            header
        };
        check_length("service name", &header.service, MAX_NAME_BYTES)?;
        check_length("method name", &header.method, MAX_NAME_BYTES)?;
        check_length("call id", &header.call_id, MAX_ID_BYTES)?;
        Ok(header)
    }
}

impl<'a> CallHeader<'a> {
    /// Appends the header in the form that goes with `encoding`.
    pub(crate) fn encode(&self, encoding: Encoding, out: &mut BytesMut) {
        match encoding {
            Encoding::Xlang => {
                let mut w = Writer::new(out);
                w.put_slice(CALL_HEADER);
                w.put_varint(self.deadline_epoch_ms);
                w.put_str(&self.call_id);
                w.put_str(&self.method);
                put_strings(&mut w, &self.metadata_keys);
                put_strings(&mut w, &self.metadata_values);
            }
            Encoding::Json => put_json(out, self),
        }
    }

    /// Reads either form.
    ///
    /// # Errors
    /// [`HeaderError`] if the payload is no call header or a name in it is too
    /// long.
    pub(crate) fn decode(payload: &'a [u8], limits: &Limits) -> Result<Self, HeaderError> {
        let header = if payload.first() == Some(&b'{') {
            serde_json::from_slice(payload)?
        } else {
            let decode_limits = limits.decode_limits();
            let mut r = reader_after(CALL_HEADER, payload, "CallHeader", &decode_limits)?;
            let header = Self {
                deadline_epoch_ms: r.varint()?,
                call_id: r.str()?,
                method: r.str()?,
                metadata_keys: strings(&mut r)?,
                metadata_values: strings(&mut r)?,
            };
            end(&r)?;
            header
        };
        check_length("method name", &header.method, MAX_NAME_BYTES)?;
        check_length("call id", &header.call_id, MAX_ID_BYTES)?;
        Ok(header)
    }
}

/// Splits metadata into the two parallel lists of the wire.
#[must_use]
pub(crate) fn metadata_lists(metadata: &Metadata) -> (Vec<Cow<'_, str>>, Vec<Cow<'_, str>>) {
    metadata.iter().map(|(k, v)| (Cow::Borrowed(k), Cow::Borrowed(v))).unzip()
}

/// The JSON form of a status.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RpcStatus<'a> {
    code: i64,
    #[serde(borrow)]
    message: Cow<'a, str>,
    #[serde(borrow, deserialize_with = "null_as_empty")]
    detail_keys: Vec<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "null_as_empty")]
    detail_values: Vec<Cow<'a, str>>,
}

/// Appends the payload of the trailer that ends a successful call.
pub(crate) fn put_ok(encoding: Encoding, out: &mut BytesMut) {
    match encoding {
        Encoding::Xlang => {
            out.extend_from_slice(RPC_STATUS);
            out.extend_from_slice(&[0, 0, 0, 0]);
        }
        Encoding::Json => put_json(out, &RpcStatus::default()),
    }
}

/// Appends the payload of the trailer that carries `status`. An over-long
/// message is cut at a character, details beyond the limit are dropped.
pub(crate) fn put_status(status: &Status, encoding: Encoding, out: &mut BytesMut) {
    let mut end = status.message().len().min(MAX_STATUS_MESSAGE_BYTES);
    while !status.message().is_char_boundary(end) {
        end -= 1;
    }
    let message = status.message().get(..end).unwrap_or_default();
    let details = || status.details().iter().take(MAX_STATUS_DETAILS);
    let wire = RpcStatus {
        code: status.code().number(),
        message: Cow::Borrowed(message),
        detail_keys: details().map(|(k, _)| Cow::Borrowed(k.as_str())).collect(),
        detail_values: details().map(|(_, v)| Cow::Borrowed(v.as_str())).collect(),
    };
    match encoding {
        Encoding::Xlang => {
            let mut w = Writer::new(out);
            w.put_slice(RPC_STATUS);
            w.put_varint(wire.code);
            w.put_str(&wire.message);
            put_strings(&mut w, &wire.detail_keys);
            put_strings(&mut w, &wire.detail_values);
        }
        Encoding::Json => put_json(out, &wire),
    }
}

/// Reads a trailer payload of either form: `None` for success. The reference
/// answers JSON calls with XLANG trailers in places, so the form is always
/// seen from the first byte.
///
/// # Errors
/// [`HeaderError`] if the payload is no status.
pub(crate) fn decode_status(
    payload: &[u8],
    limits: &Limits,
) -> Result<Option<Status>, HeaderError> {
    // The trailer of nearly every call.
    if let Some(rest) = payload.strip_prefix(RPC_STATUS)
        && rest == [0, 0, 0, 0]
    {
        return Ok(None);
    }
    let wire: RpcStatus<'_> = if payload.first() == Some(&b'{') {
        serde_json::from_slice(payload)?
    } else {
        let decode_limits = limits.decode_limits();
        let mut r = reader_after(RPC_STATUS, payload, "RpcStatus", &decode_limits)?;
        let status = RpcStatus {
            code: r.varint()?,
            message: r.str()?,
            detail_keys: strings(&mut r)?,
            detail_values: strings(&mut r)?,
        };
        end(&r)?;
        status
    };
    let mut status = match Code::from_number(wire.code) {
        Some(Code::Ok) => return Ok(None),
        Some(code) => Status::new(code, wire.message),
        None => Status::unknown(format!("status code {}: {}", wire.code, wire.message)),
    };
    let details = wire.detail_keys.into_iter().zip(wire.detail_values);
    for (key, value) in details.take(MAX_STATUS_DETAILS) {
        status = status.with_detail(key, value);
    }
    Ok(Some(status))
}

fn reader_after<'de>(
    prefix: &[u8],
    payload: &'de [u8],
    name: &str,
    limits: &DecodeLimits,
) -> Result<Reader<'de>, HeaderError> {
    payload
        .strip_prefix(prefix)
        .map(|rest| Reader::new(rest, limits))
        .ok_or_else(|| HeaderError(format!("not a {name} of this protocol version")))
}

fn end(r: &Reader<'_>) -> Result<(), HeaderError> {
    match r.remaining() {
        0 => Ok(()),
        n => Err(HeaderError(format!("{n} bytes too many"))),
    }
}

/// All elements present, one type declared: the list form that is written.
const LIST_DECLARED: u8 = 0x0c;

fn put_strings(w: &mut Writer<'_>, list: &[Cow<'_, str>]) {
    w.put_varuint(list.len() as u64);
    if !list.is_empty() {
        w.put_u8(LIST_DECLARED);
        for text in list {
            w.put_str(text);
        }
    }
}

fn strings<'de>(r: &mut Reader<'de>) -> Result<Vec<Cow<'de, str>>, HeaderError> {
    const WITH_NULLS: u8 = 0x0e;
    const TYPE_FOLLOWS: u8 = 0x08;
    const STRING_TYPE: u8 = 0x15;
    const NOT_NULL: u8 = 0xff;
    let count = r.varuint()?;
    if count == 0 {
        return Ok(Vec::new());
    }
    // A string takes at least one byte, so a count beyond that is a lie.
    let count = usize::try_from(count)
        .ok()
        .filter(|count| *count <= r.remaining())
        .ok_or_else(|| HeaderError(format!("a list of {count} strings does not fit")))?;
    let flags = r.u8()?;
    if !(flags == LIST_DECLARED
        || flags == WITH_NULLS
        || flags == TYPE_FOLLOWS && r.u8()? == STRING_TYPE)
    {
        return Err(HeaderError(format!("unexpected list flags {flags:#04x}")));
    }
    let mut list = Vec::with_capacity(count.min(64));
    for _ in 0..count {
        if flags == WITH_NULLS && r.u8()? != NOT_NULL {
            return Err(HeaderError("a null in a list of strings".to_owned()));
        }
        list.push(r.str()?);
    }
    Ok(list)
}

fn put_json(out: &mut BytesMut, value: &impl Serialize) {
    use bytes::BufMut;
    // Strings, integers and lists of them always serialize, and a `BytesMut`
    // accepts every write.
    let written = serde_json::to_writer(out.writer(), value);
    debug_assert!(written.is_ok());
}

fn check_length(what: &str, text: &str, max: usize) -> Result<(), HeaderError> {
    if text.len() > max {
        return Err(HeaderError(format!(
            "{what} of {} bytes exceeds the maximum of {max}",
            text.len()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
