//! What the macros accept, and what their errors look like: `cases/`.
