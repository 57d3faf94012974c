//! Aster for Rust: peer-to-peer RPC between machines that prove who they are.

/// Makes a struct a message that peers in any language can read, or a unit enum
/// a field of one.
///
/// ```
/// use aster::wire_type;
///
/// /// What an agent reports.
/// #[wire_type("mission/Report", rename_all = "camelCase")]
/// #[derive(Debug, Clone, PartialEq)]
/// struct Report {
///     agent_id: String,
///     #[wire(default = "idle")]
///     status: String,
///     severity: Severity,
///     #[wire(rename = "labels", any)]
///     tags: std::collections::HashMap<String, String>,
/// }
///
/// #[wire_type("mission/Severity")]
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Severity {
///     Low,
///     #[wire(rename = "CRITICAL")]
///     High,
/// }
/// # use aster::codec::{decode, DecodeLimits, Encoding};
/// let json = br#"{"agentId":"edge-1","severity":"CRITICAL","labels":{"dc":"eu"}}"#;
/// let report: Report = decode(Encoding::Json, json, &DecodeLimits::default())?;
/// assert_eq!((report.status.as_str(), report.severity), ("idle", Severity::High));
/// # Ok::<(), aster::codec::DecodeError>(())
/// ```
///
/// The tag is `namespace/Name`, split at the last slash; both sides must use
/// the same one, and declare the same field names, types and optionality.
/// Names are sent as written in Rust (without `r#`).
///
/// | argument | meaning |
/// |---|---|
/// | `"namespace/Name"` | the tag; required |
/// | `rename_all = "camelCase"` | the style of all field or variant names |
/// | `crate = path` | where `aster` is, if not in the dependencies |
///
/// | `#[wire(...)]` on a field or variant | meaning |
/// |---|---|
/// | `rename = "name"` | the wire name |
/// | `default`, `default = expr` | what a missing JSON field becomes; without it zero, empty, none or the first variant |
/// | `any` | sent with its type information: Python's bare `list`, `dict` and `Any` |
///
/// Fields are `bool`, `i8`-`i64`, `u8`-`u64`, `f32`, `f64`, `String`, `Vec<u8>`
/// and `Bytes`, `Vec`, `VecDeque`, sets and maps of the standard library,
/// `Option`, `Box` (for recursion), other wire types, `jiff`'s `civil::Date`
/// and `Timestamp`, and [`Value`]. Python's `int` is `i64`, its `float` `f64`.
pub use aster_macros::wire_type;
pub use aster_runtime::codec::{Value, WireType, WireValue};
pub use aster_runtime::*;
