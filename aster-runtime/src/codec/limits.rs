//! Bounds on what one payload may ask of the decoder.

/// How deep and how large a decoded value may be.
///
/// The limits bound work and memory before any element is read, so that a
/// short hostile payload cannot cost more than a long honest one.
///
/// ```
/// use aster_runtime::codec::DecodeLimits;
///
/// let limits = DecodeLimits { max_items: 10_000, ..DecodeLimits::default() };
/// assert_eq!(limits.max_depth, DecodeLimits::MAX_DEPTH);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Nesting levels of structs, lists, sets and maps; the root is level 1.
    pub max_depth: u32,
    /// Elements and entries of all lists, sets and maps of one payload together.
    pub max_items: usize,
}

impl DecodeLimits {
    /// The default nesting depth, the one the Python peer also enforces.
    pub const MAX_DEPTH: u32 = 50;
    /// The default number of elements per payload.
    pub const MAX_ITEMS: usize = 1_000_000;
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self { max_depth: Self::MAX_DEPTH, max_items: Self::MAX_ITEMS }
    }
}
