//! Where packets are handled.
//!
//! QUIC connections are driven by a thread of their own, with a runtime that
//! runs tasks first come, first served. On a multi-threaded runtime every
//! write wakes its connection's driver at once and leaves in a packet of its
//! own; here the driver runs after whatever else is ready, and calls share
//! packets. It also keeps the connection alive while handlers block.

use std::sync::Mutex;

use tokio::runtime::{Builder, Handle};

/// The environment variable that, set to `current`, leaves packet handling to
/// the runtime that binds the endpoint. For measurements.
const PLACEMENT_VARIABLE: &str = "ASTER_IO";

/// The runtime that drives connections: the process's I/O thread, started on
/// first use and never ended.
///
/// # Errors
/// The operating system's error when the thread cannot be started.
pub(crate) fn runtime() -> std::io::Result<Handle> {
    static IO: Mutex<Option<Handle>> = Mutex::new(None);
    if std::env::var_os(PLACEMENT_VARIABLE).is_some_and(|value| value == "current") {
        return Ok(Handle::current());
    }
    let mut io = IO.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(handle) = &*io {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("aster-io".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    *io = Some(handle.clone());
    Ok(handle)
}
