use super::*;
use crate::config::{ConfigWarning, LogFormat, LogLevel, Side};
use crate::network::RelayMode;

#[test]
fn every_variable_is_read() {
    let (a, _) = roots();
    let peer = secret_identity().peer().to_string();
    let config = variable("ASTER_ROOT_PUBKEY", &format!(" {a} "))
        .variable("ASTER_ROOT_PUBKEY_FILE", "~/root.pub")
        .variable("ASTER_ALLOW_ALL_CONSUMERS", "no")
        .variable("ASTER_ALLOW_UNBOUND_CREDENTIALS", "1")
        .variable("ASTER_ENROLLMENT_CREDENTIAL", "edge.cred")
        .variable("ASTER_NONCE_STORE", "/n")
        .variable("ASTER_REVOCATION_FILES", "/r1:~/r2")
        .variable("ASTER_ENDPOINT_ADDR", &peer)
        .variable("ASTER_SECRET_KEY", SECRET)
        .variable("ASTER_RELAY_MODE", "Disabled")
        .variable("ASTER_BIND_ADDR", "[::1]:9")
        .variable("ASTER_STORAGE_PATH", "/s")
        .variable("ASTER_PUBLICATION_ENABLED", "off")
        .variable("ASTER_LOG_FORMAT", "JSON")
        .variable("ASTER_LOG_LEVEL", "warning")
        .variable("ASTER_LOG_MASK", "False")
        .variable("ASTER_MAX_CONNECTIONS", "7")
        .disk("/home/ada/root.pub", &format!("{{\"public_key\": \"{a}\"}}"))
        .disk("edge.cred", "")
        .disk("/r1", "")
        .disk("/home/ada/r2", "")
        .ok();
    assert_eq!(config.root(), Some(a));
    assert!(config.allow_unbound_credentials());
    assert_eq!(config.enrollment_credential(), Some(Path::new("edge.cred")));
    assert_eq!(config.nonce_store(), Some(Path::new("/n")));
    assert_eq!(config.revocation_files(), [PathBuf::from("/r1"), "/home/ada/r2".into()]);
    assert_eq!(config.endpoint_addr(), Some(peer.as_str()));
    assert_eq!(config.identity().unwrap().peer(), secret_identity().peer());
    let network = config.network(Side::Server);
    assert_eq!(network.bind, "[::1]:9".parse().unwrap());
    assert_eq!(network.relay, RelayMode::Disabled);
    assert_eq!(config.storage_path(), Some(Path::new("/s")));
    assert!(!config.publication());
    assert_eq!(config.log_format(), LogFormat::Json);
    assert_eq!(config.log_level(), LogLevel::Warning);
    assert!(!config.log_mask());
    assert_eq!(config.limits().max_connections, 7);
    assert_eq!(config.warnings(), []);
    assert_eq!(config.show_json()["network"]["bind_addr"]["source"], "ASTER_BIND_ADDR");
}

#[test]
fn booleans_are_the_words_of_the_reference() {
    let publication = |text: &str| variable("ASTER_PUBLICATION_ENABLED", text).resolve();
    for text in ["1", "true", "yes", "on", " TRUE ", "Yes", "oN"] {
        assert!(publication(text).unwrap().publication(), "{text}");
    }
    for text in ["0", "false", "no", "off", " FALSE ", "No", "oFf"] {
        assert!(!publication(text).unwrap().publication(), "{text}");
    }
    for text in ["", " ", "2", "y", "t", "truee", "enabled", "-1", "null", "𝟏"] {
        assert!(publication(text).is_err(), "{text}");
    }
}

#[test]
fn an_empty_variable_clears_where_the_reference_clears() {
    let text = format!(
        "[network]\nsecret_key = \"{SECRET}\"\nrelay_mode = \"disabled\"\nbind_addr = \"127.0.0.1:1\"\nrelay_url = \"https://r\"\n[storage]\npath = \"/s\"\n"
    );
    let config = file(&text)
        .variable("ASTER_SECRET_KEY", "")
        .variable("ASTER_RELAY_MODE", " ")
        .variable("ASTER_RELAY_URL", "")
        .variable("ASTER_BIND_ADDR", "")
        .variable("ASTER_STORAGE_PATH", "")
        .ok();
    assert_eq!(config.network(Side::Server), crate::Network::default());
    assert_eq!(config.storage_path(), None);
    assert_ne!(config.identity().unwrap().peer(), secret_identity().peer());
    let shown = config.show_json();
    assert_eq!(shown["storage"]["path"]["source"], "ASTER_STORAGE_PATH");
    assert_eq!(shown["network"]["secret_key"]["value"], serde_json::Value::Null);
    // Everywhere else it is a mistake.
    for key in crate::config::keys::KEYS {
        let clears = ["secret_key", "relay_mode", "relay_url", "bind_addr", "path"];
        if !clears.contains(&key.name) {
            let error = variable(key.variables[0], " ").error();
            assert_eq!(
                error,
                format!(
                    "{} ({}): the variable is empty; unset it, or give it a value",
                    key.name, key.variables[0]
                )
            );
        }
    }
}

