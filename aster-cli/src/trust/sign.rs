//! `aster trust sign`: credentials and first links, signed by the root key.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::trust::{
    Audience, Chain, ConsumerCredential, Credential, CredentialId, Nonce, ProducerCredential,
    RootKey, Terms, expiry,
};
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::attribute_options::AttributeOptions;
use super::capability_options::CapabilityOptions;
use super::facts::{self, Facts};
use super::node_options::NodeOptions;
use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, Report};
use crate::signing_key::SigningKey;

/// Where a credential goes when nothing is said, as in the reference.
const CREDENTIAL_FILE: &str = ".aster/credential.json";
const CHAIN_FILE: &str = ".aster/chain.json";

/// Whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Holder {
    /// A client: --type policy (the default) or ott.
    Consumer,
    /// A server.
    Producer,
    /// A client that can pass parts of it on: `aster trust delegate`. Not for
    /// Python servers.
    Chain,
}

/// The kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Type {
    /// A client's, for any number of uses.
    Policy,
    /// A client's, for one use.
    Ott,
    /// A server's.
    Producer,
}

/// Sign a credential.
#[derive(Args, Debug)]
pub(super) struct Sign {
    /// Whom it is for [default: as --type says, else producer].
    holder: Option<Holder>,
    /// The kind of credential.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<Type>,
    #[command(flatten)]
    key: SigningKey,
    #[command(flatten)]
    node: NodeOptions,
    #[command(flatten)]
    attributes: AttributeOptions,
    #[command(flatten)]
    capabilities: CapabilityOptions,
    /// The same as --capabilities.
    #[arg(long, value_name = "NAME,...", conflicts_with = "capabilities")]
    role: Option<String>,
    /// The end: a lifetime (30d, 24h, 1h30m) or a time in ISO 8601, UTC unless
    /// it says otherwise [default: 30d].
    #[arg(long, short, value_name = "TIME")]
    expires: Option<String>,
    /// The start of a chain, written like --expires [default: now].
    #[arg(long, value_name = "TIME")]
    starts: Option<String>,
    /// What a chain is for: Service, Service@2, Service.method; may be
    /// repeated [default: everything].
    #[arg(long = "for", value_name = "SERVICE[.METHOD]")]
    audience: Vec<String>,
    /// How many further links a chain may get, 0 to 7 [default: 0].
    #[arg(long, value_name = "NUMBER")]
    delegations: Option<u8>,
    /// The file to write [default: .aster/credential.json, for a chain
    /// .aster/chain.json].
    #[arg(long, short, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Sign {
    /// A producer's credential, for `aster authorize`.
    pub(super) fn producer(
        key: SigningKey,
        node: NodeOptions,
        attributes: AttributeOptions,
        expires: Option<String>,
        out: PathBuf,
        output: Output,
    ) -> Self {
        Self {
            holder: Some(Holder::Producer),
            kind: None,
            key,
            node,
            attributes,
            capabilities: CapabilityOptions::default(),
            role: None,
            expires,
            starts: None,
            audience: Vec::new(),
            delegations: None,
            out: Some(out),
            output,
        }
    }

    pub(super) fn run(mut self) -> Result<ExitCode, Failure> {
        self.capabilities = self.capabilities.and(self.role.take());
        let now = clock::now();
        match (self.holder, self.kind) {
            (Some(Holder::Chain), None) => self.chain(now),
            (Some(Holder::Consumer), Some(kind @ (Type::Policy | Type::Ott))) => {
                self.credential(kind, now)
            }
            (Some(Holder::Consumer), None) => self.credential(Type::Policy, now),
            (Some(Holder::Producer), None | Some(Type::Producer)) => {
                self.credential(Type::Producer, now)
            }
            (None, kind) => self.credential(kind.unwrap_or(Type::Producer), now),
            (Some(_), Some(_)) => Err(Failure::usage("--type contradicts the word before it")
                .hint("a consumer's is policy or ott, a producer's is producer")),
        }
    }

