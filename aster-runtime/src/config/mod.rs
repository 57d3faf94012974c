//! The configuration of a server or a client: one struct, one order of
//! precedence, and for each value the place that it comes from.
//!
//! Later sources win: defaults, the TOML file, `ASTER_*` variables, the program
//! itself. The file is the one that the program names, else the one that
//! `ASTER_CONFIG` names; none is looked for in the current directory, and
//! neither is an identity file. `docs/aster.toml` lists all settings.
//!
//! What contradicts itself is an error with both places in it, and never opens
//! a server: see [`GateSetting`]. One setting deviates from the order of
//! precedence for that reason: a later source cannot open what an earlier one
//! closed with `allow_all_consumers = false`.

mod environment;
mod error;
mod file;
mod files;
mod gate;
mod input;
mod keys;
mod limit_keys;
mod overrides;
mod reference;
mod root;
mod show;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod values;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use error::{ConfigError, ConfigErrors, ConfigWarning};
pub use gate::GateSetting;
pub use overrides::Overrides;
pub use source::Source;
pub use values::{LogFormat, LogLevel};

use self::environment::{Environment, FILE_VARIABLE};
use self::file::ConfigFile;
use self::files::{Disk, Files};
use self::root::Root;
use self::values::{RelayWord, Values};
use crate::identity::{Identity, IdentityError};
use crate::limits::Limits;
use crate::network::{Network, RelayMode};
use crate::trust::{FileError, RootPublicKey};

/// The identity file that the reference picks up by itself (trust.md 1.3).
const REFERENCE_IDENTITY: &str = ".aster-identity";

/// For which end a setting is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Listens, at a known address.
    Server,
    /// Calls, from any free port.
    Client,
}

/// The configuration of a server or a client, complete and checked.
///
/// ```no_run
/// use aster_runtime::config::{Config, Overrides, Side};
/// let config = Config::load(None, Overrides::default())?;
/// for warning in config.warnings() {
///     eprintln!("{warning}");
/// }
/// let gate = config.gate()?;
/// let network = config.network(Side::Server);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Config {
    values: Values,
    root: Option<Root>,
    gate: Option<GateSetting>,
    relay: RelayMode,
    warnings: Vec<ConfigWarning>,
}

impl Config {
    /// Reads the file at `path`, or the one that `ASTER_CONFIG` names, and the
    /// environment, and puts `code` over both.
    ///
    /// # Errors
    /// [`ConfigErrors`], all mistakes at once. Nothing is ignored: a file that
    /// is not there, a key that does not exist, a value that cannot be used.
    pub fn load(path: Option<&Path>, code: Overrides) -> Result<Self, ConfigErrors> {
        Self::load_from(path, &Environment::of_process(), code, &Disk)
    }

    fn load_from(
        path: Option<&Path>,
        environment: &Environment,
        code: Overrides,
        files: &dyn Files,
    ) -> Result<Self, ConfigErrors> {
        let (path, named_by) = match path {
            Some(path) => (Some(path.to_owned()), Source::Code),
            None => (environment.file()?, Source::Variable(FILE_VARIABLE)),
        };
        let file = path.map(|path| read_file(path, files)).transpose();
        let file =
            file.map_err(|error| ConfigError::File { named_by, reason: error.to_string() })?;
        Self::resolve(file.as_ref(), environment, code, files)
    }

    /// The configuration that these sources make together. Reads nothing but
    /// the files that the settings name.
    fn resolve(
        file: Option<&ConfigFile>,
        environment: &Environment,
        code: Overrides,
        files: &dyn Files,
    ) -> Result<Self, ConfigErrors> {
        let home = environment.home.as_deref();
        let mut values = Values::new(home);
        let mut errors = file.map_or_else(Vec::new, |file| file.apply(&mut values, home));
        errors.extend(environment.apply(&mut values));
        code.apply(&mut values);
        Self::check(values, environment.warnings(), errors, files)
    }

    /// This configuration with more settings of the program.
    ///
    /// # Errors
    /// [`ConfigErrors`], as for [`load`](Self::load).
    pub fn with(self, code: Overrides) -> Result<Self, ConfigErrors> {
        self.with_files(code, &Disk)
    }

    fn with_files(mut self, code: Overrides, files: &dyn Files) -> Result<Self, ConfigErrors> {
        code.apply(&mut self.values);
        let is_unknown = |w: &ConfigWarning| matches!(w, ConfigWarning::UnknownVariable { .. });
        self.warnings.retain(is_unknown);
        Self::check(self.values, self.warnings, Vec::new(), files)
    }

