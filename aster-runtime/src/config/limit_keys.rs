//! The table of the limits that `[limits]` changes.

use std::time::Duration;

use super::input::{Input, Reason};
use super::source::Source;
use super::values::Values;
use crate::limits::{Limits, MAX_FRAME_BYTES};

/// The section of all of them.
pub(super) const SECTION: &str = "limits";

/// A limit: a whole number in the unit that its name ends in.
pub(super) struct LimitKey {
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    least: u64,
    most: u64,
    get: fn(&Limits) -> Option<u64>,
    set: fn(&mut Limits, u64),
}

const KIB: u64 = 1024;
const GIB: u64 = 1024 * 1024 * KIB;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Values are in range of the field, because `most` is.
fn size(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// In the order in which they are shown.
pub(super) const LIMITS: &[LimitKey] = &[
    LimitKey {
        name: "max_frame_bytes",
        variable: "ASTER_MAX_FRAME_BYTES",
        least: KIB,
        most: MAX_FRAME_BYTES as u64,
        get: |l| Some(l.max_frame_bytes as u64),
        set: |l, v| l.max_frame_bytes = size(v),
    },
    LimitKey {
        name: "max_message_bytes",
        variable: "ASTER_MAX_MESSAGE_BYTES",
        least: KIB,
        most: GIB,
        get: |l| Some(l.max_message_bytes as u64),
        set: |l, v| l.max_message_bytes = size(v),
    },
    LimitKey {
        name: "max_depth",
        variable: "ASTER_MAX_DEPTH",
        least: 1,
        most: 100,
        get: |l| Some(l.max_depth.into()),
        set: |l, v| l.max_depth = narrow(v),
    },
    LimitKey {
        name: "max_items",
        variable: "ASTER_MAX_ITEMS",
        least: 1,
        most: 100_000_000,
        get: |l| Some(l.max_items as u64),
        set: |l, v| l.max_items = size(v),
    },
    LimitKey {
        name: "max_metadata_entries",
        variable: "ASTER_MAX_METADATA_ENTRIES",
        least: 0,
        most: 1024,
        get: |l| Some(l.max_metadata_entries as u64),
        set: |l, v| l.max_metadata_entries = size(v),
    },
    LimitKey {
        name: "max_metadata_bytes",
        variable: "ASTER_MAX_METADATA_BYTES",
        least: 0,
        most: 1024 * KIB,
        get: |l| Some(l.max_metadata_bytes as u64),
        set: |l, v| l.max_metadata_bytes = size(v),
    },
    LimitKey {
        name: "max_connections",
        variable: "ASTER_MAX_CONNECTIONS",
        least: 1,
        most: 1_000_000,
        get: |l| Some(l.max_connections as u64),
        set: |l, v| l.max_connections = size(v),
    },
    LimitKey {
        name: "max_unadmitted_connections",
        variable: "ASTER_MAX_UNADMITTED_CONNECTIONS",
        least: 1,
        most: 1_000_000,
        get: |l| Some(l.max_unadmitted_connections as u64),
        set: |l, v| l.max_unadmitted_connections = size(v),
    },
    LimitKey {
        name: "max_admitted_peers",
        variable: "ASTER_MAX_ADMITTED_PEERS",
        least: 1,
        most: 10_000_000,
        get: |l| Some(l.max_admitted_peers as u64),
        set: |l, v| l.max_admitted_peers = size(v),
    },
    LimitKey {
        name: "max_concurrent_streams",
        variable: "ASTER_MAX_CONCURRENT_STREAMS",
        least: 1,
        most: 1_000_000,
        get: |l| Some(l.max_concurrent_streams.into()),
        set: |l, v| l.max_concurrent_streams = narrow(v),
    },
    LimitKey {
        name: "max_stream_items",
        variable: "ASTER_MAX_STREAM_ITEMS",
        least: 1,
        most: i64::MAX as u64,
        get: |l| l.max_stream_items,
        set: |l, v| l.max_stream_items = Some(v),
    },
    LimitKey {
        name: "max_call_duration_ms",
        variable: "ASTER_MAX_CALL_DURATION_MS",
        least: 1,
        most: 365 * DAY_MS,
        get: |l| l.max_call_duration.map(ms),
        set: |l, v| l.max_call_duration = Some(Duration::from_millis(v)),
    },
    LimitKey {
        name: "connection_memory_bytes",
        variable: "ASTER_CONNECTION_MEMORY_BYTES",
        least: 64 * KIB,
        most: 1024 * GIB,
        get: |l| Some(l.connection_memory_bytes as u64),
        set: |l, v| l.connection_memory_bytes = size(v),
    },
    LimitKey {
        name: "server_memory_bytes",
        variable: "ASTER_SERVER_MEMORY_BYTES",
        least: 64 * KIB,
        most: 1024 * GIB,
        get: |l| Some(l.server_memory_bytes as u64),
        set: |l, v| l.server_memory_bytes = size(v),
    },
    LimitKey {
        name: "header_timeout_ms",
        variable: "ASTER_HEADER_TIMEOUT_MS",
        least: 1,
        most: DAY_MS,
        get: |l| Some(ms(l.header_timeout)),
        set: |l, v| l.header_timeout = Duration::from_millis(v),
    },
    LimitKey {
        name: "hello_timeout_ms",
        variable: "ASTER_HELLO_TIMEOUT_MS",
        least: 1,
        most: DAY_MS,
        get: |l| Some(ms(l.hello_timeout)),
        set: |l, v| l.hello_timeout = Duration::from_millis(v),
    },
    LimitKey {
        name: "connect_timeout_ms",
        variable: "ASTER_CONNECT_TIMEOUT_MS",
        least: 1,
        most: DAY_MS,
        get: |l| Some(ms(l.connect_timeout)),
        set: |l, v| l.connect_timeout = Duration::from_millis(v),
    },
    LimitKey {
        name: "drain_timeout_ms",
        variable: "ASTER_DRAIN_TIMEOUT_MS",
        least: 0,
        most: DAY_MS,
        get: |l| Some(ms(l.drain_timeout)),
        set: |l, v| l.drain_timeout = Duration::from_millis(v),
    },
    LimitKey {
        name: "compress_above_bytes",
        variable: "ASTER_COMPRESS_ABOVE_BYTES",
        least: 0,
        most: GIB,
        get: |l| l.compress_above.map(|bytes| bytes as u64),
        set: |l, v| l.compress_above = Some(size(v)),
    },
];

impl LimitKey {
    /// Reads the value and puts it in force.
    pub(super) fn set(
        &self,
        values: &mut Values,
        input: &Input<'_>,
        source: Source,
    ) -> Result<(), Reason> {
        let number = input.number()?;
        if number < self.least || number > self.most {
            return Err(format!("expected {} to {}, found {number}", self.least, self.most));
        }
        (self.set)(&mut values.limits, number);
        values.limit_sources.insert(self.name, source);
        Ok(())
    }

    /// The value in force, if there is a bound, and its source.
    pub(super) fn view<'a>(&self, values: &'a Values) -> (Option<u64>, &'a Source) {
        let source = values.limit_sources.get(self.name).unwrap_or(&Source::Default);
        ((self.get)(&values.limits), source)
    }
}
