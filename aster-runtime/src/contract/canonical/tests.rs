use data_encoding::HEXLOWER;

use super::*;

const fn primitive<'a>(name: &'a str, of: &'a str) -> FieldDef<'a> {
    FieldDef { name, leaf: Leaf::Primitive(of), container: Container::None, optional: false }
}

const STATUS: TypeDef<'_> = TypeDef {
    package: "mission",
    name: "StatusResponse",
    fields: &[
        primitive("agent_id", "string"),
        primitive("status", "string"),
        primitive("uptime_secs", "int64"),
    ],
};

#[test]
fn the_worked_type_has_the_bytes_of_the_reference() {
    const HASH: [u8; 32] = STATUS.hash();
    let expected = "001e6d697373696f6e3a537461747573526573706f6e7365030c\
        02226167656e745f6964001a737472696e67000200000000020004\
        1a737461747573001a737472696e670002000000000200062e757074\
        696d655f736563730016696e7436340002000000000200000c000c";
    let expected: String = expected.split_whitespace().collect();
    let bytes = STATUS.to_vec();
    assert_eq!(HEXLOWER.encode(&bytes), expected);
    assert_eq!(HASH, *::blake3::hash(&bytes).as_bytes());
}

#[test]
fn containers_keys_and_references_have_their_members() {
    let hash = [0xaa; 32];
    let fields = [
        FieldDef { name: "tags", leaf: Leaf::Any, container: Container::None, optional: false },
        FieldDef {
            name: "m",
            leaf: Leaf::Ref(&hash),
            container: Container::Map(Leaf::Primitive("string")),
            optional: true,
        },
        FieldDef {
            name: "n",
            leaf: Leaf::SelfRef("t/N"),
            container: Container::List,
            optional: false,
        },
    ];
    let ty = TypeDef { package: "t", name: "N", fields: &fields };
    let hash = "aa".repeat(32);
    let expected = [
        "000674 064e 030c",
        "02 1274616773 03 02 00 02 00 00 00 00 02 00",
        "04 066d 01 02 20",
        &hash,
        "02 01 00 03 00 1a737472696e67 00",
        "06 066e 02 02 00 0e742f4e 00 00 01 00 02 00",
        "000c 000c",
    ];
    let expected: String = expected.concat().split_whitespace().collect();
    assert_eq!(HEXLOWER.encode(&ty.to_vec()), expected);
}

fn hash(hex: &str) -> [u8; 32] {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}

#[test]
fn the_worked_contract_has_the_bytes_of_the_reference() {
    let status = [
        "82564e8f6c037799ea989f96fdb57284caa6f6eb3d305d63f522651694f64cb5",
        "820cae3bdd7462d4600a8615ce52668b9129715cf4348553bed4eeecfb8800c2",
    ];
    let metrics = [
        "a4e6e2a08a0716e2a2951835eba9bfad52b26a164a68be7d805647a64bdc23a4",
        "267b45037460d731bc16c528f484968eb199871080d1401ddaf206acc19933d7",
    ];
    let log = [
        "2112b080ab24a207e14e778f47153e69304bbf842d5d1121fe55be1c19bf0db0",
        "dc66faa8c91b15125db0eda761037d914adda3ecc7563181cfb632e159f6bb63",
    ];
    let tail = [
        "736336f4e11aa29145df6abdc5925094b91b90bd9eef9fea3ad7502744442457",
        "2112b080ab24a207e14e778f47153e69304bbf842d5d1121fe55be1c19bf0db0",
    ];
    let hashes = [tail, status, metrics, log].map(|pair| pair.map(hash));
    let method = |name, pattern, [request, response]: &'static [[u8; 32]; 2]| MethodDef {
        name,
        pattern,
        request,
        response,
        idempotent: false,
        timeout: 0.0,
    };
    let [tail, status, metrics, log] = &*Box::leak(Box::new(hashes));
    let methods = [
        method("tailLogs", Pattern::ServerStream, tail),
        method("getStatus", Pattern::Unary, status),
        method("ingestMetrics", Pattern::ClientStream, metrics),
        method("submitLog", Pattern::Unary, log),
    ];
    let contract = ContractDef {
        name: "MissionControl",
        version: 1,
        methods: &methods,
        modes: &["xlang"],
        scope: Scope::Shared,
    };
    let bytes = contract.to_vec();
    assert_eq!(bytes.len(), 379);
    assert!(
        HEXLOWER.encode(&bytes).starts_with(
            "3a4d697373696f6e436f6e74726f6c02040c2667657453746174757300\
         2082564e8f6c037799ea989f96fdb57284caa6f6eb3d305d63f522651694f64cb520820cae3b"
                .replace(' ', "")
                .as_str()
        )
    );
    assert!(bytes.ends_with(b"\x01\x0c\x16xlang\x00\xfd"));
    let mut sorted = methods;
    sorted.sort_by_key(|method| method.name);
    let sorted = ContractDef { methods: &sorted, ..contract };
    assert_eq!(sorted.hash(), *::blake3::hash(&bytes).as_bytes());
}

