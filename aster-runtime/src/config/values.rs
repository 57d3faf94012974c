//! The values of all settings, each with its source.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::source::{Setting, Source};
use crate::identity::Identity;
use crate::limits::Limits;
use crate::trust::RootPublicKey;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The least important lines that are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    Error,
    Warning,
    Info,
    Debug,
    Trace,
}

/// Which relays are asked for; with `relay_url` it becomes a
/// [`RelayMode`](crate::RelayMode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelayWord {
    Default,
    Disabled,
    Custom,
}

/// One field for each setting.
#[derive(Clone)]
pub(super) struct Values {
    pub(super) root_pubkey: Setting<Option<RootPublicKey>>,
    pub(super) root_pubkey_file: Setting<Option<PathBuf>>,
    pub(super) allow_all_consumers: Setting<bool>,
    /// The last source that said `allow_all_consumers = false`.
    pub(super) closed_by: Option<Source>,
    pub(super) allow_unbound_credentials: Setting<bool>,
    pub(super) identity_file: Setting<Option<PathBuf>>,
    pub(super) enrollment_credential: Setting<Option<PathBuf>>,
    pub(super) nonce_store: Setting<Option<PathBuf>>,
    pub(super) revocation_files: Setting<Vec<PathBuf>>,
    pub(super) endpoint_addr: Setting<Option<String>>,
    pub(super) secret_key: Setting<Option<Identity>>,
    pub(super) bind_addr: Setting<Option<SocketAddr>>,
    pub(super) relay_mode: Setting<RelayWord>,
    pub(super) relay_url: Setting<Option<String>>,
    pub(super) storage_path: Setting<Option<PathBuf>>,
    pub(super) publication: Setting<bool>,
    pub(super) log_format: Setting<LogFormat>,
    pub(super) log_level: Setting<LogLevel>,
    pub(super) log_mask: Setting<bool>,
    pub(super) limits: Limits,
    /// Who changed a limit, by its name.
    pub(super) limit_sources: BTreeMap<&'static str, Source>,
}

impl Values {
    /// The defaults for a user with this home directory.
    pub(super) fn new(home: Option<&Path>) -> Self {
        Self {
            root_pubkey: Setting::default(None),
            root_pubkey_file: Setting::default(None),
            allow_all_consumers: Setting::default(false),
            closed_by: None,
            allow_unbound_credentials: Setting::default(false),
            identity_file: Setting::default(None),
            enrollment_credential: Setting::default(None),
            nonce_store: Setting::default(home.map(|home| home.join(".aster/nonces.json"))),
            revocation_files: Setting::default(Vec::new()),
            endpoint_addr: Setting::default(None),
            secret_key: Setting::default(None),
            bind_addr: Setting::default(None),
            relay_mode: Setting::default(RelayWord::Default),
            relay_url: Setting::default(None),
            storage_path: Setting::default(None),
            publication: Setting::default(true),
            log_format: Setting::default(LogFormat::Text),
            log_level: Setting::default(LogLevel::Info),
            log_mask: Setting::default(true),
            limits: Limits::default(),
            limit_sources: BTreeMap::new(),
        }
    }

    /// Sets the gate, and remembers who closed it.
    pub(super) fn set_allow_all_consumers(&mut self, allow: bool, source: Source) {
        if !allow {
            self.closed_by = Some(source.clone());
        }
        self.allow_all_consumers = Setting::new(allow, source);
    }
}
