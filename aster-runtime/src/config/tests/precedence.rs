use super::*;
use crate::config::Side;
use crate::config::keys::KEYS;
use crate::config::{LogFormat, LogLevel};
use crate::network::{Network, RelayMode};

/// For each setting of which layers are compared: section, key, three
/// different values.
const VALUES: &[(&str, &str, [&str; 3])] = &[
    ("trust", "allow_unbound_credentials", ["false", "true", "false"]),
    ("trust", "identity_file", ["/i1", "/i2", "/i3"]),
    ("trust", "enrollment_credential", ["/c1", "/c2", "/c3"]),
    ("trust", "nonce_store", ["/n1", "/n2", "/n3"]),
    ("network", "relay_mode", ["disabled", "default", "disabled"]),
    ("network", "relay_url", ["https://1", "https://2", "https://3"]),
    ("network", "bind_addr", ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]),
    ("storage", "path", ["/s1", "/s2", "/s3"]),
    ("publication", "enabled", ["false", "true", "false"]),
    ("logging", "format", ["json", "text", "json"]),
    ("logging", "level", ["debug", "error", "trace"]),
    ("logging", "mask", ["false", "true", "false"]),
];

fn written(value: &str) -> String {
    if ["true", "false"].contains(&value) { value.to_owned() } else { format!("\"{value}\"") }
}

fn code(key: &str, value: &str) -> Overrides {
    let mut code = Overrides::default();
    let flag = Some(value == "true");
    match key {
        "allow_unbound_credentials" => code.allow_unbound_credentials = flag,
        "identity_file" => code.identity_file = Some(value.into()),
        "enrollment_credential" => code.enrollment_credential = Some(value.into()),
        "nonce_store" => code.nonce_store = Some(value.into()),
        "relay_mode" => code.relay = Some(RelayMode::Disabled),
        "relay_url" => code.relay = Some(RelayMode::Custom(value.into())),
        "bind_addr" => code.bind_addr = Some(value.parse().unwrap()),
        "path" => code.storage_path = Some(value.into()),
        "enabled" => code.publication = flag,
        "format" => code.log_format = Some(LogFormat::Json),
        "level" => code.log_level = Some(LogLevel::Trace),
        "mask" => code.log_mask = flag,
        other => panic!("{other}"),
    }
    code
}

#[test]
fn later_sources_win_and_are_named() {
    for (section, name, [in_file, in_variable, in_code]) in VALUES {
        let key = KEYS.iter().find(|k| k.section == *section && k.name == *name).unwrap();
        let with_code = |case: Case| case.code(code(name, in_code));
        let with_variable = |case: Case| case.variable(key.variables[0], in_variable);
        let disk = ["/c1", "/c2", "/c3"].iter().fold(Case::default(), |c, p| c.disk(p, ""));
        let with_file =
            |case: Case| case.file(&format!("[{section}]\n{name} = {}\n", written(in_file)));
        let shown = |case: Case| {
            let shown = case.ok().show_json();
            let entry = &shown[*section][*name];
            let value = entry["value"].as_str().map(str::to_owned);
            let value = value.unwrap_or_else(|| entry["value"].to_string());
            (value, entry["source"].as_str().unwrap().to_owned())
        };
        let from_file = (in_file.to_string(), format!("file aster.toml [{section}] line 2"));
        let from_variable = (in_variable.to_string(), key.variables[0].to_owned());
        let from_code = (in_code.to_string(), "code".to_owned());
        assert_eq!(shown(disk.clone()).1, "default", "{name}");
        assert_eq!(shown(with_file(disk.clone())), from_file);
        assert_eq!(shown(with_variable(disk.clone())), from_variable);
        assert_eq!(shown(with_code(disk.clone())), from_code);
        assert_eq!(shown(with_variable(with_file(disk.clone()))), from_variable);
        assert_eq!(shown(with_code(with_file(disk.clone()))), from_code);
        assert_eq!(shown(with_code(with_variable(disk.clone()))), from_code);
        assert_eq!(shown(with_code(with_variable(with_file(disk)))), from_code);
    }
}

