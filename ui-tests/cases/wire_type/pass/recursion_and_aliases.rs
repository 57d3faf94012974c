// Recursive types, aliases, types inside functions.
use std::collections::BTreeMap;

use aster::codec::{DecodeLimits, Encoding, decode, encode};
use aster::wire_type;

type Children = BTreeMap<String, Vec<Node>>;
type Id = u64;

#[wire_type("t/Node")]
#[derive(Debug, PartialEq)]
struct Node {
    id: Id,
    next: Option<Box<Node>>,
    children: Children,
    other: Option<Box<Other>>,
}

#[wire_type("t/Other")]
#[derive(Debug, PartialEq)]
struct Other {
    #[wire(back_edge)]
    node: Option<Box<Node>>,
}

fn main() {
    #[wire_type("t/Local")]
    struct Local {
        node: Vec<Node>,
    }

    let leaf = |id| Node { id, next: None, children: Children::new(), other: None };
    let node = Node {
        next: Some(Box::new(leaf(2))),
        children: [("a".to_owned(), vec![leaf(3), leaf(4)])].into(),
        other: Some(Box::new(Other { node: Some(Box::new(leaf(5))) })),
        ..leaf(1)
    };
    for encoding in [Encoding::Xlang, Encoding::Json] {
        let mut out = Default::default();
        encode(encoding, &node, &mut out).unwrap();
        let back: Node = decode(encoding, &out, &DecodeLimits::default()).unwrap();
        assert_eq!(back, node);
    }
    let _ = Local { node: vec![] };
}
