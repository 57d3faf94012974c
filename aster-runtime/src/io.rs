//! Where packets are handled.
//!
//! A server's are handled by a thread of their own: they flow whatever its
//! handlers do to the threads of the program. A client's are handled where its
//! calls are made, without a change of thread, in a program that only calls;
//! in one that serves as well, its handlers could hold them up, and they are
//! handled beside the server's.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Handle};

/// The environment variable that overrules what programs say: `thread` or
/// `program`. For measurements.
const VARIABLE: &str = "ASTER_IO";

/// Where the packets of a client or server are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PacketPlacement {
    /// Servers: [`OwnThread`](Self::OwnThread). Clients: the same if a server
    /// was bound in this process before, else [`Program`](Self::Program).
    #[default]
    Automatic,
    /// On a thread that all servers and clients of the process share. Packets
    /// flow, and connections stay alive, whatever the program does with its
    /// own threads.
    OwnThread,
    /// On the runtime that binds the server or connects the client, which has
    /// to outlive it. It saves a call that is alone two changes of thread; code
    /// that blocks a thread of that runtime can hold up the calls of others.
    Program,
}

/// The thread's runtime, started on first use and never ended. It runs tasks
/// first come, first served: a connection's driver runs after whatever else is
/// ready, and what was written meanwhile shares packets.
static OWN: Mutex<Option<Handle>> = Mutex::new(None);

impl PacketPlacement {
    /// The runtime that drives the connections of a server.
    ///
    /// # Errors
    /// The operating system's error when the thread cannot be started.
    pub(crate) fn of_server(self) -> std::io::Result<Handle> {
        match self.overruled() {
            Self::Program => Ok(Handle::current()),
            Self::OwnThread | Self::Automatic => own(),
        }
    }

    /// The same for a client.
    pub(crate) fn of_client(self) -> std::io::Result<Handle> {
        match self.overruled() {
            Self::Program => Ok(Handle::current()),
            Self::OwnThread => own(),
            Self::Automatic => match &*lock() {
                Some(own) => Ok(own.clone()),
                None => Ok(Handle::current()),
            },
        }
    }

    fn overruled(self) -> Self {
        match std::env::var(VARIABLE).as_deref() {
            Ok("thread") => Self::OwnThread,
            Ok("program") => Self::Program,
            _ => self,
        }
    }
}

fn lock() -> MutexGuard<'static, Option<Handle>> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn own() -> std::io::Result<Handle> {
    let mut own = lock();
    if let Some(handle) = &*own {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("aster-io".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    *own = Some(handle.clone());
    Ok(handle)
}
