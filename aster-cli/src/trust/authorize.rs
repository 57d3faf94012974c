//! `aster authorize`, the older form of `aster trust sign producer`.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::PeerId;
use clap::Args;

use super::attribute_options::AttributeOptions;
use super::node_options::NodeOptions;
use super::sign::Sign;
use crate::failure::Failure;
use crate::output::Output;
use crate::signing_key::SigningKey;

/// Sign a producer's credential.
#[derive(Args, Debug)]
pub(crate) struct Authorize {
    /// The file with the root key.
    #[arg(long, value_name = "PATH")]
    root_key: PathBuf,
    /// The node: its public key, 64 hex characters.
    #[arg(long, value_name = "HEX")]
    producer_id: PeerId,
    /// A JSON object of texts, or KEY=VALUE pairs with commas between them.
    #[arg(long, value_name = "JSON|KEY=VALUE,...")]
    attributes: Option<String>,
    /// The end, as for `aster trust sign`.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// The file to write.
    #[arg(long, value_name = "PATH", default_value = "enrollment.token")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Authorize {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let key = SigningKey::in_file(self.root_key);
        let node = NodeOptions::one(self.producer_id);
        let attributes = AttributeOptions::of_text(self.attributes);
        Sign::producer(key, node, attributes, self.expires, self.out, self.output).run()
    }
}
