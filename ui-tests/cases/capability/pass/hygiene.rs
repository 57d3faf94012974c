// Expansions name nothing of the user's scope.
#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types)]

struct str;
struct i128;
struct Result;
struct Display;
mod core {}
mod std {}
mod aster {}
trait Capability {
    fn name(&self) {}
}
impl Capability for Role {}

#[derive(::aster::Capability)]
enum Role {
    #[capability("ops.admin")]
    Admin,
    #[capability("ops.raw")]
    r#type,
}

macro_rules! roles {
    ($name:ident { $($variant:ident = $text:literal),* }) => {
        #[derive(::aster::Capability)]
        #[capability(crate = crate::facade::inner)]
        enum $name {
            $(#[capability($text)] $variant,)*
        }
    };
}

mod facade {
    pub mod inner {
        pub use ::aster::*;
    }
}

roles!(Made { One = "one", Two = "two" });

fn main() {
    ::std::assert_eq!(::aster::Capability::name(&Made::Two), "two");
    ::std::assert_eq!(::aster::Capability::name(&Role::r#type), "ops.raw");
}
