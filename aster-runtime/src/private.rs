//! What generated code names. The number in this module's name is the patch
//! version, so that macros and runtime of different releases do not link.

pub use crate::codec;
pub use crate::codec::generated;
pub use crate::contract::ContractId;
pub use crate::contract::generated as identity;
pub use bytes;
pub use futures;
pub use serde;
pub use serde_json;

pub use crate::capability::{Capability, name_in, names_of};
pub use crate::client::{
    AsterClient, BidiCall, ClientStreamCall, ContractCheck, ServerStreamCall, Target, UnaryCall,
};
pub use crate::dispatch::{Call, Handler, Input, Responses, Service};
pub use crate::service::{
    MethodDescriptor, Pattern, Requirement, Scope, SerializationMode, ServiceDescriptor,
};
pub use crate::status::Status;
pub use futures::Stream;
pub use futures::future::BoxFuture;
