//! The programs of both sides.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable with the Python peer's virtual environment; `interop/run` sets
/// it.
const PEER: &str = "PEER_VENV";

fn interop() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of this directory.
pub(crate) fn file(name: &str) -> PathBuf {
    interop().join(name)
}

/// No relay: there is no network here.
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("ASTER_RELAY_MODE", "disabled");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn in_venv(program: &str) -> Command {
    let Some(venv) = std::env::var_os(PEER) else {
        panic!("{PEER} is not set: these tests are run by interop/run");
    };
    command(Path::new(&venv).join("bin").join(program))
}

/// A program of the Python side, below `peer/`.
pub(crate) fn python(script: &str) -> Command {
    let mut command = in_venv("python");
    command.arg(interop().join("peer").join(script));
    command
}

/// A program of the Python side that uses generated clients.
pub(crate) fn generated_python(script: &str) -> Command {
    let mut command = python(script);
    command.env("PYTHONPATH", interop().join("../aster-cli/tests/generated/python"));
    command
}

/// The Rust program that is made of generated code.
pub(crate) fn generated(role: &str) -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_generated"));
    command.arg(role);
    command
}

/// The published command line.
pub(crate) fn peer_cli() -> Command {
    in_venv("aster")
}

/// The servers bind one address: with two, about a fifth of the Python
/// clients take 3 s to close, because iroh drains a second path that it has
/// not measured yet. The guide's servers bind as everybody's do.
pub(crate) fn matrix_server() -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_matrix-server"));
    command.env("ASTER_BIND_ADDR", "127.0.0.1:0");
    command
}

pub(crate) fn matrix_client() -> Command {
    command(env!("CARGO_BIN_EXE_matrix-client"))
}

/// A program of another package of this workspace, built beside this one;
/// `None` when the workspace has no such package.
pub(crate) fn workspace_program(package: &str, name: &str) -> Option<Command> {
    let root = interop().parent()?;
    if !root.join(package).join("Cargo.toml").exists() {
        return None;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_matrix-server")).with_file_name(name);
    assert!(
        program.exists(),
        "{} is not built: these tests are run by interop/run",
        program.display()
    );
    Some(command(program))
}
