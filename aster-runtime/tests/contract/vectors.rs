//! Contracts of the Python peer, declared in Rust. Written by
//! `interop/peer/make_contract_vectors.py`.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};

use aster_macros::{service, wire_type};
use aster_runtime::codec::Value;
use aster_runtime::{ServiceDescriptor, Status, Streaming};

/// Every contract, by the name of its vector.
pub const DECLARED: &[(&str, &ServiceDescriptor)] = &[
    ("unary_minimal", unary_minimal::DeclaredClient::DESCRIPTOR),
    ("scalars_all", scalars_all::DeclaredClient::DESCRIPTOR),
    ("field_order_matters_a", field_order_matters_a::DeclaredClient::DESCRIPTOR),
    ("field_order_matters_b", field_order_matters_b::DeclaredClient::DESCRIPTOR),
    ("optional_scalars", optional_scalars::DeclaredClient::DESCRIPTOR),
    ("lists", lists::DeclaredClient::DESCRIPTOR),
    ("dicts", dicts::DeclaredClient::DESCRIPTOR),
    ("untyped_containers_any", untyped_containers_any::DeclaredClient::DESCRIPTOR),
    ("non_schema_types_any", non_schema_types_any::DeclaredClient::DESCRIPTOR),
    ("enum_is_any", enum_is_any::DeclaredClient::DESCRIPTOR),
    ("nested_struct", nested_struct::DeclaredClient::DESCRIPTOR),
    ("deep_chain", deep_chain::DeclaredClient::DESCRIPTOR),
    ("same_short_name_two_packages", same_short_name_two_packages::DeclaredClient::DESCRIPTOR),
    ("shared_type_across_methods", shared_type_across_methods::DeclaredClient::DESCRIPTOR),
    ("patterns_all", patterns_all::DeclaredClient::DESCRIPTOR),
    ("idempotent", idempotent::DeclaredClient::DESCRIPTOR),
    (
        "client_stream_idempotent_timeout",
        client_stream_idempotent_timeout::DeclaredClient::DESCRIPTOR,
    ),
    ("version_42", version_42::DeclaredClient::DESCRIPTOR),
    ("session_scope", session_scope::DeclaredClient::DESCRIPTOR),
    ("modes_json", modes_json::DeclaredClient::DESCRIPTOR),
    ("modes_xlang_json", modes_xlang_json::DeclaredClient::DESCRIPTOR),
    ("modes_json_xlang", modes_json_xlang::DeclaredClient::DESCRIPTOR),
    ("requires_any_of", requires_any_of::DeclaredClient::DESCRIPTOR),
    ("rename_ignored", rename_ignored::DeclaredClient::DESCRIPTOR),
    ("mission_control_ch1", mission_control_ch1::DeclaredClient::DESCRIPTOR),
    ("mission_control_ch2", mission_control_ch2::DeclaredClient::DESCRIPTOR),
    ("mission_control_ch4", mission_control_ch4::DeclaredClient::DESCRIPTOR),
    ("mission_agent_session_ch4", mission_agent_session_ch4::DeclaredClient::DESCRIPTOR),
    ("mission_control_ch5_requires", mission_control_ch5_requires::DeclaredClient::DESCRIPTOR),
    ("homelab_tools", homelab_tools::DeclaredClient::DESCRIPTOR),
];

/// The contracts that Rust cannot declare, and why.
pub const UNDECLARABLE: &[(&str, &str)] = &[
    ("empty_service", "a service has methods"),
    ("no_wire_type_autotag", "without a namespace the Python module is hashed"),
    ("unicode_names", "tags are ASCII"),
    ("unicode_tag_nfc", "tags are ASCII"),
    ("unicode_tag_nfd", "tags are ASCII"),
    ("timeouts", "a timeout is at most a year"),
    ("version_negative", "versions start at 1"),
    ("modes_all", "modes are xlang and json"),
    ("modes_empty_list", "an empty list of modes is an error"),
    ("primitive_request_response", "requests and responses are messages"),
    ("container_request_is_zero", "requests and responses are messages"),
    ("pep563_response_is_zero", "a hash is never zero"),
    ("rec_self_optional_other_module", "recursive types are hashed by tag, not by Python path"),
    ("rec_self_containers", "recursive types are hashed by tag, not by Python path"),
    ("rec_mutual_ab", "recursive types are hashed by tag, not by Python path"),
    ("rec_diamond_cycle", "recursive types are hashed by tag, not by Python path"),
    ("rec_self_inside_mutual", "recursive types are hashed by tag, not by Python path"),
    ("rec_two_sccs", "recursive types are hashed by tag, not by Python path"),
];