#[test]
#[should_panic(expected = "sorted by name")]
fn constants_do_not_sort() {
    let method = |name| MethodDef {
        name,
        pattern: Pattern::Unary,
        request: &[0; 32],
        response: &[0; 32],
        idempotent: false,
        timeout: 0.0,
    };
    let methods = [method("b"), method("a")];
    ContractDef { name: "s", version: 1, methods: &methods, modes: &[], scope: Scope::Shared }
        .hash();
}

#[test]
fn what_has_no_room_gets_more() {
    let name = "n".repeat(100);
    for count in [70, 71, 72, 73, 74, 5000] {
        let fields = vec![primitive(&name, "int64"); count];
        let ty = TypeDef { package: "t", name: "N", fields: &fields };
        let bytes = ty.to_vec();
        assert!(bytes.len() > 117 * count && bytes.ends_with(b"\x00\x0c\x00\x0c"), "{count}");
        assert_eq!(ty.hash(), *::blake3::hash(&bytes).as_bytes(), "{count}");
    }
}

#[test]
fn room_that_is_just_full_is_not_enough() {
    let of = |len: usize| {
        let name = "n".repeat(len);
        let fields = [primitive(&name, "")];
        TypeDef { package: "", name: "", fields: &fields }.to_vec().len()
    };
    let around = of(5000) - 5000;
    for len in [ROOM - 1, ROOM, ROOM + 1] {
        let name = "n".repeat(len - around);
        let fields = [primitive(&name, "")];
        let ty = TypeDef { package: "", name: "", fields: &fields };
        let bytes = ty.to_vec();
        assert_eq!(bytes.len(), len);
        assert_eq!(ty.hash(), *::blake3::hash(&bytes).as_bytes(), "{len} bytes");
    }
}

#[test]
#[should_panic(expected = "at most 1 MiB")]
fn a_message_has_an_end() {
    let name = "n".repeat(MAX_TYPE_BYTES);
    TypeDef { package: "", name: &name, fields: &[] }.hash();
}

#[test]
fn methods_of_one_name_keep_their_order() {
    let (one, two) = ([1; 32], [2; 32]);
    let method = |name, request| MethodDef {
        name,
        pattern: Pattern::Unary,
        request,
        response: &one,
        idempotent: true,
        timeout: 1.5,
    };
    let methods = [method("b", &two), method("a", &one), method("b", &one)];
    let contract = ContractDef {
        name: "s",
        version: -1,
        methods: &methods,
        modes: &[],
        scope: Scope::Session,
    };
    const LEN: usize = 2 + 1 + 2 + 3 * (2 + 1 + 66 + 1 + 8 + 1) + 2 + 1 + 1;
    assert_eq!(contract.to_vec().len(), LEN);
    let start = HEXLOWER.encode(&contract.to_vec()[..11]);
    assert_eq!(start, "067301030c06610020010101"[..22]);
}

#[test]
fn numbers_have_the_bytes_of_the_reference() {
    let signed = |value| {
        let mut room = [0; 8];
        let free = Out::new(&mut room).signed(value).free();
        HEXLOWER.encode(&room[..8 - free])
    };
    let expected = [
        (1, "02"),
        (-1, "01"),
        (63, "7e"),
        (64, "8001"),
        (i32::MAX, "feffffff0f"),
        (i32::MIN, "ffffffff0f"),
    ];
    for (value, bytes) in expected {
        assert_eq!(signed(value), bytes, "{value}");
    }
    let text = |len: usize| {
        let mut room = [0; 3];
        Out::new(&mut room).text(&"x".repeat(len));
        room
    };
    assert_eq!(text(0), [2, 0, 0]);
    assert_eq!(text(31)[0], 0x7e);
    assert_eq!(text(32)[..2], [0x82, 0x01]);
    assert_eq!(text(5000), [0xa2, 0x9c, 0x01]);
}
