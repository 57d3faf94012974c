//! The check of a server against the manifest of its project.

use std::path::{Path, PathBuf};

use super::StartError;
use crate::contract::manifest::{CheckError, MANIFEST_PATH, check_file};
use crate::service::ServiceDescriptor;

/// Which manifest the services are compared with before a server starts. A
/// service that is in the manifest, with the same version, must have the
/// contract that stands there; one that is not in it may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestCheck {
    /// `.aster/manifest.json` in the working directory, if there is one. A
    /// server [`in_process`](super::AsterServerBuilder::in_process) does not
    /// look for it, because tests run anywhere.
    #[default]
    WorkingDirectory,
    /// This file, which has to be there.
    File(PathBuf),
    /// None.
    Off,
}

impl ManifestCheck {
    /// Compares services with the manifest.
    pub(super) fn run(&self, services: &[&'static ServiceDescriptor]) -> Result<(), StartError> {
        let (path, required) = match self {
            Self::WorkingDirectory => (Path::new(MANIFEST_PATH), false),
            Self::File(path) => (path.as_path(), true),
            Self::Off => return Ok(()),
        };
        match check_file(path, services) {
            Err(CheckError::File(error)) if !required && error.is_missing() => Ok(()),
            Err(CheckError::File(error)) => Err(StartError::Manifest(error)),
            Err(CheckError::Contract(mismatch)) => Err(StartError::Contract(mismatch)),
            Ok(()) => Ok(()),
        }
    }
}