    /// What settings mean together; `errors` are the mistakes so far.
    fn check(
        values: Values,
        mut warnings: Vec<ConfigWarning>,
        mut errors: Vec<ConfigError>,
        files: &dyn Files,
    ) -> Result<Self, ConfigErrors> {
        errors.extend(missing_files(&values, files));
        errors.extend(two_identities(&values));
        let relay = relay(&values).unwrap_or_else(|error| {
            errors.push(error);
            RelayMode::Disabled
        });
        let mut root = None;
        let mut gate = None;
        match root::resolve(&values, files) {
            Ok(found) => {
                let allow = &values.allow_all_consumers;
                let closed_by = values.closed_by.as_ref();
                match gate::decide(found.as_ref(), allow.value, &allow.source, closed_by) {
                    Ok(decided) => (root, gate) = (found, decided),
                    Err(error) => errors.push(error),
                }
            }
            Err(mistakes) => errors.extend(mistakes),
        }
        ConfigErrors::check(errors)?;
        if values.relay_mode.value == RelayWord::Disabled && values.relay_url.value.is_some() {
            warnings.push(ConfigWarning::UnusedRelay {
                url: values.relay_url.source.clone(),
                mode: values.relay_mode.source.clone(),
            });
        }
        let named = values.identity_file.value.is_some() || values.secret_key.value.is_some();
        if !named && files.check(Path::new(REFERENCE_IDENTITY)).is_ok() {
            warnings.push(ConfigWarning::UnusedIdentity);
        }
        Ok(Self { values, root, gate, relay, warnings })
    }

    /// The network settings of the environment alone; see
    /// [`Network::from_env`].
    pub(crate) fn network_of_environment() -> Result<Network, ConfigErrors> {
        network_of(&Environment::of_process())
    }

    /// Things that are probably not what was meant, for people.
    #[must_use]
    pub fn warnings(&self) -> &[ConfigWarning] {
        &self.warnings
    }

    /// Who may call this server. Only servers ask.
    ///
    /// # Errors
    /// [`ConfigError::NoGate`] if nothing says so. There is no default.
    pub fn gate(&self) -> Result<GateSetting, ConfigError> {
        self.gate.ok_or(ConfigError::NoGate)
    }

    /// The root that credentials must be signed by, and that a client expects
    /// of its servers: from `root_pubkey`, `root_pubkey_file`, or the producer
    /// credential in `identity_file`.
    #[must_use]
    pub fn root(&self) -> Option<RootPublicKey> {
        self.root.as_ref().map(|root| root.key)
    }

    /// Whether a server accepts credentials that any node may present.
    #[must_use]
    pub fn allow_unbound_credentials(&self) -> bool {
        self.values.allow_unbound_credentials.value
    }

    /// What a server or client goes by: a configuration that the program made,
    /// or what file and environment say, and the program's own words on top.
    /// Warnings go to the log.
    pub(crate) fn of(base: Option<Self>, code: Overrides) -> Result<Self, ConfigErrors> {
        let config = match base {
            Some(config) => config.with(code)?,
            None => Self::load(None, code)?,
        };
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        Ok(config)
    }

    /// Whether a key is configured; without one, each start has a new one.
    #[must_use]
    pub fn has_identity(&self) -> bool {
        self.values.secret_key.value.is_some() || self.values.identity_file.value.is_some()
    }

    /// This node's key: `secret_key`, else `identity_file`, made when it is
    /// missing, else a new key for each call.
    ///
    /// # Errors
    /// [`IdentityError`] about the file.
    pub fn identity(&self) -> Result<Identity, IdentityError> {
        match (&self.values.secret_key.value, &self.values.identity_file.value) {
            (Some(identity), _) => Ok(identity.clone()),
            (None, Some(path)) => Identity::load_or_create(path),
            (None, None) => Ok(Identity::generate()),
        }
    }

    /// The identity file, which may hold credentials as well.
    #[must_use]
    pub fn identity_file(&self) -> Option<&Path> {
        self.values.identity_file.value.as_deref()
    }

    /// The file with a client's credential. It was there at the start.
    #[must_use]
    pub fn enrollment_credential(&self) -> Option<&Path> {
        self.values.enrollment_credential.value.as_deref()
    }

