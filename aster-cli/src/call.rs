//! `aster call ADDRESS Service.method [JSON]`.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aster::{AsterClient, AsterClientBuilder, ConnectError};
use clap::Args;
use serde_json::Value;

use crate::failure::{Failure, printable};

/// Largest request read from a file or standard input, in bytes: what fits
/// into one message.
const MAX_REQUEST_BYTES: u64 = 16 * 1024 * 1024;

/// Call a unary method.
#[derive(Args, Debug)]
pub(crate) struct Call {
    /// The server: a ticket (aster1...), 64 hex characters, or base64 of a node
    /// address.
    address: String,
    /// The method, as Service.method.
    method: String,
    /// The request as JSON; `-` reads standard input, `@FILE` a file.
    #[arg(default_value = "{}")]
    request: String,
    /// The credential to present: NAME.cred, a credential in JSON, or a chain.
    #[arg(long, visible_alias = "credential", value_name = "FILE")]
    rcan: Option<PathBuf>,
    /// Give up after this many seconds.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<f64>,
    /// A metadata entry; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    metadata: Vec<String>,
}

impl Call {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (service, method) = self.method.rsplit_once('.').ok_or_else(|| {
            Failure::usage(format!("{:?} does not name a method", self.method))
                .hint("write it as Service.method, for example MissionControl.getStatus")
        })?;
        let request = self.request()?;
        let timeout = self.timeout()?;
        let metadata = self.metadata()?;
        let client = connect(&self.address, self.rcan.as_deref()).await?;
        let session = match client.services().iter().find(|s| s.name == service) {
            Some(summary) => summary.pattern == "session",
            None => false,
        };
        let configure = |mut call: aster::ProxyCall<Value>| {
            if let Some(timeout) = timeout {
                call = call.timeout(timeout);
            }
            for (key, value) in metadata {
                call = call.metadata(key, value);
            }
            call
        };
        let response = if session {
            let session = client.proxy_session(service).await?;
            configure(session.call(method, request)).await?
        } else {
            configure(client.proxy(service)?.call(method, request)).await?
        };
        client.close().await;
        print(&response)
    }

    fn request(&self) -> Result<Value, Failure> {
        let text = match self.request.strip_prefix('@') {
            Some(path) => {
                let file = std::fs::File::open(path)
                    .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
                read(file, path)?
            }
            None if self.request == "-" => read(std::io::stdin(), "standard input")?,
            None => self.request.clone(),
        };
        serde_json::from_str(&text).map_err(|error| {
            Failure::usage(format!("the request is not JSON: {error}"))
                .hint("quote it for the shell, as in '{\"agent_id\": \"edge-1\"}'")
        })
    }

    fn timeout(&self) -> Result<Option<Duration>, Failure> {
        self.timeout
            .map(|seconds| {
                Duration::try_from_secs_f64(seconds)
                    .ok()
                    .filter(|timeout| !timeout.is_zero())
                    .ok_or_else(|| Failure::usage("--timeout takes a number of seconds above zero"))
            })
            .transpose()
    }

    fn metadata(&self) -> Result<Vec<(String, String)>, Failure> {
        self.metadata
            .iter()
            .map(|entry| {
                entry
                    .split_once('=')
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .ok_or_else(|| Failure::usage(format!("--metadata {entry:?} is not KEY=VALUE")))
            })
            .collect()
    }
}

fn read(source: impl Read, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    source
        .take(MAX_REQUEST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
    if text.len() as u64 > MAX_REQUEST_BYTES {
        return Err(Failure::usage(format!(
            "{name} holds more than the {MAX_REQUEST_BYTES} bytes that one message may have"
        )));
    }
    Ok(text)
}

pub(crate) async fn connect(
    address: &str,
    credential: Option<&Path>,
) -> Result<AsterClient, Failure> {
    let mut builder: AsterClientBuilder = AsterClient::builder();
    if let Some(path) = credential {
        builder = builder.credential_file(path);
    }
    builder.connect(address).await.map_err(|error| match error {
        ConnectError::Address(_) | ConnectError::Config(_) | ConnectError::File(_) => {
            Failure::usage(error.to_string())
        }
        ConnectError::Denied { .. } if credential.is_none() => Failure::runtime(error.to_string())
            .hint("present a credential with --rcan FILE; `aster enroll node` makes one"),
        ConnectError::Credential { .. } => Failure::runtime(error.to_string())
            .hint("`aster trust inspect FILE` shows what the file holds"),
        other => Failure::runtime(other.to_string()),
    })
}

/// One line for programs, indented for people.
fn print(response: &Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let text = if out.is_terminal() {
        serde_json::to_string_pretty(response).map(|text| printable(&text))
    } else {
        serde_json::to_string(response)
    };
    let text = text.map_err(|error| Failure::runtime(error.to_string()))?;
    writeln!(out, "{text}")
        .map_err(|error| Failure::runtime(format!("cannot write the response: {error}")))
}
