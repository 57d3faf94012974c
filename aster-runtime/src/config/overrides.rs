//! What a program sets itself: the last word, after file and environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::source::{Setting, Source};
use super::values::{LogFormat, LogLevel, RelayWord, Values};
use crate::identity::Identity;
use crate::limits::Limits;
use crate::network::{Network, RelayMode};
use crate::trust::RootPublicKey;

/// What a program sets itself. `None` leaves a setting as it is; paths are
/// taken as they are.
///
/// ```
/// use aster_runtime::config::{Config, Overrides};
/// let code = Overrides { allow_all_consumers: Some(true), ..Default::default() };
/// # if std::env::vars().all(|(name, _)| !name.starts_with("ASTER_")) {
/// let config = Config::load(None, code)?;
/// assert!(config.show().contains("(code)"));
/// # }
/// # Ok::<(), aster_runtime::config::ConfigErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `root_pubkey`: whose credentials open the gate.
    pub root_pubkey: Option<RootPublicKey>,
    /// `root_pubkey_file`: the file with that key.
    pub root_pubkey_file: Option<PathBuf>,
    /// `allow_all_consumers`: `true` opens the gate to everybody.
    pub allow_all_consumers: Option<bool>,
    /// `allow_unbound_credentials`: whether credentials count that any node
    /// may present.
    pub allow_unbound_credentials: Option<bool>,
    /// This node's key; replaces `secret_key` and `identity_file`.
    pub identity: Option<Identity>,
    /// `identity_file`; replaces `secret_key` as well.
    pub identity_file: Option<PathBuf>,
    /// `enrollment_credential`: the file with a client's credential.
    pub enrollment_credential: Option<PathBuf>,
    /// `nonce_store`: the file with the one-time credentials that were used.
    pub nonce_store: Option<PathBuf>,
    /// `revocation_files`.
    pub revocation_files: Option<Vec<PathBuf>>,
    /// `endpoint_addr`: the server that a client calls.
    pub endpoint_addr: Option<String>,
    /// `bind_addr`: the UDP address to bind; on a client too.
    pub bind_addr: Option<SocketAddr>,
    /// Replaces `relay_mode` and `relay_url`.
    pub relay: Option<RelayMode>,
    /// `[storage] path`.
    pub storage_path: Option<PathBuf>,
    /// `[publication] enabled`.
    pub publication: Option<bool>,
    /// `[logging] format`.
    pub log_format: Option<LogFormat>,
    /// `[logging] level`.
    pub log_level: Option<LogLevel>,
    /// `[logging] mask`.
    pub log_mask: Option<bool>,
    /// Replaces all of `[limits]`.
    pub limits: Option<Limits>,
}

fn put<T>(slot: &mut Setting<T>, value: Option<T>) {
    if let Some(value) = value {
        *slot = Setting::new(value, Source::Code);
    }
}

fn put_some<T>(slot: &mut Setting<Option<T>>, value: Option<T>) {
    if value.is_some() {
        *slot = Setting::new(value, Source::Code);
    }
}

impl Overrides {
    /// Replaces all network settings.
    #[must_use]
    pub fn with_network(mut self, network: Network) -> Self {
        self.bind_addr = Some(network.bind);
        self.relay = Some(network.relay);
        self
    }

    /// Puts what is set in force.
    pub(super) fn apply(self, values: &mut Values) {
        put_some(&mut values.root_pubkey, self.root_pubkey);
        put_some(&mut values.root_pubkey_file, self.root_pubkey_file);
        if let Some(allow) = self.allow_all_consumers {
            values.set_allow_all_consumers(allow, Source::Code);
        }
        put(&mut values.allow_unbound_credentials, self.allow_unbound_credentials);
        if self.identity.is_some() || self.identity_file.is_some() {
            values.secret_key = Setting::new(self.identity, Source::Code);
            values.identity_file = Setting::new(self.identity_file, Source::Code);
        }
        put_some(&mut values.enrollment_credential, self.enrollment_credential);
        put_some(&mut values.nonce_store, self.nonce_store);
        put(&mut values.revocation_files, self.revocation_files);
        put_some(&mut values.endpoint_addr, self.endpoint_addr);
        put_some(&mut values.bind_addr, self.bind_addr);
        if let Some(relay) = self.relay {
            let (word, url) = match relay {
                RelayMode::Default => (RelayWord::Default, None),
                RelayMode::Disabled => (RelayWord::Disabled, None),
                RelayMode::Custom(url) => (RelayWord::Custom, Some(url)),
            };
            values.relay_mode = Setting::new(word, Source::Code);
            values.relay_url = Setting::new(url, Source::Code);
        }
        put_some(&mut values.storage_path, self.storage_path);
        put(&mut values.publication, self.publication);
        put(&mut values.log_format, self.log_format);
        put(&mut values.log_level, self.log_level);
        put(&mut values.log_mask, self.log_mask);
        if let Some(limits) = self.limits {
            values.limits = limits;
            values.limit_sources =
                super::limit_keys::LIMITS.iter().map(|key| (key.name, Source::Code)).collect();
        }
    }
}
