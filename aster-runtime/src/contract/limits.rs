//! Bounds on contracts that come from elsewhere: files and other nodes.

/// The longest manifest, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 16 * 1024 * 1024;

/// The most JSON values in one manifest, parts of parts included.
pub const MAX_MANIFEST_VALUES: usize = 1_000_000;

/// The most services in one manifest.
pub const MAX_SERVICES: usize = 256;

/// The most methods of a service.
pub const MAX_METHODS: usize = 1_000;

/// The most types of a service.
pub const MAX_TYPES: usize = 4_096;

/// The most fields of a message, and the most variants of an enum.
pub const MAX_FIELDS: usize = 1_000;

/// The longest name of a service, method, field, variant, role or mode, and
/// the longest tag, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// The longest description of one item, in bytes.
pub const MAX_DOC_BYTES: usize = 64 * 1024;

/// The most serialization modes of a service.
pub const MAX_MODES: usize = 16;

/// The most roles in one requirement.
pub const MAX_ROLES: usize = 64;

/// The longest type of a field as text, in bytes.
pub const MAX_TYPE_TEXT_BYTES: usize = 2_048;

/// How deep the type of a field nests: `list<list<i64>>` is 3.
pub const MAX_TYPE_DEPTH: usize = 32;

/// The longest timeout of a method, in seconds: thirty thousand years, which a
/// [`Duration`](std::time::Duration) can hold.
pub const MAX_TIMEOUT_SECONDS: f64 = 1e12;

/// The largest `contract.bin` of a published collection, in bytes.
pub const MAX_CONTRACT_BYTES: usize = 1024 * 1024;

/// The largest `types/<hash>.bin` of a published collection, in bytes.
pub const MAX_TYPE_BYTES: usize = 1024 * 1024;

/// The most entries of a published collection: the contract, its types, the
/// manifest, and room for what a later version adds.
pub const MAX_ENTRIES: usize = MAX_TYPES + 16;
