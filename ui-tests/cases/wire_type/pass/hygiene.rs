// Expansions name nothing of the user's scope.
#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types)]

use ::aster::wire_type;
use ::std::string::String as Text;

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Vec;
struct u32;
struct usize;
struct str;
trait Default {}
trait Clone {}
trait WireValue {}
trait From {}
mod core {}
mod std {}
const TAG: () = ();
const HEAD: () = ();

#[wire_type("t/Names")]
struct Names {
    out: Text,
    input: i64,
    cx: i64,
    index: i64,
    info: Inner,
    value: ::std::option::Option<::std::boxed::Box<Names>>,
    #[wire(default = "x")]
    text: Text,
    #[wire(default)]
    list: ::std::vec::Vec<Inner>,
    ordinal: Kind,
}

#[wire_type("t/Inner")]
struct Inner {}

#[wire_type("t/Kind")]
enum Kind {
    Ok,
    Err,
    Some,
    None,
}

fn main() {}
