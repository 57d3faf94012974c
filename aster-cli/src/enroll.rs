//! `aster enroll node`: a node's key and a credential for it, in one file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::trust::{
    ConsumerCredential, Credential, CredentialId, IdentityFile, Nonce, ProducerCredential, expiry,
};
use aster::{Identity, PeerId};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::git_ignore;
use crate::output::{Output, Report, note};
use crate::signing_key::SigningKey;
use crate::trust::{AttributeOptions, CapabilityOptions, parse_end};

/// The file when nothing is said, as in the reference.
const IDENTITY_FILE: &str = ".aster-identity";

/// Enroll nodes.
#[derive(Args, Debug)]
pub(crate) struct Enroll {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a node's key, or take the one in the file, and sign a credential
    /// for it.
    Node(Node),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// A client.
    Consumer,
    /// A server.
    Producer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Type {
    /// For any number of uses.
    Policy,
    /// For one use.
    Ott,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Producer => "producer",
        }
    }
}

/// Enroll a node.
#[derive(Args, Debug)]
struct Node {
    /// What the node does.
    #[arg(long, short)]
    role: Role,
    /// A name for people; one credential of each name is in a file.
    #[arg(long, short)]
    name: String,
    /// The kind of a consumer's credential.
    #[arg(long = "type", short = 't', value_name = "TYPE", default_value = "policy")]
    kind: Type,
    #[command(flatten)]
    attributes: AttributeOptions,
    /// The end: a lifetime (30d, 24h, 1h30m) or a time in ISO 8601, UTC unless
    /// it says otherwise [default: 30d].
    #[arg(long, short, value_name = "TIME")]
    expires: Option<String>,
    #[command(flatten)]
    key: SigningKey,
    /// Who signs: this machine, as the reference has it; there is no other.
    #[arg(long = "signer", hide = true, value_parser = ["local"])]
    _signer: Option<String>,
    /// An identity file that is there already: its key is used, and the
    /// credential is added to it.
    #[arg(long, short, value_name = "PATH", conflicts_with = "out")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    capabilities: CapabilityOptions,
    /// The file to write; one that is there is used as with --identity
    /// [default: .aster-identity].
    #[arg(long, short, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Enroll {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let Command::Node(node) = self.command;
        node.run()
    }
}

impl Node {
    fn run(self) -> Result<ExitCode, Failure> {
        let now = clock::now();
        let end = parse_end(self.expires.as_deref(), now)?;
        let mut attributes = self.attributes.parse()?;
        // All that is signed is written as well (trust.md 13, B11).
        self.capabilities.add_to(&mut attributes, Some(self.role.as_str()))?;
        let path = self.path();
        let (mut file, origin) = self.file(&path)?;
        let is_known = file.named(&self.name).is_some();
        let node = file.node().map(Identity::peer).ok_or_else(|| no_key(&path))?;
        let root = self.key.load()?;
        let credential: Credential = match (self.role, self.kind) {
            (Role::Producer, Type::Ott) => {
                return Err(Failure::usage("one-time credentials are for consumers")
                    .hint("leave out --type"));
            }
            (Role::Producer, Type::Policy) => {
                ProducerCredential::sign(&root, node, end, attributes).into()
            }
            (Role::Consumer, Type::Policy) => {
                ConsumerCredential::sign_policy(&root, Some(node), end, attributes).into()
            }
            (Role::Consumer, Type::Ott) => {
                let nonce = Nonce::generate();
                ConsumerCredential::sign_one_time(&root, Some(node), end, attributes, nonce).into()
            }
        };
        file.add(&self.name, credential.clone())
            .map_err(|error| Failure::usage(error.to_string()))?;
        files::make_folder_of(&path)?;
        file.save(&path)?;
        git_ignore::add(&path);
        if self.output.is_for_people() {
            note(&format!("{origin} (endpoint_id={}...)", node.short()));
        }
        if is_known {
            note(&format!("It replaces the credential {:?} in the file.", self.name));
        }
        self.output.print(&self.report(&path, node, &credential, now))?;
        Ok(ExitCode::SUCCESS)
    }

    fn path(&self) -> PathBuf {
        let named = self.identity.as_ref().or(self.out.as_ref());
        named.cloned().unwrap_or_else(|| IDENTITY_FILE.into())
    }

    /// The identity file to add to, with a new key if it is new, and where
    /// the key comes from.
    fn file(&self, path: &Path) -> Result<(IdentityFile, String), Failure> {
        let generated = || "Generated new node key".to_owned();
        match IdentityFile::load(path) {
            Ok(file) if file.node().is_some() => {
                Ok((file, format!("Reusing node key from {}", path.display())))
            }
            Ok(mut file) => {
                file.set_node(Identity::generate())
                    .map_err(|error| Failure::usage(error.to_string()))?;
                Ok((file, generated()))
            }
            Err(error) if error.is_missing() && self.identity.is_some() => {
                Err(Failure::from(error).hint("to make a new node key, name the file with --out"))
            }
            Err(error) if error.is_missing() => {
                Ok((IdentityFile::new(Identity::generate()), generated()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn report(&self, path: &Path, node: PeerId, credential: &Credential, now: u64) -> Report {
        let (shown, name) = (path.display(), &self.name);
        let id = CredentialId::of_credential(credential);
        let (root, end) = (credential.root(), credential.expires_at());
        let kind = match (self.role, self.kind) {
            (Role::Producer, _) => "producer",
            (Role::Consumer, Type::Policy) => "consumer (policy)",
            (Role::Consumer, Type::Ott) => "consumer (ott: one use)",
        };
        let (purpose, usage) = match self.role {
            Role::Producer => (
                "This file lets you run a server that your root key vouches for.",
                format!("Use it: set ASTER_IDENTITY_FILE={shown} for the server."),
            ),
            Role::Consumer => (
                "This file lets a client connect to your servers, with the capabilities above.",
                format!("Use it: set ASTER_ENROLLMENT_CREDENTIAL={shown} for the client."),
            ),
        };
        let capabilities = credential.attributes().capabilities();
        let names: Vec<_> = capabilities.iter().collect();
        let text = format!(
            "\u{2713} Enrollment credential created\n\n  \
               File:         {shown}\n  \
               Peer:         {name:?}\n  \
               Role:         {kind}\n  \
               Capabilities: {}\n  \
               Endpoint ID:  {node}\n  \
               Trust root:   {root}\n  \
               Credential:   {id}\n  \
               Expires:      {}\n\n  \
               {purpose}\n  \
               {usage}\n\n  \
               Keep this file secret: it is an identity and a credential.\n  \
               Anyone with this file can act as {name:?} until {}.\n",
            names.join(", "),
            clock::end(end, now),
            expiry::format(end).split('T').next().unwrap_or_default(),
        );
        Report {
            text,
            line: format!("{shown} {node} {}", clock::with_offset(end)),
            json: json!({
                "path": shown.to_string(),
                "name": name,
                "role": self.role.as_str(),
                "type": credential.kind().as_str(),
                "id": id.to_string(),
                "endpoint_id": node.to_string(),
                "root_pubkey": root.to_string(),
                "capabilities": names,
                "expires_at": end,
                "expires": expiry::format(end),
            }),
        }
    }
}

fn no_key(path: &Path) -> Failure {
    Failure::usage(format!("{} has no key", path.display()))
}
