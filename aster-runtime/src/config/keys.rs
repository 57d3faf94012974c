//! The table of all settings: names, how they are read, how they are shown.
//!
//! Names of sections, keys and variables are the reference's where it has them
//! (trust.md 7).

use serde_json::{Value as Json, json};

use super::input::{Input, Reason};
use super::source::{Setting, Source};
use super::text::printable_path;
use super::values::{LogFormat, LogLevel, RelayWord, Values};
use crate::address::Address;

/// A setting.
pub(super) struct Key {
    pub(super) section: &'static str,
    pub(super) name: &'static str,
    /// The first is the documented one.
    pub(super) variables: &'static [&'static str],
    /// Whether the file that holds the value must be closed to others.
    pub(super) secret: bool,
    /// What is shown when there is no value.
    pub(super) placeholder: &'static str,
    pub(super) set: fn(&mut Values, &Input<'_>, Source) -> Result<(), Reason>,
    pub(super) view: fn(&Values) -> (Json, &Source),
}

/// What stands in place of a secret.
const MASK: &str = "****";
const NOT_SET: &str = "<not set>";

const RELAY_WORDS: &[(&str, RelayWord)] = &[
    ("default", RelayWord::Default),
    ("disabled", RelayWord::Disabled),
    ("custom", RelayWord::Custom),
];

const FORMAT_WORDS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];

const LEVEL_WORDS: &[(&str, LogLevel)] = &[
    ("error", LogLevel::Error),
    ("warning", LogLevel::Warning),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];

fn put<T>(slot: &mut Setting<T>, value: Result<T, Reason>, source: Source) -> Result<(), Reason> {
    *slot = Setting::new(value?, source);
    Ok(())
}

fn view<T>(setting: &Setting<T>, show: impl FnOnce(&T) -> Json) -> (Json, &Source) {
    (show(&setting.value), &setting.source)
}

fn show_path(path: &Option<std::path::PathBuf>) -> Json {
    path.as_deref().map_or(Json::Null, |path| json!(printable_path(path)))
}

fn show_word<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> Json {
    json!(words.iter().find(|(_, other)| other == value).map(|(word, _)| *word))
}

/// Without what a ticket may carry beside the address.
fn show_address(text: &Option<String>) -> Json {
    let address = text.as_deref().and_then(|text| text.parse::<Address>().ok());
    json!(address.map(|address| address.to_string()))
}

