//! Every bound on what a peer can make this process hold or wait for.
//!
//! The constants are the defaults; [`Limits`] carries the values in force.

use std::time::Duration;

/// Largest value of a frame's length field: one flag byte plus the payload,
/// in bytes. Peers of the reference implementation refuse anything larger.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;

/// Largest message after decompression, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 16 * 1024 * 1024;

/// Most metadata entries in one call.
pub const MAX_METADATA_ENTRIES: usize = 64;

/// Longest metadata key, in bytes.
pub const MAX_METADATA_KEY_BYTES: usize = 256;

/// Longest metadata value, in bytes.
pub const MAX_METADATA_VALUE_BYTES: usize = 4096;

/// Most metadata bytes in one call, keys and values together.
pub const MAX_METADATA_BYTES: usize = 8192;

/// Longest service or method name accepted from the wire, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Longest call or session id accepted from the wire, in bytes.
pub const MAX_ID_BYTES: usize = 256;

/// Longest status message kept, in bytes; the rest is cut at a character.
pub const MAX_STATUS_MESSAGE_BYTES: usize = 4096;

/// Most status details kept.
pub const MAX_STATUS_DETAILS: usize = 32;

/// Largest admission request or response, in bytes.
pub const MAX_HELLO_BYTES: usize = 65_536;

/// Most services a client keeps from an admission response.
pub const MAX_HELLO_SERVICES: usize = 10_000;

/// Most bytes of a contract that is fetched, its parts together. Their number
/// is bounded by [`crate::contract::MAX_ENTRIES`].
pub const MAX_FETCHED_BYTES: usize = 16 * 1024 * 1024;

/// Most bytes read of a server's list of contracts.
pub const MAX_DOCUMENT_BYTES: usize = 1024 * 1024;

/// Most bytes of a message that asks for that list.
pub const MAX_DOCUMENT_REQUEST_BYTES: usize = 64 * 1024;

/// How long fetching a contract may take, connections included.
pub const CONTRACT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a new stream may take to deliver its header and, for patterns with
/// one request, that request.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the admission exchange may take from connection to response.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// How long connecting to a peer may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Concurrent streams (calls and sessions) of one connection.
pub const MAX_CONCURRENT_STREAMS: u32 = 1024;

/// Connections a server holds at once.
pub const MAX_CONNECTIONS: usize = 10_000;

/// Connections a server holds of peers that have not passed its gate yet.
/// Within [`MAX_CONNECTIONS`], so that strangers cannot take all of them.
pub const MAX_UNADMITTED_CONNECTIONS: usize = 1024;

/// Peers that are admitted at once, connected or not.
pub const MAX_ADMITTED_PEERS: usize = 16_384;

/// How often admissions are looked over for what has expired, and revocation
/// lists for changes. What ends, ends within this and [`ENDING_GRACE`].
pub const ADMISSION_INTERVAL: Duration = Duration::from_millis(200);

/// How long calls whose caller is not admitted any more have to deliver their
/// last status, before the connection is closed.
pub const ENDING_GRACE: Duration = Duration::from_millis(250);

/// Bytes one connection may have in flight towards us before flow control
/// holds the peer back.
pub const CONNECTION_WINDOW_BYTES: u32 = 16 * 1024 * 1024;

/// Bytes one stream may have in flight towards us. Larger values make the QUIC
/// implementation close connections under packet loss, because it bounds the
/// gaps in a stream's reassembly buffer.
pub const STREAM_WINDOW_BYTES: u32 = 2 * 1024 * 1024;

/// Bytes that the large messages of one connection may take together while
/// they arrive and while their handlers run.
pub const CONNECTION_MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// The same for all connections of a server together.
pub const SERVER_MEMORY_BYTES: usize = 1024 * 1024 * 1024;

/// Messages up to this size do not count against the two bounds above: their
/// number is bounded by the streams.
pub const SMALL_MESSAGE_BYTES: usize = 64 * 1024;

