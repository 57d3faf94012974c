//! The control messages against bytes that the reference wrote.

use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    data_encoding::HEXLOWER.decode(plain.as_bytes()).unwrap()
}

fn full_header() -> StreamHeader<'static> {
    StreamHeader {
        service: "Hello".into(),
        method: "sayHello".into(),
        version: 1,
        call_id: "11111111-2222-4333-8444-555555555555".into(),
        deadline_epoch_ms: 1_767_225_600_000,
        serialization_mode: 3,
        metadata_keys: vec!["authorization".into(), "\u{e9}".into()],
        metadata_values: vec!["Bearer t".into(), "\u{65e5}\u{672c}".into()],
    }
}

fn stream_headers() -> Vec<(StreamHeader<'static>, Vec<u8>)> {
    let hello = StreamHeader {
        service: "Hello".into(),
        method: "sayHello".into(),
        version: 1,
        ..Default::default()
    };
    let prefix = "02ff1d08016c129922120476538900ce9c801922a40518de";
    vec![
        (StreamHeader::default(), hex(&format!("{prefix} 0000000000000000"))),
        (hello, hex(&format!("{prefix} 000002002073617948656c6c6f1448656c6c6f0000"))),
        (
            full_header(),
            hex(&format!(
                "{prefix} 80a0d5edee660602900131313131313131312d323232322d343333332d383434342d\
                 3535353535353535353535352073617948656c6c6f1448656c6c6f020c34617574686f72697a617469\
                 6f6e04e9020c20426561726572207411e5652c67"
            )),
        ),
    ]
}

fn call_headers() -> Vec<(CallHeader<'static>, Vec<u8>)> {
    let add = CallHeader { method: "add".into(), call_id: "c-1".into(), ..Default::default() };
    let late = CallHeader {
        deadline_epoch_ms: 1_767_225_600_000,
        metadata_keys: vec!["k".into()],
        metadata_values: vec!["v".into()],
        ..add.clone()
    };
    let prefix = "02ff1d08016c1299221002380165c22001888871258679";
    vec![
        (CallHeader::default(), hex(&format!("{prefix} 0000000000"))),
        (add, hex(&format!("{prefix} 000c632d310c6164640000"))),
        (late, hex(&format!("{prefix} 80a0d5edee660c632d310c616464010c046b010c0476"))),
    ]
}

fn statuses() -> Vec<(Option<Status>, Vec<u8>)> {
    let prefix = "02ff1d08016c1299220e0256785626026a245353ca9f";
    let status = |status: Status, rest: &str| (Some(status), hex(&format!("{prefix} {rest}")));
    vec![
        (None, hex(&format!("{prefix} 00000000"))),
        status(Status::not_found("nf"), "0a086e660000"),
        status(Status::unavailable("Stream ended"), "1c3053747265616d20656e6465640000"),
        status(Status::internal("boom").with_detail("k", "v"), "1a10626f6f6d010c046b010c0476"),
        status(
            Status::contract_violation("bad").with_detail("unexpected_fields", "'x'"),
            "ca010c626164010c44756e65787065637465645f6669656c6473010c0c277827",
        ),
    ]
}

fn same(a: &Option<Status>, b: &Option<Status>) -> bool {
    let parts = |s: &Status| (s.code(), s.message().to_owned(), s.details().to_vec());
    a.as_ref().map(parts) == b.as_ref().map(parts)
}

#[test]
fn stream_headers_read_and_write_as_the_reference_does() {
    for (header, bytes) in stream_headers() {
        let mut out = BytesMut::new();
        header.encode(Encoding::Xlang, &mut out);
        assert_eq!(out, bytes);
        assert_eq!(StreamHeader::decode(&bytes, &Limits::default()).unwrap(), header);
    }
    let json = br#"{"service":"Demo","method":"echo","version":1,"callId":"","deadlineEpochMs":0,"serializationMode":3,"metadataKeys":[],"metadataValues":[]}"#;
    let header = StreamHeader::decode(json, &Limits::default()).unwrap();
    let mut out = BytesMut::new();
    header.encode(Encoding::Json, &mut out);
    assert_eq!(&out[..], &json[..]);
}

#[test]
fn call_headers_read_and_write_as_the_reference_does() {
    for (header, bytes) in call_headers() {
        let mut out = BytesMut::new();
        header.encode(Encoding::Xlang, &mut out);
        assert_eq!(out, bytes);
        assert_eq!(CallHeader::decode(&bytes, &Limits::default()).unwrap(), header);
    }
    let json = br#"{"method":"add","callId":"a","deadlineEpochMs":0,"metadataKeys":[],"metadataValues":[]}"#;
    let header = CallHeader::decode(json, &Limits::default()).unwrap();
    let mut out = BytesMut::new();
    header.encode(Encoding::Json, &mut out);
    assert_eq!(&out[..], &json[..]);
}

