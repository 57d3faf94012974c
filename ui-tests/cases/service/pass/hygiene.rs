// Expansions name nothing of the user's scope.
#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types)]

use ::aster::{service, wire_type};

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Vec;
struct Box;
struct Send;
struct Sync;
struct Future;
struct Stream;
struct Status;
struct Service;
struct Clone;
struct Debug;
struct From;
struct Into;

mod core {}
mod std {}
mod aster {}

/// Type parameters of generated code have other names.
#[wire_type("ui/T")]
pub struct T {}

#[wire_type("ui/S")]
pub struct S {}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc]
    async fn unary(&self, service: T) -> ::core::result::Result<S, ::aster::Status> {
        let T {} = service;
        ::core::result::Result::Ok(S {})
    }

    #[server_stream]
    async fn down(
        &self,
        call: T,
        input: &::aster::CallContext,
    ) -> ::core::result::Result<::aster::Streaming<S>, ::aster::Status> {
        let _ = (call, input);
        ::core::result::Result::Err(::aster::Status::unimplemented("later"))
    }

    #[client_stream]
    async fn up(&self, responses: ::aster::Streaming<S>) -> ::core::result::Result<T, ::aster::Status> {
        let _ = responses;
        ::core::result::Result::Ok(T {})
    }

    #[bidi_stream]
    async fn both(
        &self,
        request: ::aster::Streaming<S>,
    ) -> ::core::result::Result<::aster::Streaming<S>, ::aster::Status> {
        ::core::result::Result::Ok(request)
    }
}

#[service(scope = "session")]
pub trait Api {
    #[rpc]
    async fn unary(&self, service: T) -> ::core::result::Result<S, ::aster::Status>;

    #[client_stream]
    async fn up(&self, responses: ::aster::Streaming<S>) -> ::core::result::Result<T, ::aster::Status> {
        let _ = responses;
        ::core::result::Result::Ok(T {})
    }
}

fn main() {}
