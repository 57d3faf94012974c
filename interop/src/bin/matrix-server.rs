//! Serves Matrix and MatrixSession until it is asked to end; the first line on
//! standard output is the address, alone.

use aster::AsterServer;
use aster_interop::matrix::{Matrix, MatrixSession, json_only};
use clap::Parser;

/// The Rust server of the interop matrix.
#[derive(Debug, Parser)]
struct Arguments {
    /// Announce the services with JSON alone.
    #[arg(long)]
    json_only: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let builder = AsterServer::builder().open_gate();
    let builder = if Arguments::parse().json_only {
        builder
            .service(json_only::Matrix::default())
            .session(|_| json_only::MatrixSession::default())
    } else {
        builder.service(Matrix::default()).session(|_| MatrixSession::default())
    };
    let server = builder.bind().await?;
    println!("{}", server.address());
    server.serve().await?;
    Ok(())
}
