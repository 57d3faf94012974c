//! Messages that hold each other.

use std::collections::{BTreeMap, HashMap};

use aster_macros::{service, wire_type};
use aster_runtime::codec::{TypeDescriptor, WireType};
use aster_runtime::contract::Contract;
use aster_runtime::{ServiceDescriptor, Status};

/// A blog whose messages are in a circle, with what is given added to them.
macro_rules! blog {
    ($module:ident { $($author:tt)* } { $($post:tt)* } { $($comment:tt)* }) => {
        mod $module {
            use super::*;

            #[wire_type("blog/Author")]
            pub struct Author {
                pub name: String,
                pub posts: Vec<Post>,
                $($author)*
            }

            #[wire_type("blog/Post")]
            pub struct Post {
                #[wire(back_edge)]
                pub author: Option<Box<Author>>,
                pub comments: Vec<Comment>,
                $($post)*
            }

            #[wire_type("blog/Comment")]
            pub struct Comment {
                pub answers: Vec<Self>,
                pub by_key: HashMap<String, Comment>,
                pub deep: Vec<Vec<Comment>>,
                #[wire(back_edge)]
                pub post: Option<Box<Post>>,
                $($comment)*
            }

            #[service(name = "Blog")]
            pub trait Blog {
                #[rpc]
                async fn author(&self, request: Author) -> Result<Author, Status>;
            }
        }
    };
}

blog!(plain {} {} {});
blog!(again {} {} {});
blog!(author { pub age: i64, } {} {});
blog!(post {} { pub title: String, } {});
blog!(comment {} {} { pub text: String, });

#[test]
fn a_change_anywhere_in_a_circle_changes_the_contract() {
    let plain = plain::BlogClient::CONTRACT_ID;
    assert_eq!(plain, again::BlogClient::CONTRACT_ID);
    let changed = [
        author::BlogClient::CONTRACT_ID,
        post::BlogClient::CONTRACT_ID,
        comment::BlogClient::CONTRACT_ID,
    ];
    for (i, id) in changed.iter().enumerate() {
        assert_ne!(*id, plain, "variant {i}");
        assert!(!changed[..i].contains(id), "variant {i}");
    }
}

#[test]
fn described_circles_have_the_ids_of_the_compiler() {
    Contract::of(plain::BlogClient::DESCRIPTOR).verify().unwrap();
    Contract::of(comment::BlogClient::DESCRIPTOR).verify().unwrap();
}

#[test]
fn descriptors_say_which_fields_close_a_circle() {
    let flags = |fields: &[aster_runtime::codec::FieldDescriptor]| -> BTreeMap<_, _> {
        fields.iter().map(|field| (field.name, field.back_edge)).collect()
    };
    let author = flags(plain::Author::FIELDS);
    assert_eq!(author, BTreeMap::from([("name", false), ("posts", false)]));
    let post = flags(plain::Post::FIELDS);
    assert_eq!(post, BTreeMap::from([("author", true), ("comments", false)]));
    let comment = flags(plain::Comment::FIELDS);
    let expected = [("answers", true), ("by_key", true), ("deep", false), ("post", true)];
    assert_eq!(comment, BTreeMap::from(expected));
}

/// The canonical bytes of a message of `service`.
fn canonical(service: &'static ServiceDescriptor, message: &TypeDescriptor) -> Vec<u8> {
    let types = Contract::of(service).canonical().unwrap().types;
    types.into_iter().find(|ty| ty.hash == message.hash).unwrap().bytes
}

#[test]
fn a_back_edge_is_in_the_bytes_by_its_tag() {
    let bytes = canonical(plain::BlogClient::DESCRIPTOR, plain::Comment::descriptor());
    let count = |text: &[u8]| bytes.windows(text.len()).filter(|part| *part == text).count();
    // Twice in `answers` and `by_key`; `deep` is opaque.
    assert_eq!(count(b"\x02\x02\x00\x32blog/Comment"), 2);
    assert_eq!(count(b"\x02\x02\x00\x26blog/Post"), 1);
}

// A circle that goes through a container inside a container is none: what is in
// there is not part of the contract.
#[wire_type("blog/Opaque")]
struct Opaque {
    links: Vec<Option<Link>>,
}

#[wire_type("blog/Link")]
struct Link {
    to: Opaque,
    #[wire(any)]
    origin: Vec<Opaque>,
}

#[service]
trait Links {
    #[rpc]
    async fn follow(&self, request: Link) -> Result<Opaque, Status>;
}

#[test]
fn opaque_fields_close_no_circle() {
    assert!(!Link::FIELDS[0].back_edge);
    assert!(!Opaque::FIELDS[0].back_edge);
    let hash = Opaque::descriptor().hash;
    let link = canonical(LinksClient::DESCRIPTOR, Link::descriptor());
    assert!(link.windows(32).any(|part| part == hash));
    let _ = |link: Link, opaque: Opaque| (link.to, link.origin, opaque.links);
}
