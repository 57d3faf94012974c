// Every mistake is reported at once, and uses of the type add none.
use aster::codec::{DecodeLimits, Encoding, decode, encode};
use aster::wire_type;

#[wire_type("", rename_all = "camel", colour = 1)]
struct Report {
    #[wire(rename = "b")]
    a: &'static str,
    b: Option<Option<i64>>,
    #[wire(defualt)]
    c: i64,
}

fn main() {
    let mut out = Default::default();
    let report = Report { a: "", b: None, c: 1 };
    let _ = encode(Encoding::Xlang, &report, &mut out);
    let _ = decode::<Report>(Encoding::Xlang, &out, &DecodeLimits::default());
}