#[test]
fn a_later_call_of_the_program_wins_too() {
    let first = Overrides {
        log_level: Some(LogLevel::Debug),
        publication: Some(false),
        ..Default::default()
    };
    let config = variable("ASTER_LOG_LEVEL", "error").variable("ASTER_X", "1").code(first).ok();
    assert_eq!(config.log_level(), LogLevel::Debug);
    let second = Overrides { log_level: Some(LogLevel::Trace), ..Default::default() };
    let config = config.with_files(second, &Memory::default()).unwrap();
    assert_eq!(config.log_level(), LogLevel::Trace);
    assert!(!config.publication());
    assert_eq!(config.warnings().len(), 1, "kept, and not twice");
}

#[test]
fn the_program_says_who_the_node_is() {
    let named = file("[trust]\nidentity_file = \"/id\"");
    let identity = Overrides { identity: Some(secret_identity()), ..Default::default() };
    let config = named.clone().code(identity.clone()).ok();
    assert_eq!(config.identity_file(), None);
    assert_eq!(config.identity().unwrap().peer(), secret_identity().peer());
    let key = variable("ASTER_SECRET_KEY", SECRET);
    let path = Overrides { identity_file: Some("/other".into()), ..Default::default() };
    let config = key.code(path.clone()).ok();
    assert_eq!(config.identity_file(), Some(Path::new("/other")));
    assert_eq!(config.show_json()["network"]["secret_key"]["value"], serde_json::Value::Null);
    let both = Overrides { identity: Some(secret_identity()), ..path };
    assert!(named.code(both).error().contains("two identities"));
}

#[test]
fn the_network_of_the_program_replaces_the_relay_whole() {
    let case = variable("IROH_RELAY_URL", "https://r").variable("ASTER_BIND_ADDR", "127.0.0.1:1");
    assert_ne!(case.ok().network(Side::Client).relay, RelayMode::Default);
    for network in [
        Network::loopback(),
        Network::default(),
        Network {
            bind: "127.0.0.1:2".parse().unwrap(),
            relay: RelayMode::Custom("https://x".into()),
        },
    ] {
        let config = case.clone().code(Overrides::default().with_network(network.clone())).ok();
        assert_eq!(config.network(Side::Server), network);
        assert_eq!(config.network(Side::Client), network);
        assert_eq!(config.warnings(), []);
    }
}

#[test]
fn b6_the_bind_address_is_a_servers_and_is_applied() {
    let config = variable("ASTER_BIND_ADDR", "127.0.0.1:4433").ok();
    assert_eq!(config.network(Side::Server).bind, "127.0.0.1:4433".parse().unwrap());
    assert_eq!(config.network(Side::Client).bind, Network::default().bind);
    let config = file("[network]\nbind_addr = \"127.0.0.1:1\"").ok();
    assert_eq!(config.network(Side::Server).bind, "127.0.0.1:1".parse().unwrap());
}

#[test]
fn the_program_sets_all_limits_at_once() {
    let limits = crate::Limits { max_items: 5, ..Default::default() };
    let code = Overrides { limits: Some(limits), ..Default::default() };
    let config = variable("ASTER_MAX_DEPTH", "7").code(code).ok();
    assert_eq!((config.limits().max_items, config.limits().max_depth), (5, 50));
    let shown = config.show_json();
    assert!(shown["limits"].as_object().unwrap().values().all(|entry| entry["source"] == "code"));
}

#[test]
fn defaults_are_closed_and_complete() {
    let config = Case::default().ok();
    assert!(!config.allow_unbound_credentials());
    assert_eq!((config.root(), config.identity_file(), config.storage_path()), (None, None, None));
    assert_eq!(config.nonce_store(), Some(Path::new("/home/ada/.aster/nonces.json")));
    assert_eq!(config.network(Side::Server), Network::default());
    assert!(config.publication() && config.log_mask());
    assert_eq!(config.endpoint_addr(), None);
    assert!(config.revocation_files().is_empty());
    assert_eq!(config.enrollment_credential(), None);
    let (one, two) = (config.identity().unwrap(), config.identity().unwrap());
    assert_ne!(one.peer(), two.peer());
}