/// Calls of a session that may wait behind the running one.
pub const SESSION_PIPELINE: usize = 16;

/// Request items of a session call that may wait for its handler.
pub const SESSION_ITEM_QUEUE: usize = 64;

/// How long a client waits for a session to acknowledge a cancelled call
/// before it gives the session up.
pub const CANCEL_DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a shutting-down server lets running calls finish.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Response bytes collected before they are written to the stream.
pub const COALESCE_BYTES: usize = 16 * 1024;

/// A handler that is done within this time when it is first polled is quick.
/// Quick handlers run beside the packets of their connection.
pub const QUICK_RUN: Duration = Duration::from_micros(50);

/// How long a handler runs beside packets before another thread takes the
/// packets over, at least; at most, twice as long.
pub const HELD_UP: Duration = Duration::from_millis(4);

/// A handler whose first poll now and then takes this long is not taken for a
/// quick one.
pub const LONG_RUN: Duration = Duration::from_millis(1);

/// A handler whose first poll has once taken this long is never again taken
/// for a quick one.
pub const BLOCKING_RUN: Duration = Duration::from_millis(50);

/// Headers and requests above this size are never read beside packets, in
/// bytes.
pub const QUICK_REQUEST_BYTES: usize = 16 * 1024;

/// Calls that are sent, or taken, before what was written leaves: enough to share packets well, and few enough that the other side
/// does not stand idle meanwhile.
pub const CALLS_AT_ONCE: usize = 32;

/// Most links of a delegated credential: the root's and seven delegations.
pub const MAX_CHAIN_LINKS: usize = 8;

/// Largest encoding of one link, in bytes.
pub const MAX_LINK_BYTES: usize = 4096;

/// Longest text of a delegated credential, in bytes. It fits into an admission
/// request.
pub const MAX_CHAIN_BYTES: usize = 48 * 1024;

/// Most capabilities of one link.
pub const MAX_CAPABILITIES: usize = 64;

/// Longest capability of a link, in bytes.
pub const MAX_CAPABILITY_BYTES: usize = 128;

/// Most audience entries of one link.
pub const MAX_AUDIENCE_ENTRIES: usize = 64;

/// Most revoked credentials and keys of one root key together.
pub const MAX_REVOCATIONS: usize = 16_384;

/// Longest text of a revocation list, in bytes.
pub const MAX_REVOCATION_LIST_BYTES: usize = 2 * 1024 * 1024;