#[test]
fn the_two_names_of_the_relay_must_agree() {
    let both = |ours: &str, irohs: &str| {
        variable("ASTER_RELAY_URL", ours).variable("IROH_RELAY_URL", irohs).resolve()
    };
    let config = both("https://a", "https://a").unwrap();
    assert_eq!(config.network(Side::Client).relay, RelayMode::Custom("https://a".into()));
    assert_eq!(config.show_json()["network"]["relay_url"]["source"], "ASTER_RELAY_URL");
    assert!(both("https://a", "").is_ok());
    assert_eq!(
        both("https://a", "https://b").unwrap_err().to_string(),
        "configuration: relay_url: ASTER_RELAY_URL and IROH_RELAY_URL are set to different values; unset one of the two"
    );
    let config = variable("IROH_RELAY_URL", "https://a").ok();
    assert_eq!(config.show_json()["network"]["relay_url"]["source"], "IROH_RELAY_URL");
}

#[test]
fn relay_mode_and_url_make_one_mode() {
    let relay = |mode: Option<&str>, url: Option<&str>| {
        let mut case = Case::default();
        for (name, value) in [("ASTER_RELAY_MODE", mode), ("ASTER_RELAY_URL", url)] {
            if let Some(value) = value {
                case = case.variable(name, value);
            }
        }
        case.resolve().map(|config| (config.network(Side::Server).relay, config.warnings().len()))
    };
    let url = Some("https://relay.example");
    let custom = RelayMode::Custom("https://relay.example".into());
    assert_eq!(relay(None, None), Ok((RelayMode::Default, 0)));
    assert_eq!(relay(Some("default"), None), Ok((RelayMode::Default, 0)));
    assert_eq!(relay(Some("disabled"), None), Ok((RelayMode::Disabled, 0)));
    assert_eq!(relay(None, url), Ok((custom.clone(), 0)));
    assert_eq!(relay(Some("default"), url), Ok((custom.clone(), 0)));
    assert_eq!(relay(Some("custom"), url), Ok((custom, 0)));
    assert_eq!(relay(Some("disabled"), url), Ok((RelayMode::Disabled, 1)));
    assert!(relay(Some("custom"), None).is_err());
    let config =
        file("[network]\nrelay_mode = \"disabled\"").variable("IROH_RELAY_URL", "http://r");
    assert_eq!(
        config.ok().warnings()[0].to_string(),
        "relay_url (IROH_RELAY_URL) has no effect, because relay_mode is disabled (file aster.toml [network] line 2)"
    );
}

#[test]
fn unknown_variables_are_named_and_do_not_stop_a_start() {
    let config = variable("ASTER_ROOT_PUBKY", "x")
        .variable("ASTER_HEALTH_PORT", "1")
        .variable("ASTER_PROFILE", "prod")
        .variable("ASTER_CONTRACT_EXPORT", "1")
        .variable("ASTEROID", "1")
        .variable("HOME", "/")
        .ok();
    let texts: Vec<_> = config.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "ASTER_HEALTH_PORT is no variable of this program and has no effect",
            "ASTER_ROOT_PUBKY is no variable of this program and has no effect; did you mean ASTER_ROOT_PUBKEY?",
        ]
    );
    let many = (0..1000).fold(Case::default(), |case, n| case.variable(&format!("ASTER_{n}"), ""));
    assert_eq!(many.ok().warnings().len(), 20);
}

#[test]
fn the_identity_file_of_the_current_directory_is_named_and_not_used() {
    let (a, _) = roots();
    let planted = Case::default().disk(".aster-identity", &identity_text(&[("producer", a)]));
    let config = planted.ok();
    assert_eq!(config.warnings(), [ConfigWarning::UnusedIdentity]);
    assert_eq!(config.root(), None);
    assert_ne!(config.identity().unwrap().peer(), secret_identity().peer());
    assert_eq!(
        config.warnings()[0].to_string(),
        "./.aster-identity is not used, because nothing names it; to use it, set identity_file = \".aster-identity\" or ASTER_IDENTITY_FILE"
    );
    let used = planted.clone().variable("ASTER_IDENTITY_FILE", ".aster-identity").ok();
    assert_eq!((used.warnings(), used.root()), (&[][..], Some(a)));
    assert_eq!(planted.variable("ASTER_SECRET_KEY", SECRET).ok().warnings(), []);
    assert_eq!(Case::default().ok().warnings(), []);
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;
    let bad = || std::ffi::OsString::from_vec(vec![0xff]);
    let environment = |name: &str| Environment::new([(name.into(), bad())], None);
    let resolve = |name| {
        let files = Memory::default();
        let code = Overrides::default();
        Config::load_from(None, &environment(name), code, &files).unwrap_err().to_string()
    };
    assert_eq!(
        resolve("ASTER_STORAGE_PATH"),
        "configuration: path (ASTER_STORAGE_PATH): the value is not UTF-8"
    );
    assert_eq!(
        resolve("ASTER_CONFIG"),
        "configuration: the configuration file (ASTER_CONFIG): the value is not UTF-8"
    );
    let name = Environment::new([(bad(), "1".into())], None);
    assert!(Config::load_from(None, &name, Overrides::default(), &Memory::default()).is_ok());
}