    /// The file with the one-time credentials that were used; created when
    /// needed. `None` only if the user has no home directory.
    #[must_use]
    pub fn nonce_store(&self) -> Option<&Path> {
        self.values.nonce_store.value.as_deref()
    }

    /// The revocation lists. They were there at the start.
    #[must_use]
    pub fn revocation_files(&self) -> &[PathBuf] {
        &self.values.revocation_files.value
    }

    /// The text of the address of the server to call; it parses as an
    /// [`Address`](crate::Address).
    #[must_use]
    pub fn endpoint_addr(&self) -> Option<&str> {
        self.values.endpoint_addr.value.as_deref()
    }

    /// How the endpoint meets the network. A client binds any free port,
    /// unless the program itself names one: `bind_addr` in a file or variable
    /// is a server's.
    #[must_use]
    pub fn network(&self, side: Side) -> Network {
        let bind = &self.values.bind_addr;
        let counts = side == Side::Server || bind.source == Source::Code;
        let bind = bind.value.filter(|_| counts);
        Network { bind: bind.unwrap_or_else(any_address), relay: self.relay.clone() }
    }

    /// The bounds on what peers can use.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.values.limits
    }

    /// The directory that published contracts are kept in; `None` keeps them in
    /// memory.
    #[must_use]
    pub fn storage_path(&self) -> Option<&Path> {
        self.values.storage_path.value.as_deref()
    }

    /// Whether a server publishes its contracts.
    #[must_use]
    pub fn publication(&self) -> bool {
        self.values.publication.value
    }

    /// How log lines look.
    #[must_use]
    pub fn log_format(&self) -> LogFormat {
        self.values.log_format.value
    }

    /// The least important lines that are logged.
    #[must_use]
    pub fn log_level(&self) -> LogLevel {
        self.values.log_level.value
    }

    /// Whether sensitive fields are masked in log lines.
    #[must_use]
    pub fn log_mask(&self) -> bool {
        self.values.log_mask.value
    }
}

/// The listing of [`Config::show`]: no secret is in it.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config\n{}", self.show())
    }
}

/// The file, and whether others can read it: whether that matters depends on
/// what is in it.
fn read_file(path: PathBuf, files: &dyn Files) -> Result<ConfigFile, FileError> {
    let (text, exposed) = files.read(&path, file::MAX_FILE_BYTES)?;
    Ok(ConfigFile { path, text, exposed })
}

/// Files that must be there at the start; others are created.
fn missing_files(values: &Values, files: &dyn Files) -> Vec<ConfigError> {
    let credential = &values.enrollment_credential;
    let credential =
        credential.value.iter().map(|path| ("enrollment_credential", path, &credential.source));
    let lists = &values.revocation_files;
    let lists = lists.value.iter().map(|path| ("revocation_files", path, &lists.source));
    let missing = credential.chain(lists).filter_map(|(key, path, source)| {
        let reason = files.check(path).err()?.to_string();
        Some(ConfigError::Value { key, place: source.clone(), reason })
    });
    missing.collect()
}

fn two_identities(values: &Values) -> Option<ConfigError> {
    let (key, file) = (&values.secret_key, &values.identity_file);
    (key.value.is_some() && file.value.is_some()).then(|| {
        ConfigError::Contradiction(format!(
            "secret_key ({}) and identity_file ({}) are two identities; remove one of the two",
            key.source, file.source
        ))
    })
}

fn relay(values: &Values) -> Result<RelayMode, ConfigError> {
    Ok(match (values.relay_mode.value, &values.relay_url.value) {
        (RelayWord::Disabled, _) => RelayMode::Disabled,
        (_, Some(url)) => RelayMode::Custom(url.clone()),
        (RelayWord::Default, None) => RelayMode::Default,
        (RelayWord::Custom, None) => {
            return Err(ConfigError::Value {
                key: "relay_mode",
                place: values.relay_mode.source.clone(),
                reason: "custom needs relay_url as well, as in https://relay.example.com"
                    .to_owned(),
            });
        }
    })
}

fn network_of(environment: &Environment) -> Result<Network, ConfigErrors> {
    let mut values = Values::new(None);
    let mut errors = environment.apply_section("network", &mut values);
    let relay = relay(&values).unwrap_or_else(|error| {
        errors.push(error);
        RelayMode::Disabled
    });
    ConfigErrors::check(errors)?;
    Ok(Network { bind: values.bind_addr.value.unwrap_or_else(any_address), relay })
}

fn any_address() -> SocketAddr {
    Network::default().bind
}