/// All settings but the limits, in the order of `aster config show`.
pub(super) const KEYS: &[Key] = &[
    Key {
        section: "trust",
        name: "root_pubkey",
        variables: &["ASTER_ROOT_PUBKEY"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.root_pubkey, i.root_key().map(Some), s),
        view: |v| view(&v.root_pubkey, |key| json!(key.map(|key| key.to_string()))),
    },
    Key {
        section: "trust",
        name: "root_pubkey_file",
        variables: &["ASTER_ROOT_PUBKEY_FILE"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.root_pubkey_file, i.path().map(Some), s),
        view: |v| view(&v.root_pubkey_file, show_path),
    },
    Key {
        section: "trust",
        name: "allow_all_consumers",
        variables: &["ASTER_ALLOW_ALL_CONSUMERS"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| {
            v.set_allow_all_consumers(i.boolean()?, s);
            Ok(())
        },
        view: |v| view(&v.allow_all_consumers, |allow| json!(allow)),
    },
    Key {
        section: "trust",
        name: "allow_unbound_credentials",
        variables: &["ASTER_ALLOW_UNBOUND_CREDENTIALS"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.allow_unbound_credentials, i.boolean(), s),
        view: |v| view(&v.allow_unbound_credentials, |allow| json!(allow)),
    },
    Key {
        section: "trust",
        name: "identity_file",
        variables: &["ASTER_IDENTITY_FILE"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.identity_file, i.path().map(Some), s),
        view: |v| view(&v.identity_file, show_path),
    },
    Key {
        section: "trust",
        name: "enrollment_credential",
        variables: &["ASTER_ENROLLMENT_CREDENTIAL"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.enrollment_credential, i.path().map(Some), s),
        view: |v| view(&v.enrollment_credential, show_path),
    },
    Key {
        section: "trust",
        name: "nonce_store",
        variables: &["ASTER_NONCE_STORE"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.nonce_store, i.path().map(Some), s),
        view: |v| view(&v.nonce_store, show_path),
    },
    Key {
        section: "trust",
        name: "revocation_files",
        variables: &["ASTER_REVOCATION_FILES"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.revocation_files, i.paths(), s),
        view: |v| {
            view(&v.revocation_files, |paths| {
                paths.iter().map(|path| json!(printable_path(path))).collect()
            })
        },
    },
    Key {
        section: "connect",
        name: "endpoint_addr",
        variables: &["ASTER_ENDPOINT_ADDR"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.endpoint_addr, i.address().map(Some), s),
        view: |v| view(&v.endpoint_addr, show_address),
    },
    Key {
        section: "network",
        name: "secret_key",
        variables: &["ASTER_SECRET_KEY"],
        secret: true,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.secret_key, i.optional(Input::secret_key), s),
        view: |v| view(&v.secret_key, |key| json!(key.as_ref().map(|_| MASK))),
    },
    Key {
        section: "network",
        name: "relay_mode",
        variables: &["ASTER_RELAY_MODE"],
        secret: false,
        placeholder: "<default>",
        set: |v, i, s| {
            let word = i.optional(relay_word)?.unwrap_or(RelayWord::Default);
            put(&mut v.relay_mode, Ok(word), s)
        },
        view: |v| view(&v.relay_mode, |word| show_word(RELAY_WORDS, word)),
    },
    Key {
        section: "network",
        name: "relay_url",
        variables: &["ASTER_RELAY_URL", "IROH_RELAY_URL"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.relay_url, i.optional(Input::url), s),
        view: |v| view(&v.relay_url, |url| json!(url)),
    },
    Key {
        section: "network",
        name: "bind_addr",
        variables: &["ASTER_BIND_ADDR"],
        secret: false,
        placeholder: "<any>",
        set: |v, i, s| put(&mut v.bind_addr, i.optional(Input::socket), s),
        view: |v| view(&v.bind_addr, |address| json!(address.map(|a| a.to_string()))),
    },
    Key {
        section: "storage",
        name: "path",
        variables: &["ASTER_STORAGE_PATH"],
        secret: false,
        placeholder: "<in-memory>",
        set: |v, i, s| put(&mut v.storage_path, i.optional(Input::path), s),
        view: |v| view(&v.storage_path, show_path),
    },
    Key {
        section: "publication",
        name: "enabled",
        variables: &["ASTER_PUBLICATION_ENABLED"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.publication, i.boolean(), s),
        view: |v| view(&v.publication, |enabled| json!(enabled)),
    },
    Key {
        section: "logging",
        name: "format",
        variables: &["ASTER_LOG_FORMAT"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.log_format, i.word(FORMAT_WORDS), s),
        view: |v| view(&v.log_format, |format| show_word(FORMAT_WORDS, format)),
    },
    Key {
        section: "logging",
        name: "level",
        variables: &["ASTER_LOG_LEVEL"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.log_level, i.word(LEVEL_WORDS), s),
        view: |v| view(&v.log_level, |level| show_word(LEVEL_WORDS, level)),
    },
    Key {
        section: "logging",
        name: "mask",
        variables: &["ASTER_LOG_MASK"],
        secret: false,
        placeholder: NOT_SET,
        set: |v, i, s| put(&mut v.log_mask, i.boolean(), s),
        view: |v| view(&v.log_mask, |mask| json!(mask)),
    },
];

/// The reference's `staging` is iroh's own switch here.
fn relay_word(input: &Input<'_>) -> Result<RelayWord, Reason> {
    input.word(RELAY_WORDS).map_err(|reason| match input.text() {
        Ok(text) if text.eq_ignore_ascii_case("staging") => {
            "staging is not a mode here; leave the mode out and set IROH_FORCE_STAGING_RELAYS=1"
                .to_owned()
        }
        _ => reason,
    })
}
