//! `aster trust delegate`: a holder passes a chain on, narrower. The root key
//! is not needed.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::PeerId;
use aster::trust::{Chain, IdentityFile, Terms, expiry};
use clap::Args;

use super::capability_options::CapabilityOptions;
use super::facts;
use super::sign::{parse_audience, parse_time, print};
use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

/// How long a link lives when nobody says, in seconds.
const DEFAULT_LIFETIME_SECONDS: u64 = 3600;

/// Pass a chain on.
#[derive(Args, Debug)]
pub(super) struct Delegate {
    /// The chain that you hold.
    #[arg(long, value_name = "PATH")]
    chain: PathBuf,
    /// Your identity file: the key that the chain is bound to.
    #[arg(long, short, value_name = "PATH")]
    identity: PathBuf,
    /// The node that gets it: its public key, 64 hex characters.
    #[arg(long, value_name = "HEX")]
    to: PeerId,
    #[command(flatten)]
    capabilities: CapabilityOptions,
    /// What it is for: Service, Service@2, Service.method; may be repeated
    /// [default: what the chain is for].
    #[arg(long = "for", value_name = "SERVICE[.METHOD]")]
    audience: Vec<String>,
    /// The end: a lifetime (10m, 1h30m) or a time in ISO 8601 [default: 1h, or
    /// the end of the chain if that is sooner].
    #[arg(long, short, value_name = "TIME")]
    expires: Option<String>,
    /// How many further links it may get.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    delegations: u8,
    /// The file to write.
    #[arg(long, short, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Delegate {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let now = clock::now();
        let chain = Chain::load(&self.chain)?;
        let shown = self.chain.display();
        if let Some(flaw) = facts::flaw(&chain, now) {
            return Err(Failure::usage(format!("{shown} is no good chain: {flaw}")));
        }
        let held = chain.last().terms();
        if held.not_after <= now {
            let (ago, end) = (expiry::span(now - held.not_after), expiry::format(held.not_after));
            return Err(Failure::runtime(format!("{shown} expired {ago} ago ({end})"))
                .hint("ask its issuer for a new one"));
        }
        let file = IdentityFile::load(&self.identity)?;
        let holder = file
            .node()
            .ok_or_else(|| Failure::usage(format!("{} has no key", self.identity.display())))?;
        let end = match &self.expires {
            Some(text) => parse_time("--expires", text, now)?,
            None => held.not_after.min(now.saturating_add(DEFAULT_LIFETIME_SECONDS)),
        };
        let terms = Terms {
            subject: self.to,
            not_before: held.not_before.max(now),
            not_after: end,
            capabilities: match self.capabilities.set()? {
                Some(capabilities) => capabilities,
                None => held.capabilities.clone(),
            },
            audience: match self.audience.as_slice() {
                [] => held.audience.clone(),
                entries => parse_audience(entries)?,
            },
            delegations: self.delegations,
        };
        let passed_on =
            chain.delegate(holder, terms).map_err(|error| Failure::usage(error.to_string()))?;
        files::make_folder_of(&self.out)?;
        passed_on.save_new(&self.out)?;
        let facts = facts::of_chain(&passed_on, now);
        print(self.output, "Longer chain", self.out, facts::chain_id(&passed_on), end, facts)
    }
}