#[test]
fn statuses_read_and_write_as_the_reference_does() {
    for (status, bytes) in statuses() {
        let mut out = BytesMut::new();
        match &status {
            None => put_ok(Encoding::Xlang, &mut out),
            Some(status) => put_status(status, Encoding::Xlang, &mut out),
        }
        assert_eq!(out, bytes);
        assert!(same(&decode_status(&bytes, &Limits::default()).unwrap(), &status));
    }
    let mut out = BytesMut::new();
    put_ok(Encoding::Json, &mut out);
    assert_eq!(&out[..], br#"{"code":0,"message":"","detailKeys":[],"detailValues":[]}"#);
}

#[test]
fn other_string_encodings_and_list_flags_are_read() {
    let read = |rest: &str| {
        let bytes = hex(&format!("02ff1d08016c1299220e0256785626026a245353ca9f {rest}"));
        decode_status(&bytes, &Limits::default())
    };
    // UTF-8 and UTF-16 of the same text.
    for message in ["0ac3a9", "09e900"] {
        let status = read(&format!("0a{message}0000")).unwrap().unwrap();
        assert_eq!(status.message(), "\u{e9}");
    }
    // Lists with null marks and with the element type spelled out.
    for (key, value) in [("010eff046b", "010eff0476"), ("010815046b", "0108150476")] {
        let status = read(&format!("0a00{key}{value}")).unwrap().unwrap();
        assert_eq!(status.detail("k"), Some("v"));
    }
    assert!(read("0a00 010efd 010eff0476").is_err(), "a null key");
    assert!(read("0a00 ffffffff0f 0c").is_err(), "more items than bytes");
    assert!(read("0a000000 00").is_err(), "bytes after the end");
}

#[test]
fn json_headers_are_strict_about_names_and_lenient_about_what_is_missing() {
    let read = |json: &str| StreamHeader::decode(json.as_bytes(), &Limits::default()).map(|_| ());
    assert!(read(r#"{"service":"Demo"}"#).is_ok());
    assert!(read(r#"{"metadataKeys":null}"#).is_ok());
    assert!(read(r#"{"servise":"Demo"}"#).is_err());
    assert!(read(r#"{"version":"1"}"#).is_err());
    assert!(read(r#"{"service":"a"} x"#).is_err());
    assert!(read(r#" {"service":"a"}"#).is_err(), "the first byte decides");
}

#[test]
fn names_have_a_limit() {
    let read = |length: usize| {
        let json = format!(r#"{{"service":"{}"}}"#, "s".repeat(length));
        StreamHeader::decode(json.as_bytes(), &Limits::default()).map(|_| ())
    };
    assert!(read(MAX_NAME_BYTES).is_ok());
    assert!(read(MAX_NAME_BYTES + 1).is_err());
}

#[test]
fn a_long_message_is_cut_at_a_character() {
    let status = Status::internal("\u{65e5}".repeat(5_000));
    let mut out = BytesMut::new();
    put_status(&status, Encoding::Xlang, &mut out);
    let read = decode_status(&out, &Limits::default()).unwrap().unwrap();
    assert_eq!(read.message().len(), MAX_STATUS_MESSAGE_BYTES / 3 * 3);
}

#[test]
fn an_unknown_code_keeps_its_number() {
    let json = br#"{"code":42,"message":"odd"}"#;
    let status = decode_status(json, &Limits::default()).unwrap().unwrap();
    assert_eq!((status.code(), status.message()), (Code::Unknown, "status code 42: odd"));
}

#[test]
fn every_truncation_is_an_error() {
    let limits = Limits::default();
    for (_, bytes) in stream_headers() {
        for n in 0..bytes.len() {
            assert!(StreamHeader::decode(&bytes[..n], &limits).is_err());
        }
    }
    for (_, bytes) in call_headers() {
        for n in 0..bytes.len() {
            assert!(CallHeader::decode(&bytes[..n], &limits).is_err());
        }
    }
    for (_, bytes) in statuses() {
        for n in 0..bytes.len() {
            assert!(decode_status(&bytes[..n], &limits).is_err());
        }
    }
}

#[test]
fn two_hundred_thousand_damaged_messages_end_in_a_value_or_an_error() {
    let limits = Limits::default();
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    seeds.extend(stream_headers().into_iter().map(|(_, bytes)| bytes));
    seeds.extend(call_headers().into_iter().map(|(_, bytes)| bytes));
    seeds.extend(statuses().into_iter().map(|(_, bytes)| bytes));
    let mut out = BytesMut::new();
    full_header().encode(Encoding::Json, &mut out);
    seeds.push(out.to_vec());
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    let mut read = 0;
    for _ in 0..200_000 {
        let mut bytes = seeds[random() % seeds.len()].clone();
        for _ in 0..1 + random() % 4 {
            let at = random() % bytes.len();
            match random() % 4 {
                0 => bytes[at] ^= 1 << (random() % 8),
                1 => bytes[at] = random() as u8,
                2 => bytes.insert(at, random() as u8),
                _ => bytes.truncate(at.max(1)),
            }
        }
        read += usize::from(StreamHeader::decode(&bytes, &limits).is_ok());
        read += usize::from(CallHeader::decode(&bytes, &limits).is_ok());
        read += usize::from(decode_status(&bytes, &limits).is_ok());
    }
    assert!(read > 1_000, "the damage leaves some readable: {read}");
}

proptest! {
    #[test]
    fn headers_survive_both_forms(
        service in ".{0,60}",
        method in ".{0,60}",
        version in any::<i64>(),
        deadline in any::<i64>(),
        entries in proptest::collection::vec((".{0,20}", ".{0,40}"), 0..5),
    ) {
        let (keys, values): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let header = StreamHeader {
            service: service.into(),
            method: method.into(),
            version,
            call_id: "id".into(),
            deadline_epoch_ms: deadline,
            serialization_mode: 0,
            metadata_keys: keys.into_iter().map(Cow::from).collect(),
            metadata_values: values.into_iter().map(Cow::from).collect(),
        };
        let limits = Limits::default();
        for encoding in [Encoding::Xlang, Encoding::Json] {
            let mut out = BytesMut::new();
            header.encode(encoding, &mut out);
            match StreamHeader::decode(&out, &limits) {
                Ok(read) => prop_assert_eq!(&read, &header),
                // Only the limit on names may stand in the way.
                Err(_) => prop_assert!(header.service.len() > MAX_NAME_BYTES || header.method.len() > MAX_NAME_BYTES),
            }
        }
    }
}
