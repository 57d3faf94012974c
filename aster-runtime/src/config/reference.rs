//! Settings of the reference that have no counterpart here (trust.md 7).
//!
//! The reference reads some of them and applies none (trust.md 13, B6). Here a
//! value that asks for what happens anyway is accepted, any other is refused:
//! nothing that was asked for is ignored.

use super::input::{Input, Reason};

/// A setting that only the reference has.
pub(super) struct ReferenceKey {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    /// The value that asks for what happens anyway.
    inert: Option<bool>,
    advice: &'static str,
}

const fn key(
    section: &'static str,
    name: &'static str,
    variable: &'static str,
    inert: Option<bool>,
    advice: &'static str,
) -> ReferenceKey {
    ReferenceKey { section, name, variable, inert, advice }
}

/// In the order of trust.md 7.
pub(super) const REFERENCE_KEYS: &[ReferenceKey] = &[
    key(
        "trust",
        "root_key",
        "ASTER_ROOT_KEY",
        None,
        "no private root key is read here; set root_pubkey",
    ),
    key(
        "trust",
        "root_key_file",
        "ASTER_ROOT_KEY_FILE",
        None,
        "no private root key is read here; set root_pubkey_file",
    ),
    key(
        "trust",
        "enrollment_credential_iid",
        "ASTER_ENROLLMENT_CREDENTIAL_IID",
        None,
        "cloud identities are not checked here; bind the credential to the key of its node",
    ),
    key(
        "trust",
        "allow_all_producers",
        "ASTER_ALLOW_ALL_PRODUCERS",
        Some(true),
        "there is no admission of producers here; remove it",
    ),
    key(
        "network",
        "enable_monitoring",
        "ASTER_ENABLE_MONITORING",
        Some(false),
        "there is no monitoring to switch on; remove it",
    ),
    key(
        "network",
        "enable_hooks",
        "ASTER_ENABLE_HOOKS",
        Some(false),
        "connections pass the gate without hooks; remove it",
    ),
    key(
        "network",
        "hook_timeout_ms",
        "ASTER_HOOK_TIMEOUT_MS",
        None,
        "the gate decides at once, there is nothing to wait for; remove it",
    ),
    key(
        "network",
        "clear_ip_transports",
        "ASTER_CLEAR_IP_TRANSPORTS",
        Some(false),
        "direct paths cannot be switched off; set bind_addr to bind one address only",
    ),
    key(
        "network",
        "clear_relay_transports",
        "ASTER_CLEAR_RELAY_TRANSPORTS",
        Some(false),
        "set relay_mode to disabled",
    ),
    key(
        "network",
        "proxy_from_env",
        "ASTER_PROXY_FROM_ENV",
        Some(false),
        "proxies are not supported",
    ),
    key("network", "proxy_url", "ASTER_PROXY_URL", None, "proxies are not supported"),
    key(
        "network",
        "portmapper_config",
        "ASTER_PORTMAPPER_CONFIG",
        None,
        "port mapping goes with the relays; relay_mode = disabled switches both off",
    ),
    key(
        "network",
        "local_discovery",
        "ASTER_LOCAL_DISCOVERY",
        Some(false),
        "discovery on the local network is not supported",
    ),
];

impl ReferenceKey {
    /// Whether the value asks for what happens anyway.
    pub(super) fn check(&self, input: &Input<'_>) -> Result<(), Reason> {
        let refused = || Err(format!("not supported: {}", self.advice));
        match self.inert {
            None if input.is_empty() => Ok(()),
            None => refused(),
            Some(inert) if input.boolean()? == inert => Ok(()),
            Some(_) => refused(),
        }
    }
}
