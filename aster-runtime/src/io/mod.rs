//! Where packets are handled.
//!
//! A server's are handled by a thread of their own: they flow whatever its
//! handlers do to the threads of the program. A client's are handled where its
//! calls are made, without a change of thread, in a program that only calls;
//! in one that serves as well, its handlers could hold them up, and they are
//! handled beside the server's.

mod home;
mod packets;
mod watch;

use packets::Packets;
pub(crate) use packets::{Beside, share_last_woken};
use tokio::runtime::Handle;
pub(crate) use watch::Relief;

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

impl PacketPlacement {
    /// The runtime that drives the connections of a server.
    ///
    /// # Errors
    /// The operating system's error when the thread cannot be started.
    pub(crate) fn of_server(self) -> std::io::Result<Handle> {
        match self.overruled() {
            Self::Program => Ok(Handle::current()),
            Self::OwnThread | Self::Automatic => Ok(Packets::start()?.handle()),
        }
    }

    /// The same for a client.
    pub(crate) fn of_client(self) -> std::io::Result<Handle> {
        match self.overruled() {
            Self::Program => Ok(Handle::current()),
            Self::OwnThread => Ok(Packets::start()?.handle()),
            Self::Automatic => Ok(Packets::running().map_or_else(Handle::current, Packets::handle)),
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
