use super::super::fixtures::{audience, method, service};
use super::*;

fn encoded(audience: &Audience) -> Vec<u8> {
    let mut bytes = Vec::new();
    audience.encode(&mut bytes);
    bytes
}

fn decoded(bytes: &[u8]) -> Result<Audience, InvalidLink> {
    let input = &mut ByteReader::new(bytes);
    let audience = Audience::decode(input)?;
    if input.is_empty() { Ok(audience) } else { Err(InvalidLink::Trailing) }
}

#[test]
fn entries_are_read_and_written_as_text() {
    for (text, service, version, method) in [
        ("Fleet", "Fleet", None, None),
        ("Fleet@2", "Fleet", Some(2), None),
        ("Fleet.getStatus", "Fleet", None, Some("getStatus")),
        ("Fleet@2147483647.getStatus", "Fleet", Some(i32::MAX), Some("getStatus")),
        ("acme.Fleet.getStatus", "acme.Fleet", None, Some("getStatus")),
        ("acme.Fleet.*", "acme.Fleet", None, None),
        ("acme.Fleet@1.*", "acme.Fleet", Some(1), None),
        ("Fl\u{f6}tte/a,b", "Fl\u{f6}tte/a,b", None, None),
    ] {
        let entry: AudienceEntry = text.parse().unwrap();
        assert_eq!((entry.service(), entry.version(), entry.method()), (service, version, method));
        assert_eq!(entry.to_string(), text);
        let audience = Audience::new([entry]).unwrap();
        assert_eq!(decoded(&encoded(&audience)), Ok(audience));
    }
    // The star is only needed where the name has a dot.
    assert_eq!("Fleet.*".parse::<AudienceEntry>().unwrap().to_string(), "Fleet");
    assert_eq!(audience(&["Fleet", "B@2.x", "Fleet"]).to_string(), "B@2.x, Fleet");
}

#[test]
fn what_is_no_entry_is_refused_with_its_text() {
    for text in [
        "",
        " ",
        ".",
        ".m",
        "S.",
        "*",
        "*.m",
        "S*",
        "S.m*",
        "S.**",
        "S m",
        "S.m ",
        "S\n",
        "S\u{7f}",
        "S@",
        "S@0",
        "S@-1",
        "S@+1",
        "S@01",
        "S@x",
        "S@2147483648",
        "S@1@1",
        "S@1x.m",
        "@1",
        "S.m@1",
    ] {
        let error = text.parse::<AudienceEntry>().unwrap_err();
        assert_eq!(error, InvalidTerms::Audience(text.to_owned()));
        assert_eq!(Audience::parse(["Fine", text]), Err(error));
    }
}

#[test]
fn names_have_bounds() {
    let longest = "n".repeat(MAX_NAME_BYTES);
    let longer = "n".repeat(MAX_NAME_BYTES + 1);
    assert!(AudienceEntry::new(&longest, Some(1), Some(&longest)).is_ok());
    assert!(AudienceEntry::new(&longer, Some(1), Some(&longest)).is_err());
    assert!(AudienceEntry::new(&longest, Some(1), Some(&longer)).is_err());
    assert!(AudienceEntry::new("S", Some(0), None).is_err());
    assert!(AudienceEntry::new("S", None, Some("a.b")).is_err());
    assert!(AudienceEntry::new("a.S", None, Some("a@b")).is_err());

    let entries: Vec<_> = (0..=MAX_AUDIENCE_ENTRIES).map(|n| format!("S{n}")).collect();
    let parse = |n: usize| Audience::parse(entries[..n].iter().map(String::as_str));
    let most = parse(MAX_AUDIENCE_ENTRIES).unwrap();
    assert_eq!(most.entries().count(), MAX_AUDIENCE_ENTRIES);
    assert_eq!(decoded(&encoded(&most)), Ok(most.clone()));
    assert_eq!(parse(MAX_AUDIENCE_ENTRIES + 1), Err(InvalidTerms::AudienceCount));
    let mut more = encoded(&most);
    more[0] += 1;
    assert_eq!(decoded(&more), Err(InvalidTerms::AudienceCount.into()));
}

