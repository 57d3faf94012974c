//! Tests on a terminal: they type keys into a program and read its screen.
//!
//! ```no_run
//! use std::process::Command;
//! use terminal_tests::{Key, Terminal};
//!
//! let mut terminal = Terminal::start(Command::new("sh"), 24, 80);
//! terminal.wait_for("$");
//! terminal.type_text("echo $((1 + 1))");
//! terminal.key(Key::Enter);
//! terminal.wait_for("\n2\n");
//! terminal.key(Key::CtrlD);
//! assert!(terminal.finish().success());
//! ```
//!
//! Nothing here is timed: tests wait for what they expect, and [`LIMIT`] only
//! ends those that wait in vain.

mod emulator;
mod key;
mod server;
mod terminal;

use std::time::Duration;

pub use key::Key;
pub use portable_pty::ExitStatus;
pub use server::{Server, program};
pub use terminal::Terminal;

/// Longest wait for a screen, an address or an end.
pub const LIMIT: Duration = Duration::from_secs(30);
