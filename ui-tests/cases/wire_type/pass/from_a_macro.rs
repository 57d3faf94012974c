// Types that another macro declares.
use aster::{WireType, wire_type};

macro_rules! message {
    ($tag:literal $name:ident { $($field:ident: $ty:ty = $default:expr),* $(,)? }) => {
        #[wire_type($tag)]
        #[derive(Debug, PartialEq)]
        pub struct $name {
            $(#[wire(default = $default)] $field: $ty,)*
        }
    };
}

message!("t/Made" Made { name: String = "x", count: i64 = 1 + 1, list: Vec<i64> = vec![1] });

fn main() {
    use aster::codec::{DecodeLimits, Encoding, decode};
    let made: Made = decode(Encoding::Json, b"{}", &DecodeLimits::default()).unwrap();
    assert_eq!(made, Made { name: "x".into(), count: 2, list: vec![1] });
    assert_eq!(Made::TAG, "t/Made");
}
