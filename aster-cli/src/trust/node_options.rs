//! `--endpoint-id` and `--unbound`: whom a credential is for.

use aster::PeerId;
use clap::Args;

use crate::failure::Failure;

/// The node of a credential.
#[derive(Args, Clone, Debug)]
pub(super) struct NodeOptions {
    /// The node that may use it: its public key, 64 hex characters.
    #[arg(long, value_name = "HEX")]
    endpoint_id: Option<PeerId>,
    /// Bind it to no node: whoever holds it can use it. Servers refuse such
    /// credentials unless they are told to take them.
    #[arg(long, conflicts_with = "endpoint_id")]
    unbound: bool,
}

impl NodeOptions {
    /// One node.
    pub(super) fn one(node: PeerId) -> Self {
        Self { endpoint_id: Some(node), unbound: false }
    }

    /// The node, for kinds of credentials that always have one.
    pub(super) fn required(&self, what: &str) -> Result<PeerId, Failure> {
        self.endpoint_id.ok_or_else(|| {
            Failure::usage(format!("--endpoint-id is required for {what}"))
                .hint("`aster trust keygen node` makes a node's key and prints its endpoint id")
        })
    }

    /// The node, or nobody if that was asked for.
    pub(super) fn optional(&self) -> Result<Option<PeerId>, Failure> {
        if self.endpoint_id.is_none() && !self.unbound {
            return Err(Failure::usage("the credential names no node; give its --endpoint-id")
                .hint(
                    "--unbound signs a credential that is good for whoever holds it; servers \
                     refuse it unless they set allow_unbound_credentials",
                ));
        }
        Ok(self.endpoint_id)
    }
}