    fn credential(self, kind: Type, now: u64) -> Result<ExitCode, Failure> {
        if self.starts.is_some() || !self.audience.is_empty() || self.delegations.is_some() {
            return Err(Failure::usage("--starts, --for and --delegations are for chains")
                .hint("sign one with `aster trust sign chain`"));
        }
        let node = match kind {
            Type::Producer => Some(self.node.required("producer credentials")?),
            Type::Policy | Type::Ott => self.node.optional()?,
        };
        let end = parse_end(self.expires.as_deref(), now)?;
        let mut attributes = self.attributes.parse()?;
        self.capabilities.add_to(&mut attributes, None)?;
        let root = self.key.load()?;
        let credential = sign(&root, kind, node, end, attributes);
        let path = self.out.unwrap_or_else(|| CREDENTIAL_FILE.into());
        files::make_folder_of(&path)?;
        credential.save_new(&path)?;
        let id = CredentialId::of_credential(&credential);
        let facts = facts::of_credential(&credential, now);
        print(self.output, "Signed credential", path, id, end, facts)
    }

    fn chain(self, now: u64) -> Result<ExitCode, Failure> {
        if !self.attributes.is_empty() {
            return Err(Failure::usage("a chain has no attributes")
                .hint("name what its holder may do with --capabilities"));
        }
        let subject = self.node.required("chains")?;
        let end = parse_end(self.expires.as_deref(), now)?;
        let terms = Terms {
            subject,
            not_before: match &self.starts {
                Some(text) => parse_time("--starts", text, now)?,
                None => now,
            },
            not_after: end,
            capabilities: self.capabilities.set()?.unwrap_or_default(),
            audience: parse_audience(&self.audience)?,
            delegations: self.delegations.unwrap_or(0),
        };
        let root = self.key.load()?;
        let chain =
            Chain::issue(&root, terms).map_err(|error| Failure::usage(error.to_string()))?;
        let path = self.out.unwrap_or_else(|| CHAIN_FILE.into());
        files::make_folder_of(&path)?;
        chain.save_new(&path)?;
        let facts = facts::of_chain(&chain, now);
        print(self.output, "Signed chain", path, facts::chain_id(&chain), end, facts)
    }
}

fn sign(
    root: &RootKey,
    kind: Type,
    node: Option<aster::PeerId>,
    end: u64,
    attributes: aster::trust::Attributes,
) -> Credential {
    match (kind, node) {
        (Type::Producer, Some(node)) => {
            ProducerCredential::sign(root, node, end, attributes).into()
        }
        (Type::Ott, node) => {
            let nonce = Nonce::generate();
            ConsumerCredential::sign_one_time(root, node, end, attributes, nonce).into()
        }
        (Type::Policy | Type::Producer, node) => {
            ConsumerCredential::sign_policy(root, node, end, attributes).into()
        }
    }
}

/// Tells what was signed and where it is.
pub(super) fn print(
    output: Output,
    what: &str,
    path: PathBuf,
    id: CredentialId,
    end: u64,
    mut facts: Facts,
) -> Result<ExitCode, Failure> {
    let path = path.display();
    facts.title = format!("{what} written to: {path}");
    facts.value("path", path.to_string());
    output.print(&Report {
        text: facts.text(""),
        line: format!("{path} {id} {}", clock::with_offset(end)),
        json: Value::Object(facts.json),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The end that `--expires` names.
pub(crate) fn parse_end(text: Option<&str>, now: u64) -> Result<u64, Failure> {
    match text {
        Some(text) => parse_time("--expires", text, now),
        None => Ok(now.saturating_add(expiry::DEFAULT_LIFETIME_SECONDS)),
    }
}

pub(super) fn parse_time(option: &str, text: &str, now: u64) -> Result<u64, Failure> {
    expiry::parse(text, now).map_err(|error| Failure::usage(format!("{option} {text}: {error}")))
}

pub(super) fn parse_audience(entries: &[String]) -> Result<Audience, Failure> {
    Audience::parse(entries.iter().map(String::as_str))
        .map_err(|error| Failure::usage(format!("--for: {error}")))
}
