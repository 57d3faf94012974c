//! `aster trust keygen`: new keys, never in place of others.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::Identity;
use aster::trust::{IdentityFile, RootKey, RootPublicKey, TrustFile};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::failure::Failure;
use crate::files;
use crate::git_ignore;
use crate::output::{Output, Report};
use crate::profile::{self, ProfileName, Profiles};

/// Make a key. Without a kind: a root key.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Keygen {
    #[command(subcommand)]
    kind: Option<Kind>,
    #[command(flatten)]
    root: Root,
}

#[derive(Subcommand, Debug)]
enum Kind {
    /// A root key: who holds it decides who comes in.
    Root(Root),
    /// The public half of a root key, in a file for servers.
    Pubkey(PublicHalf),
    /// A node's key: what a node is known by, before it has a credential.
    Node(Node),
}

/// `aster keygen ...`, the older form.
#[derive(Args, Debug)]
pub(crate) struct KeygenAlias {
    #[command(subcommand)]
    kind: AliasKind,
}

#[derive(Subcommand, Debug)]
enum AliasKind {
    /// As `aster trust keygen root`.
    Root(Root),
    /// As `aster trust keygen node`.
    Producer(Node),
}

/// Make a root key.
#[derive(Args, Debug)]
struct Root {
    /// The file to write [default: ~/.aster/root.key]; the public half goes
    /// beside it, into a file that ends in .pub.
    #[arg(long = "out-key", visible_alias = "out", value_name = "PATH")]
    out: Option<PathBuf>,
    /// Keep the key with this profile instead: in the keyring of the system.
    #[arg(long, short, value_name = "NAME", conflicts_with = "out")]
    profile: Option<ProfileName>,
    #[command(flatten)]
    output: Output,
}

/// Write a public half.
#[derive(Args, Debug)]
struct PublicHalf {
    /// The file with the root key.
    #[arg(long = "in", value_name = "PATH", required_unless_present = "profile")]
    input: Option<PathBuf>,
    /// The profile whose public half to write.
    #[arg(long, short, value_name = "NAME", conflicts_with = "input")]
    profile: Option<ProfileName>,
    /// The file to write.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Make a node's key.
#[derive(Args, Debug)]
struct Node {
    /// The identity file to write.
    #[arg(long, value_name = "PATH", default_value = ".aster-identity")]
    out: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Keygen {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.kind {
            None => self.root.run(),
            Some(Kind::Root(root)) => root.run(),
            Some(Kind::Pubkey(half)) => half.run(),
            Some(Kind::Node(node)) => node.run(),
        }
    }
}

impl KeygenAlias {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.kind {
            AliasKind::Root(root) => root.run(),
            AliasKind::Producer(node) => node.run(),
        }
    }
}

impl Root {
    fn run(self) -> Result<ExitCode, Failure> {
        if let Some(name) = &self.profile {
            return profile::give_key(name, self.output);
        }
        let path = match self.out {
            Some(path) => path,
            None => files::aster_folder()?.join("root.key"),
        };
        files::make_folder_of(&path)?;
        let key = RootKey::generate();
        let public_path = key.save_new(&path)?;
        git_ignore::add(&path);
        let public = key.public_key();
        let (shown, public_shown) = (path.display(), public_path.display());
        self.output.print(&Report {
            text: format!(
                "Root private key written to: {shown}\n\
                 Root public key written to:  {public_shown}\n  \
                   Public key:  {public}\n\
                 Keep {} secret. Share {} with nodes that need to verify credentials.\n",
                name(&path),
                name(&public_path),
            ),
            line: format!("{shown} {public}"),
            json: json!({
                "root_key": shown.to_string(),
                "root_pub": public_shown.to_string(),
                "root_pubkey": public.to_string(),
            }),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl PublicHalf {
    fn run(self) -> Result<ExitCode, Failure> {
        let Self { input, profile, out, output } = self;
        let public = match (input, profile) {
            (Some(path), _) => public_half(&path)?,
            (None, Some(name)) => Profiles::load()?
                .require(&name)?
                .root_pubkey()?
                .ok_or_else(|| Failure::usage(format!("the profile {name} has no root key")))?,
            (None, None) => return Err(Failure::usage("name a root key with --in")),
        };
        files::make_folder_of(&out)?;
        public.save_new(&out)?;
        let shown = out.display();
        output.print(&Report {
            text: format!("Root public key written to: {shown}\n  Public key:  {public}\n"),
            line: format!("{shown} {public}"),
            json: json!({ "root_pub": shown.to_string(), "root_pubkey": public.to_string() }),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The public half of the key in a file, made from the private one.
fn public_half(path: &Path) -> Result<RootPublicKey, Failure> {
    match TrustFile::load(path) {
        Ok((TrustFile::RootPublicKey(public), _)) => Ok(public),
        _ => Ok(RootKey::load(path)?.public_key()),
    }
}

impl Node {
    fn run(self) -> Result<ExitCode, Failure> {
        let identity = Identity::generate();
        let id = identity.peer();
        files::make_folder_of(&self.out)?;
        IdentityFile::new(identity).save_new(&self.out)?;
        git_ignore::add(&self.out);
        let shown = self.out.display();
        self.output.print(&Report {
            text: format!(
                "Node key written to: {shown}\n  Endpoint ID:  {id}\n\
                 Keep it secret. Credentials are signed for the endpoint id: \
                 `aster trust sign --endpoint-id {id}`.\n"
            ),
            line: format!("{shown} {id}"),
            json: json!({ "identity": shown.to_string(), "endpoint_id": id.to_string() }),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