#[test]
fn b3_a10_an_entry_is_for_its_version_alone() {
    let (v1, v2, other) = (service("Fleet", 1), service("Fleet", 2), service("fleet", 2));
    let (get, set) = (method("get"), method("set"));
    for (entries, expected) in [
        // v1.get, v1.set, v2.get, v2.set, other.get
        ([].as_slice(), [true, true, true, true, true]),
        (&["Fleet"], [true, true, true, true, false]),
        (&["Fleet@2"], [false, false, true, true, false]),
        (&["Fleet.get"], [true, false, true, false, false]),
        (&["Fleet@2.get"], [false, false, true, false, false]),
        (&["Fleet@1.set", "Fleet@2.get"], [false, true, true, false, false]),
        (&["Fleet.ge", "Fleet.gett", "Flee", "Fleets", "Fleet@3"], [false; 5]),
    ] {
        let audience = audience(entries);
        let found = [(&v1, &get), (&v1, &set), (&v2, &get), (&v2, &set), (&other, &get)]
            .map(|(service, method)| audience.contains(service, method));
        assert_eq!(found, expected, "{audience}");
    }
    assert!(Audience::any().is_any() && !audience(&["Fleet"]).is_any());
}

#[test]
fn narrower_and_wider() {
    let all = [].as_slice();
    for (inner, outer, beyond) in [
        (all, all, None),
        (&["A"], all, None),
        (&["A"], &["A", "B"], None),
        (&["A@1", "A@2.x", "B.y"], &["A", "B"], None),
        (&["A@1.x"], &["A@1"], None),
        (&["A@1.x"], &["A.x"], None),
        // An empty list is everything, never nothing.
        (all, &["A"], Some("everything")),
        (&["A", "C"], &["A", "B"], Some("C")),
        (&["A"], &["A@1"], Some("A")),
        (&["A"], &["A.x", "A.y"], Some("A")),
        (&["A@2"], &["A@1"], Some("A@2")),
        (&["A.y"], &["A.x"], Some("A.y")),
        (&["A@1.x"], &["A@1.y", "A@2.x"], Some("A@1.x")),
        (&["AA"], &["A"], Some("AA")),
        (&["a"], &["A"], Some("a")),
    ] {
        let (inner, outer) = (audience(inner), audience(outer));
        assert_eq!(inner.beyond(&outer).as_deref(), beyond, "{inner} in {outer}");
    }
}

#[test]
fn only_the_one_encoding_is_read() {
    let good = encoded(&audience(&["A@1.x", "B"]));
    assert_eq!(good, b"\x02\0\x01A\x01\0\0\0\x01\x01\0\x01x\0\x01B\0\0");
    assert_eq!(decoded(&good), Ok(audience(&["A@1.x", "B"])));
    for end in 0..good.len() {
        assert_eq!(decoded(&good[..end]), Err(InvalidLink::Short), "{end}");
    }
    for (bytes, error) in [
        (b"\x02\0\x01B\0\0\0\x01A\0\0".as_slice(), InvalidLink::Order),
        (b"\x02\0\x01A\0\0\0\x01A\0\0", InvalidLink::Order),
        (b"\x01\0\x01A\x02\0", InvalidLink::Flag),
        (b"\x01\0\x01A\0\xff", InvalidLink::Flag),
        (b"\x01\0\x01\xff\0\0", InvalidLink::Text),
        (b"\x01\0\x01A\0\x01\0\x01\x80", InvalidLink::Text),
        (b"\x01\0\0\0\0", InvalidTerms::Audience(String::new()).into()),
        (b"\x01\0\x01A\x01\0\0\0\0\0", InvalidTerms::Audience("A@0".into()).into()),
        (b"\x01\0\x01A\x01\xff\xff\xff\xff\0", InvalidTerms::Audience("A@-1".into()).into()),
        (b"\x01\0\x01A\0\x01\0\x01*", InvalidTerms::Audience("A.*".into()).into()),
    ] {
        assert_eq!(decoded(bytes), Err(error), "{bytes:?}");
    }
}
