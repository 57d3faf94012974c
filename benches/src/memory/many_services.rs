//! Whether a call costs more when a server has many services and methods.

use std::hint::black_box;

use aster::__private0::{BoxFuture, Call, Handler, Input, Responses};
use aster::contract::ContractId;
use aster::trust::Capabilities;
use aster::{
    AsterServer, MethodDescriptor, Pattern, Requirement, Scope, SerializationMode, Service,
    ServiceDescriptor, Status, WireType,
};
use serde_json::json;

use super::{Meter, names};
use crate::message::Count;

const METHODS: usize = 50;
const CAPABILITY: &str = "bench.call";

/// The numbers of all services; the first fifty are those of the methods.
macro_rules! with_numbers {
    ($macro:ident) => {
        $macro!(
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
            33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
            62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90
            91 92 93 94 95 96 97 98 99
        )
    };
}

macro_rules! service_names {
    ($($n:literal)*) => { [$(concat!("Service", $n)),*] };
}

macro_rules! method_names {
    ($($n:literal)*) => { [$(concat!("method", $n)),*] };
}

static SERVICE_NAMES: [&str; 100] = with_numbers!(service_names);
static METHOD_NAMES: [&str; 100] = with_numbers!(method_names);

/// What the macros make of fifty methods that give back what they get.
static METHOD_DESCRIPTORS: [MethodDescriptor; METHODS] = {
    const EMPTY: MethodDescriptor = method("");
    let names: [&str; 100] = with_numbers!(method_names);
    let mut methods = [EMPTY; METHODS];
    let mut n = 0;
    while n < METHODS {
        methods[n] = method(names[n]);
        n += 1;
    }
    methods
};

const fn method(name: &'static str) -> MethodDescriptor {
    MethodDescriptor {
        name,
        pattern: Pattern::Unary,
        idempotent: false,
        timeout: None,
        requires: None,
        doc: "",
        request: Count::descriptor,
        response: Count::descriptor,
    }
}

/// The service with this number.
struct Numbered<const N: usize>;

impl<const N: usize> Service for Numbered<N> {
    const DESCRIPTOR: &'static ServiceDescriptor = &ServiceDescriptor {
        name: {
            let names: [&str; 100] = with_numbers!(service_names);
            names[N]
        },
        version: 1,
        scope: Scope::Shared,
        modes: &[SerializationMode::Xlang, SerializationMode::Json],
        requires: Some(Requirement::Role(CAPABILITY)),
        doc: "",
        methods: &METHOD_DESCRIPTORS,
        contract_id: ContractId::from_bytes([N as u8; 32]),
    };
    const HANDLERS: &'static [Handler<Self>] = &[give_back::<N> as Handler<Self>; METHODS];
}

fn give_back<'a, const N: usize>(
    _: &'a Numbered<N>,
    call: Call,
    input: Input,
    responses: Responses<'a>,
) -> BoxFuture<'a, Result<(), Status>> {
    Box::pin(async move {
        let count: Count = call.request(&input)?;
        responses.one(&count)
    })
}

macro_rules! all_services {
    ($($n:literal)*) => { AsterServer::builder()$(.service(Numbered::<$n>))* };
}

pub(super) fn run(meter: &mut Meter) {
    meter.group("Services of fifty methods in one process, every method in turn");
    let one = AsterServer::builder().service(Numbered::<0>);
    measure(meter, names::ONE_SERVICE, one, 1);
    measure(meter, names::MANY_SERVICES, with_numbers!(all_services), SERVICE_NAMES.len());
}

fn measure(meter: &mut Meter, name: &str, server: aster::AsterServerBuilder, services: usize) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    let client = {
        let _inside = runtime.enter();
        server.in_process_as(Capabilities::from_role(CAPABILITY)).expect("it starts")
    };
    let names = SERVICE_NAMES.iter().take(services);
    let proxies: Vec<_> = names.map(|name| client.proxy(name).expect("offered")).collect();
    let methods = METHOD_NAMES.iter().take(METHODS);
    // Method by method, so that neighbours in time are not neighbours in memory.
    let mut calls = methods.flat_map(|method| proxies.iter().map(move |p| (p, method))).cycle();
    meter.many(name, 1, |runs| {
        runtime.block_on(async {
            for (proxy, method) in calls.by_ref().take(runs as usize) {
                let reply = proxy.call(method, json!({ "count": 7 })).await;
                black_box(reply.expect("answered"));
            }
        });
    });
}