/// Contracts that differ in what makes no difference.
pub const EQUAL: &[&[&str]] = &[
    &["unary_minimal", "requires_any_of", "rename_ignored"],
    &["mission_control_ch4", "mission_control_ch5_requires"],
];

pub mod unary_minimal {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod scalars_all {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub s: String,
        pub i: i64,
        pub f: f64,
        pub b: bool,
        pub y: Vec<u8>,
        pub ba: Vec<u8>,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod field_order_matters_a {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub x: i64,
        pub y: String,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod field_order_matters_b {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub y: String,
        pub x: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod optional_scalars {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub s: Option<String>,
        pub i: Option<i64>,
        pub f: Option<f64>,
        pub b: Option<bool>,
        pub y: Option<Vec<u8>>,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod lists {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub s: Vec<String>,
        pub i: Vec<i64>,
        pub f: Vec<f64>,
        pub b: Vec<bool>,
        pub y: Vec<Vec<u8>>,
        pub o: Option<Vec<i64>>,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod dicts {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub ss: HashMap<String, String>,
        pub si: HashMap<String, i64>,
        pub ib: HashMap<i64, bool>,
        pub sy: HashMap<String, Vec<u8>>,
        pub o: Option<HashMap<String, f64>>,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod untyped_containers_any {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        #[wire(any)]
        pub l: Vec<Value>,
        #[wire(any)]
        pub d: BTreeMap<String, Value>,
        #[wire(any)]
        pub s: Value,
        #[wire(any)]
        pub t: Value,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod non_schema_types_any {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        #[wire(any)]
        pub dt: Value,
        #[wire(any)]
        pub td: Value,
        #[wire(any)]
        pub de: Value,
        #[wire(any)]
        pub u: Value,
        #[wire(any)]
        pub o: Value,
        #[wire(any)]
        pub a: Value,
        #[wire(any)]
        pub un: Value,
        #[wire(any)]
        pub tp: Value,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod enum_is_any {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub c: Color,
        pub oc: Option<Color>,
        pub lc: Vec<Color>,
        pub dc: HashMap<String, Color>,
        pub ic: Level,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[wire_type("t/Color")]
    #[derive(PartialEq, Eq, Hash)]
    pub enum Color {
        One,
        Two,
    }

    #[wire_type("t/Level")]
    #[derive(PartialEq, Eq, Hash)]
    pub enum Level {
        One,
        Two,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod nested_struct {
    use super::*;

    #[wire_type("t/Leaf")]
    pub struct Leaf {
        pub x: i64,
        pub label: String,
    }

    #[wire_type("t/Req")]
    pub struct Req {
        pub leaf: Leaf,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod deep_chain {
    use super::*;

    #[wire_type("t/D")]
    pub struct D {
        pub v: i64,
    }

    #[wire_type("t/C")]
    pub struct C {
        pub d: D,
    }

    #[wire_type("t/B")]
    pub struct B {
        pub c: Vec<C>,
        pub d: Option<D>,
    }

    #[wire_type("t/Req")]
    pub struct Req {
        pub b: HashMap<String, B>,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod same_short_name_two_packages {
    use super::*;

    #[wire_type("pkg.one/Item")]
    pub struct Item {
        pub x: i64,
    }

    #[wire_type("pkg.two/Item")]
    pub struct Req {
        pub i: Item,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod shared_type_across_methods {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "b_second")]
        async fn b_second(&self, request: Req) -> Result<Resp, Status>;
        #[rpc(name = "a_first")]
        async fn a_first(&self, request: Resp) -> Result<Req, Status>;
    }
}

pub mod patterns_all {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "u")]
        async fn u(&self, request: Req) -> Result<Resp, Status>;
        #[server_stream(name = "ss")]
        async fn ss(&self, request: Req) -> Result<Streaming<Resp>, Status>;
        #[client_stream(name = "cs")]
        async fn cs(&self, request: Streaming<Req>) -> Result<Resp, Status>;
        #[bidi_stream(name = "bs")]
        async fn bs(&self, request: Streaming<Req>) -> Result<Streaming<Resp>, Status>;
    }
}

pub mod idempotent {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m", idempotent)]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod client_stream_idempotent_timeout {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[client_stream(name = "cs", timeout = 4.5, idempotent)]
        async fn cs(&self, request: Streaming<Req>) -> Result<Resp, Status>;
    }
}

pub mod version_42 {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 42)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod session_scope {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1, scope = "session")]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod modes_json {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1, serialization = ["json"])]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod modes_xlang_json {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1, serialization = ["xlang", "json"])]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod modes_json_xlang {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1, serialization = ["json", "xlang"])]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod requires_any_of {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m", requires = any_of("ops.logs","ops.admin"))]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod rename_ignored {
    use super::*;

    #[wire_type("t/Req")]
    pub struct Req {
        pub a: i64,
    }

    #[wire_type("t/Resp")]
    pub struct Resp {
        pub ok: bool,
    }

    #[service(name = "S", version = 1)]
    pub trait Declared {
        #[rpc(name = "m")]
        async fn m(&self, request: Req) -> Result<Resp, Status>;
    }
}

pub mod mission_control_ch1 {
    use super::*;

    #[wire_type("mission/StatusRequest")]
    pub struct StatusRequest {
        pub agent_id: String,
    }

    #[wire_type("mission/StatusResponse")]
    pub struct StatusResponse {
        pub agent_id: String,
        pub status: String,
        pub uptime_secs: i64,
    }

    #[service(name = "MissionControl", version = 1)]
    pub trait Declared {
        #[rpc(name = "getStatus")]
        async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status>;
    }
}

pub mod mission_control_ch2 {
    use super::*;

    #[wire_type("mission/StatusRequest")]
    pub struct StatusRequest {
        pub agent_id: String,
    }

    #[wire_type("mission/StatusResponse")]
    pub struct StatusResponse {
        pub agent_id: String,
        pub status: String,
        pub uptime_secs: i64,
    }

    #[wire_type("mission/LogEntry")]
    pub struct LogEntry {
        pub timestamp: f64,
        pub level: String,
        pub message: String,
        pub agent_id: String,
    }

    #[wire_type("mission/SubmitLogResult")]
    pub struct SubmitLogResult {
        pub accepted: bool,
    }

    #[wire_type("mission/TailRequest")]
    pub struct TailRequest {
        pub agent_id: String,
        pub level: String,
    }

    #[service(name = "MissionControl", version = 1)]
    pub trait Declared {
        #[rpc(name = "getStatus")]
        async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status>;
        #[rpc(name = "submitLog")]
        async fn submit_log(&self, request: LogEntry) -> Result<SubmitLogResult, Status>;
        #[server_stream(name = "tailLogs")]
        async fn tail_logs(&self, request: TailRequest) -> Result<Streaming<LogEntry>, Status>;
    }
}

pub mod mission_control_ch4 {
    use super::*;

    #[wire_type("mission/StatusRequest")]
    pub struct StatusRequest {
        pub agent_id: String,
    }

    #[wire_type("mission/StatusResponse")]
    pub struct StatusResponse {
        pub agent_id: String,
        pub status: String,
        pub uptime_secs: i64,
    }

    #[wire_type("mission/LogEntry")]
    pub struct LogEntry {
        pub timestamp: f64,
        pub level: String,
        pub message: String,
        pub agent_id: String,
    }

    #[wire_type("mission/SubmitLogResult")]
    pub struct SubmitLogResult {
        pub accepted: bool,
    }

    #[wire_type("mission/TailRequest")]
    pub struct TailRequest {
        pub agent_id: String,
        pub level: String,
    }

    #[wire_type("mission/MetricPoint")]
    pub struct MetricPoint {
        pub name: String,
        pub value: f64,
        pub timestamp: f64,
        #[wire(any)]
        pub tags: BTreeMap<String, Value>,
    }

    #[wire_type("mission/IngestResult")]
    pub struct IngestResult {
        pub accepted: i64,
        pub dropped: i64,
    }

    #[service(name = "MissionControl", version = 1)]
    pub trait Declared {
        #[rpc(name = "getStatus")]
        async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status>;
        #[rpc(name = "submitLog")]
        async fn submit_log(&self, request: LogEntry) -> Result<SubmitLogResult, Status>;
        #[server_stream(name = "tailLogs")]
        async fn tail_logs(&self, request: TailRequest) -> Result<Streaming<LogEntry>, Status>;
        #[client_stream(name = "ingestMetrics")]
        async fn ingest_metrics(
            &self,
            request: Streaming<MetricPoint>,
        ) -> Result<IngestResult, Status>;
    }
}

pub mod mission_agent_session_ch4 {
    use super::*;

    #[wire_type("mission/Heartbeat")]
    pub struct Heartbeat {
        pub agent_id: String,
        #[wire(any)]
        pub capabilities: Vec<Value>,
        pub load_avg: f64,
    }

    #[wire_type("mission/Assignment")]
    pub struct Assignment {
        pub task_id: String,
        pub command: String,
    }

    #[wire_type("mission/Command")]
    pub struct Command {
        pub command: String,
    }

    #[wire_type("mission/CommandResult")]
    pub struct CommandResult {
        pub stdout: String,
        pub stderr: String,
        pub exit_code: i64,
    }

    #[service(name = "AgentSession", version = 1, scope = "session")]
    pub trait Declared {
        #[rpc(name = "register")]
        async fn register(&self, request: Heartbeat) -> Result<Assignment, Status>;
        #[bidi_stream(name = "runCommand")]
        async fn run_command(
            &self,
            request: Streaming<Command>,
        ) -> Result<Streaming<CommandResult>, Status>;
    }
}

pub mod mission_control_ch5_requires {
    use super::*;

    #[wire_type("mission/StatusRequest")]
    pub struct StatusRequest {
        pub agent_id: String,
    }

    #[wire_type("mission/StatusResponse")]
    pub struct StatusResponse {
        pub agent_id: String,
        pub status: String,
        pub uptime_secs: i64,
    }

    #[wire_type("mission/LogEntry")]
    pub struct LogEntry {
        pub timestamp: f64,
        pub level: String,
        pub message: String,
        pub agent_id: String,
    }

    #[wire_type("mission/SubmitLogResult")]
    pub struct SubmitLogResult {
        pub accepted: bool,
    }

    #[wire_type("mission/TailRequest")]
    pub struct TailRequest {
        pub agent_id: String,
        pub level: String,
    }

    #[wire_type("mission/MetricPoint")]
    pub struct MetricPoint {
        pub name: String,
        pub value: f64,
        pub timestamp: f64,
        #[wire(any)]
        pub tags: BTreeMap<String, Value>,
    }

    #[wire_type("mission/IngestResult")]
    pub struct IngestResult {
        pub accepted: i64,
        pub dropped: i64,
    }

    #[service(name = "MissionControl", version = 1)]
    pub trait Declared {
        #[rpc(name = "getStatus", requires = "ops.status")]
        async fn get_status(&self, request: StatusRequest) -> Result<StatusResponse, Status>;
        #[rpc(name = "submitLog", requires = admitted)]
        async fn submit_log(&self, request: LogEntry) -> Result<SubmitLogResult, Status>;
        #[server_stream(name = "tailLogs", requires = any_of("ops.logs","ops.admin"))]
        async fn tail_logs(&self, request: TailRequest) -> Result<Streaming<LogEntry>, Status>;
        #[client_stream(name = "ingestMetrics", requires = "ops.ingest")]
        async fn ingest_metrics(
            &self,
            request: Streaming<MetricPoint>,
        ) -> Result<IngestResult, Status>;
    }
}

pub mod homelab_tools {
    use super::*;

    #[wire_type("homelab/ReadLog")]
    pub struct ReadLogRequest {
        pub unit: String,
        pub lines: i64,
    }

    #[wire_type("homelab/ReadLog/Result")]
    pub struct LogLines {
        pub lines: Vec<String>,
    }

    #[service(name = "HomelabTools", version = 1)]
    pub trait Declared {
        #[rpc(name = "read_log")]
        async fn read_log(&self, request: ReadLogRequest) -> Result<LogLines, Status>;
    }
}
