//! Where packets are handled.
//!
//! QUIC connections are driven by a thread of their own, with a runtime that
//! runs tasks first come, first served. On a multi-threaded runtime every
//! write wakes its connection's driver at once and leaves in a packet of its
//! own; here the driver runs after whatever else is ready, and calls share
//! packets. It also keeps the connection alive while handlers block.

use std::sync::Mutex;

use tokio::runtime::{Builder, Handle};

pub(crate) fn runtime(gate: bool) -> std::io::Result<Handle> {
    static IO: Mutex<Option<Handle>> = Mutex::new(None);
    let var = if gate { "ASTER_IO" } else { "ASTER_CIO" };
    let val = std::env::var(var).unwrap_or_else(|_| (if gate {"mt1"} else {"current"}).into());
    if val == "current" {
        return Ok(Handle::current());
    }
    let mut io = IO.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(handle) = &*io {
        return Ok(handle.clone());
    }
    let handle = if val == "ct" {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("aster-io".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    handle } else {
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("aster-io").enable_all().build()?;
    let handle = runtime.handle().clone();
    std::mem::forget(runtime);
    handle
    };
    *io = Some(handle.clone());
    Ok(handle)
}
