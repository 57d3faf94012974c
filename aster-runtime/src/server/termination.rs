//! The signals that ask a process to end.

use std::io;

/// Listens for Ctrl+C and, on Unix, SIGTERM, from the moment it is made.
///
/// ```no_run
/// # async fn example(server: aster_runtime::AsterServer) -> std::io::Result<()> {
/// let termination = aster_runtime::Termination::listen()?;
/// println!("{}", server.address());
/// server.serve_until(termination.wait()).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "signals are listened for while it lives"]
pub struct Termination {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Termination {
    /// Starts listening. From here on the system's default action, ending the
    /// process, does not happen any more.
    ///
    /// # Errors
    /// The operating system's error when handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(windows)]
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Resolves when the process is asked to end.
    pub async fn wait(mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        let _ = self.interrupt.recv().await;
    }
}
