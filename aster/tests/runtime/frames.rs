//! Frames by hand, for peers that do not keep to the protocol.

use bytes::{BufMut, Bytes, BytesMut};
use iroh::endpoint::Connection;

use crate::service::soon;

pub(crate) const DATA: u8 = 0x00;
pub(crate) const COMPRESSED: u8 = 0x01;
pub(crate) const TRAILER: u8 = 0x02;
pub(crate) const HEADER: u8 = 0x04;
pub(crate) const CALL: u8 = 0x10;
pub(crate) const CANCEL: u8 = 0x20;

/// What [`shape`] says for a frame that is no trailer.
pub(crate) const MESSAGE: i64 = 1000;

pub(crate) fn frame(flags: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let mut out = BytesMut::new();
    out.put_u32_le(payload.len() as u32 + 1);
    out.put_u8(flags);
    out.put_slice(payload);
    out.to_vec()
}

pub(crate) fn frames(mut bytes: &[u8]) -> Vec<(u8, Bytes)> {
    let mut list = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (body, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        list.push((body[0], Bytes::copy_from_slice(&body[1..])));
        bytes = rest;
    }
    list
}

/// The header of a call, or with an empty method of a session, in JSON.
pub(crate) fn header_of(service: &str, method: &str) -> Vec<u8> {
    header_with(serde_json::json!({ "service": service, "method": method }))
}

/// The same with further fields.
pub(crate) fn header_with(mut fields: serde_json::Value) -> Vec<u8> {
    for (field, default) in [("version", 1), ("serializationMode", 3)] {
        if fields[field].is_null() {
            fields[field] = default.into();
        }
    }
    frame(HEADER, fields.to_string())
}

/// A call within a session.
pub(crate) fn call(method: &str) -> Vec<u8> {
    frame(CALL, serde_json::json!({ "method": method }).to_string())
}

/// A `test/Number`.
pub(crate) fn value(n: i64) -> Vec<u8> {
    frame(DATA, format!(r#"{{"value":{n}}}"#))
}

/// The code of a trailer in either form.
pub(crate) fn code(payload: &[u8]) -> i64 {
    if payload.first() == Some(&b'{') {
        let json: serde_json::Value = serde_json::from_slice(payload).unwrap();
        return json["code"].as_i64().unwrap();
    }
    // `_aster/RpcStatus`, then the code as a zigzag varint of one or two bytes.
    let zigzag = match payload[22..] {
        [low, high, ..] if low & 0x80 != 0 => i64::from(low & 0x7f) | i64::from(high) << 7,
        [low, ..] => i64::from(low),
        [] => panic!("no code"),
    };
    zigzag / 2
}

/// The codes of the trailers among the frames; [`MESSAGE`] for the others.
pub(crate) fn shape(frames: &[(u8, Bytes)]) -> Vec<i64> {
    let one = |(flags, payload): &(u8, Bytes)| {
        if flags & TRAILER == 0 { MESSAGE } else { code(payload) }
    };
    frames.iter().map(one).collect()
}

/// Sends bytes and the end on a stream of its own, reads everything that comes
/// back.
pub(crate) async fn exchange(connection: &Connection, bytes: &[u8]) -> Vec<(u8, Bytes)> {
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    // The server may stop reading early.
    let _ = send.write_all(bytes).await;
    let _ = send.finish();
    let reply = soon(recv.read_to_end(1 << 24)).await.unwrap();
    frames(&reply)
}
