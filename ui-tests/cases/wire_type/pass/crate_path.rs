// The runtime under another name.
mod facade {
    pub mod inner {
        pub use aster::*;
    }
}

#[facade::inner::wire_type("t/Request", crate = crate::facade::inner)]
struct Request {
    name: String,
    kind: Kind,
}

#[facade::inner::wire_type("t/Kind", crate = "facade::inner")]
enum Kind {
    One,
}

mod below {
    #[aster::wire_type("t/Below", crate = super::facade::inner)]
    pub(super) struct Below {
        pub(super) x: i64,
    }
}

fn main() {
    let _ = Request { name: String::new(), kind: Kind::One };
    let _ = below::Below { x: 1 };
}
