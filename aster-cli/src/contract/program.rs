//! A built program that tells its contracts: see `aster::export_contracts!`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aster::contract::{Contract, EXPORT_MANIFEST, EXPORT_VARIABLE, manifest};
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::failure::Failure;

/// Longest wait for a program. One that exports does nothing else.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Most that a program may print, in bytes.
const MAX_OUTPUT_BYTES: u64 = 16 * 1024 * 1024;

/// What to do about a program that does not export.
const ADVICE: &str =
    "make `aster::export_contracts!(MyService);` the first line of its `main`, and build it again";

/// Runs the program with the request to export and reads its manifest.
pub(super) async fn contracts(path: &Path) -> Result<Vec<Contract>, Failure> {
    let shown = path.display();
    // A bare name would be looked up in PATH.
    let program = std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("cannot find {shown}: {error}")))?;
    let mut child = Command::new(&program)
        .env(EXPORT_VARIABLE, EXPORT_MANIFEST)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failure::usage(format!("cannot run {shown}: {error}")))?;
    let stdout = child.stdout.take();
    let answer = tokio::time::timeout(TIMEOUT, async {
        let mut text = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MAX_OUTPUT_BYTES + 1).read_to_end(&mut text).await?;
        }
        if text.len() as u64 > MAX_OUTPUT_BYTES {
            return Ok((None, text));
        }
        child.wait().await.map(|status| (Some(status), text))
    });
    let (status, text) = match answer.await {
        Ok(Ok((Some(status), text))) => (status, text),
        Ok(Ok((None, _))) => {
            return Err(
                Failure::runtime(format!("{shown} printed more than a manifest")).hint(ADVICE)
            );
        }
        Ok(Err(error)) => return Err(Failure::runtime(format!("cannot run {shown}: {error}"))),
        Err(_) => {
            return Err(Failure::runtime(format!(
                "{shown} ran on for {} s instead of printing its contracts",
                TIMEOUT.as_secs()
            ))
            .hint(ADVICE));
        }
    };
    if !status.success() {
        return Err(
            Failure::runtime(format!("{shown} did not print its contracts: {status}")).hint(ADVICE)
        );
    }
    let contracts = String::from_utf8(text).ok().and_then(|text| manifest::read(&text).ok());
    contracts.filter(|contracts| !contracts.is_empty()).ok_or_else(|| {
        Failure::runtime(format!("{shown} printed something else than its contracts")).hint(ADVICE)
    })
}