/// The bounds in force for one server or client. Start from
/// [`Limits::default`] and change single fields.
///
/// ```
/// use std::time::Duration;
/// let limits = aster_runtime::Limits {
///     max_message_bytes: 1024 * 1024,
///     max_call_duration: Some(Duration::from_secs(60)),
///     ..Default::default()
/// };
/// assert_eq!(limits.max_metadata_entries, 64);
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    /// See [`MAX_FRAME_BYTES`]; larger values are clamped to it.
    pub max_frame_bytes: usize,
    /// See [`MAX_MESSAGE_BYTES`].
    pub max_message_bytes: usize,
    /// See [`MAX_METADATA_ENTRIES`].
    pub max_metadata_entries: usize,
    /// See [`MAX_METADATA_KEY_BYTES`].
    pub max_metadata_key_bytes: usize,
    /// See [`MAX_METADATA_VALUE_BYTES`].
    pub max_metadata_value_bytes: usize,
    /// See [`MAX_METADATA_BYTES`].
    pub max_metadata_bytes: usize,
    /// Nesting depth of a decoded message; see [`crate::codec::DecodeLimits`].
    pub max_depth: u32,
    /// Items of all collections of one decoded message together.
    pub max_items: usize,
    /// See [`HEADER_TIMEOUT`].
    pub header_timeout: Duration,
    /// See [`HELLO_TIMEOUT`].
    pub hello_timeout: Duration,
    /// See [`CONNECT_TIMEOUT`].
    pub connect_timeout: Duration,
    /// See [`CONTRACT_TIMEOUT`].
    pub contract_timeout: Duration,
    /// See [`MAX_FETCHED_BYTES`].
    pub max_contract_bytes: usize,
    /// See [`MAX_CONCURRENT_STREAMS`].
    pub max_concurrent_streams: u32,
    /// See [`MAX_CONNECTIONS`].
    pub max_connections: usize,
    /// See [`MAX_UNADMITTED_CONNECTIONS`].
    pub max_unadmitted_connections: usize,
    /// See [`MAX_ADMITTED_PEERS`].
    pub max_admitted_peers: usize,
    /// See [`CONNECTION_WINDOW_BYTES`].
    pub connection_window_bytes: u32,
    /// See [`STREAM_WINDOW_BYTES`]; larger values are clamped to it.
    pub stream_window_bytes: u32,
    /// See [`CONNECTION_MEMORY_BYTES`].
    pub connection_memory_bytes: usize,
    /// See [`SERVER_MEMORY_BYTES`].
    pub server_memory_bytes: usize,
    /// Longest a handler may run, streams included. `None`, the default, means
    /// as long as the caller's deadline allows.
    pub max_call_duration: Option<Duration>,
    /// Most request items of one client stream or bidi call. `None`, the
    /// default, means any number: items reach the handler one by one.
    pub max_stream_items: Option<u64>,
    /// See [`SESSION_PIPELINE`].
    pub session_pipeline: usize,
    /// See [`SESSION_ITEM_QUEUE`].
    pub session_item_queue: usize,
    /// See [`CANCEL_DRAIN_TIMEOUT`].
    pub cancel_drain_timeout: Duration,
    /// See [`DRAIN_TIMEOUT`].
    pub drain_timeout: Duration,
    /// Run handlers that have been quick so far (see [`QUICK_RUN`]) beside the
    /// packets of their connection, which saves their calls two changes of
    /// thread. On by default: one that blocks all the same holds up others for
    /// [`HELD_UP`], until another thread takes the packets over, and does not
    /// run there again. `false`: all handlers run on the program's runtime.
    pub handlers_beside_packets: bool,
    /// Compress XLANG messages larger than this many bytes with zstd. `None`,
    /// the default, never compresses what is sent; what arrives compressed is
    /// always read.
    pub compress_above: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frame_bytes: MAX_FRAME_BYTES,
            max_message_bytes: MAX_MESSAGE_BYTES,
            max_metadata_entries: MAX_METADATA_ENTRIES,
            max_metadata_key_bytes: MAX_METADATA_KEY_BYTES,
            max_metadata_value_bytes: MAX_METADATA_VALUE_BYTES,
            max_metadata_bytes: MAX_METADATA_BYTES,
            max_depth: 50,
            max_items: 1_000_000,
            header_timeout: HEADER_TIMEOUT,
            hello_timeout: HELLO_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            contract_timeout: CONTRACT_TIMEOUT,
            max_contract_bytes: MAX_FETCHED_BYTES,
            max_concurrent_streams: MAX_CONCURRENT_STREAMS,
            max_connections: MAX_CONNECTIONS,
            max_unadmitted_connections: MAX_UNADMITTED_CONNECTIONS,
            max_admitted_peers: MAX_ADMITTED_PEERS,
            connection_window_bytes: CONNECTION_WINDOW_BYTES,
            stream_window_bytes: STREAM_WINDOW_BYTES,
            connection_memory_bytes: CONNECTION_MEMORY_BYTES,
            server_memory_bytes: SERVER_MEMORY_BYTES,
            max_call_duration: None,
            max_stream_items: None,
            session_pipeline: SESSION_PIPELINE,
            session_item_queue: SESSION_ITEM_QUEUE,
            cancel_drain_timeout: CANCEL_DRAIN_TIMEOUT,
            drain_timeout: DRAIN_TIMEOUT,
            handlers_beside_packets: true,
            compress_above: None,
        }
    }
}
