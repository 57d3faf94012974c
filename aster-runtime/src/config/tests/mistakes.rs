//! The exact text of each mistake.

use super::*;

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "[trust]\nroot_pubky = \"\"\nallow_all_consumers = \"false\"\n\n[netwrok]\nbind_addr = \"x\"\n\n[logging]\nlevel = \"loud\"\n";
    let errors = file(text)
        .variable("ASTER_LOG_MASK", "maybe")
        .variable("ASTER_RELAY_MODE", "custom")
        .variable("ASTER_ENROLLMENT_CREDENTIAL", "/none")
        .resolve()
        .unwrap_err();
    assert_eq!(
        errors.to_string(),
        "configuration: 7 mistakes
  - aster.toml line 2: [trust] has no key `root_pubky`; did you mean `root_pubkey`?
  - allow_all_consumers (file aster.toml [trust] line 3): expected true or false without quotes, found a text in quotes
  - aster.toml line 5: there is no section [netwrok]; did you mean [network]?
  - level (file aster.toml [logging] line 9): expected one of error, warning, info, debug, trace, found \"loud\"
  - mask (ASTER_LOG_MASK): expected true or false (or 1, 0, yes, no, on, off), found \"maybe\"
  - enrollment_credential (ASTER_ENROLLMENT_CREDENTIAL): cannot read /none: entity not found
  - relay_mode (ASTER_RELAY_MODE): custom needs relay_url as well, as in https://relay.example.com"
    );
    assert_eq!(errors.errors().len(), 7);
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_name() {
    for (text, expected) in [
        (
            "[trust]\nenrollment_credential_file = \"x\"",
            "line 2: [trust] has no key `enrollment_credential_file`; did you mean `enrollment_credential`?",
        ),
        (
            "[trust]\nbind_addr = \"x\"",
            "line 2: [trust] has no key `bind_addr`; it belongs to [network]",
        ),
        (
            "[logging]\nmax_items = 1",
            "line 2: [logging] has no key `max_items`; it belongs to [limits]",
        ),
        (
            "[storage]\nallow_all_producers = true",
            "line 2: [storage] has no key `allow_all_producers`; it has path",
        ),
        (
            "[storage]\nsomething_else = 1",
            "line 2: [storage] has no key `something_else`; it has path",
        ),
        (
            "[limits]\nmax_item = 1",
            "line 2: [limits] has no key `max_item`; did you mean `max_items`?",
        ),
        (
            "root_pubkey = \"x\"",
            "line 1: `root_pubkey` stands outside of its section; put it under [trust]",
        ),
        (
            "\n[something]\n",
            "line 2: there is no section [something]; the sections are trust, connect, network, storage, publication, logging, limits",
        ),
        ("trust = 1", "line 1: [trust] is a section, found a number"),
        ("[[trust]]\n", "line 1: [trust] is a section, found a list"),
        (
            "[Trust]\nroot_pubkey = \"x\"",
            "line 1: there is no section [Trust]; did you mean [trust]?",
        ),
        (
            "[logging]\n\"LEVEL\" = 1",
            "line 2: [logging] has no key `LEVEL`; it has format, level, mask",
        ),
    ] {
        assert_eq!(file(text).error(), format!("aster.toml {expected}"));
    }
    let long = format!("[storage]\n{} = 1", "k".repeat(500));
    assert_eq!(
        file(&long).error(),
        format!("aster.toml line 2: [storage] has no key `{}...`; it has path", "k".repeat(64))
    );
}

#[test]
fn a_file_that_is_not_toml_is_told_by_line() {
    for (text, line) in [
        ("[trust]\nroot_pubkey\n", 2),
        ("[trust\n", 1),
        ("[logging]\nmask = false\nmask = true\n", 3),
        ("[logging]\nlevel = info\n", 2),
        ("[trust]\n\n[trust]\n", 3),
    ] {
        let error = file(text).errors().remove(0);
        assert!(error.starts_with(&format!("aster.toml line {line}: ")), "{error}");
    }
    assert_eq!(
        file("[logging]\nmask = false\nmask = true\n").error(),
        "aster.toml line 3: duplicate key"
    );
}

#[test]
fn bad_values_say_what_to_write() {
    for (section, key, value, expected) in [
        (
            "trust",
            "root_pubkey",
            "\"ab\"",
            "a root public key is 64 lower-case hex characters (32 bytes), with nothing before it",
        ),
        ("trust", "root_pubkey", "5", "expected a text in quotes, found a number"),
        (
            "trust",
            "root_pubkey",
            "\"\"",
            "the text is empty; leave the key out, or give it a value",
        ),
        ("trust", "root_pubkey_file", "\"/none\"", "cannot read /none: entity not found"),
        (
            "trust",
            "root_pubkey_file",
            "\"~eve/root.pub\"",
            "only ~/ is known, not the home of another user",
        ),
        (
            "trust",
            "revocation_files",
            "\"/r\"",
            "expected a list of strings, found a text in quotes",
        ),
        ("trust", "revocation_files", "[1]", "expected a text in quotes, found a number"),
        (
            "trust",
            "revocation_files",
            "[\"\"]",
            "the text is empty; leave the key out, or give it a value",
        ),
        ("trust", "revocation_files", "[\"/none\"]", "cannot read /none: entity not found"),
        ("trust", "enrollment_credential", "\"/none\"", "cannot read /none: entity not found"),
        (
            "connect",
            "endpoint_addr",
            "\"here\"",
            "not an address: expected a ticket (aster1...), 64 hex characters, or base64 of a node address",
        ),
        ("network", "secret_key", "\"AAAA\"", "expected base64 of 32 bytes"),
        ("network", "secret_key", "1", "expected a text in quotes, found a number"),
        (
            "network",
            "relay_mode",
            "\"off\"",
            "expected one of default, disabled, custom, found \"off\"",
        ),
        (
            "network",
            "relay_mode",
            "\"Disabled\"",
            "expected one of default, disabled, custom, found \"Disabled\"",
        ),
        (
            "network",
            "relay_mode",
            "\"staging\"",
            "staging is not a mode here; leave the mode out and set IROH_FORCE_STAGING_RELAYS=1",
        ),
        (
            "network",
            "relay_mode",
            "\"custom\"",
            "custom needs relay_url as well, as in https://relay.example.com",
        ),
        (
            "network",
            "bind_addr",
            "\"localhost\"",
            "expected an address and port, as in 127.0.0.1:4433, found \"localhost\"",
        ),
        (
            "network",
            "bind_addr",
            "\" 127.0.0.1:1\"",
            "expected an address and port, as in 127.0.0.1:4433, found \" 127.0.0.1:1\"",
        ),
        ("network", "bind_addr", "4433", "expected a text in quotes, found a number"),
        ("publication", "enabled", "1", "expected true or false without quotes, found a number"),
        ("logging", "format", "\"xml\"", "expected one of text, json, found \"xml\""),
        (
            "logging",
            "mask",
            "\"true\"",
            "expected true or false without quotes, found a text in quotes",
        ),
    ] {
        assert_eq!(
            file(&format!("[{section}]\n{key} = {value}")).error(),
            format!("{key} (file aster.toml [{section}] line 2): {expected}")
        );
    }
    for url in [
        "relay.example.com",
        "ftp://r",
        "https://",
        "https:///x",
        "https://u@h",
        "http://:1",
        "https://a b",
        "https://ä",
    ] {
        assert_eq!(
            file(&format!("[network]\nrelay_url = \"{url}\"")).error(),
            "relay_url (file aster.toml [network] line 2): expected a URL, as in https://relay.example.com"
        );
    }
    let paths = vec!["\"/r\""; 65].join(",");
    assert_eq!(
        file(&format!("[trust]\nrevocation_files = [{paths}]")).error(),
        "revocation_files (file aster.toml [trust] line 2): 65 paths are too many; at most 64"
    );
    let paths = vec!["\"/r\""; 64].join(",");
    assert!(
        file(&format!("[trust]\nrevocation_files = [{paths}]")).disk("/r", "").resolve().is_ok()
    );
    assert_eq!(
        variable("ASTER_REVOCATION_FILES", "/r::/r").disk("/r", "").error(),
        "revocation_files (ASTER_REVOCATION_FILES): one of the paths is empty"
    );
    let homeless = Environment::new([("ASTER_STORAGE_PATH".into(), "~/s".into())], None);
    let resolved = Config::resolve(None, &homeless, Overrides::default(), &Memory::default());
    assert_eq!(
        resolved.unwrap_err().to_string(),
        "configuration: path (ASTER_STORAGE_PATH): ~ has no meaning here, because HOME is not set"
    );
}

#[test]
fn b2_contradictions_name_both_places() {
    let (a, b) = roots();
    let (short_a, short_b) = (a.short(), b.short());
    let root = format!("[trust]\nroot_pubkey = \"{a}\"\n");
    assert_eq!(
        file(&root).variable("ASTER_ALLOW_ALL_CONSUMERS", "true").error(),
        "the gate cannot be open and closed: allow_all_consumers = true (ASTER_ALLOW_ALL_CONSUMERS) lets everybody in, root_pubkey (file aster.toml [trust] line 2) lets in whom the root signed for; remove one of the two"
    );
    assert_eq!(
        file(&root).variable("ASTER_ROOT_PUBKEY_FILE", "/r").disk("/r", &b.to_string()).error(),
        format!(
            "two roots are named: root_pubkey (file aster.toml [trust] line 2) is {short_a}, root_pubkey_file (ASTER_ROOT_PUBKEY_FILE) is {short_b}; remove the one that is not yours"
        )
    );
    assert_eq!(
        file("[trust]\nallow_all_consumers = false").error(),
        "allow_all_consumers = false (file aster.toml [trust] line 2) without a root key: nobody could enter; set root_pubkey or root_pubkey_file as well"
    );
    assert_eq!(
        file("[trust]\nidentity_file = \"/id\"").variable("ASTER_SECRET_KEY", SECRET).error(),
        "secret_key (ASTER_SECRET_KEY) and identity_file (file aster.toml [trust] line 2) are two identities; remove one of the two"
    );
    assert_eq!(
        Case::default().ok().gate().unwrap_err().to_string(),
        "nothing says who may call this server: name the key of your root with root_pubkey or root_pubkey_file; for a server that everybody may call, set allow_all_consumers = true"
    );
}

#[test]
fn b6_a_setting_that_would_be_ignored_is_refused() {
    for (section, key, inert, other, advice) in [
        ("trust", "root_key", None, "\"x\"", "no private root key is read here; set root_pubkey"),
        (
            "trust",
            "root_key_file",
            None,
            "\"x\"",
            "no private root key is read here; set root_pubkey_file",
        ),
        (
            "trust",
            "enrollment_credential_iid",
            None,
            "\"x\"",
            "cloud identities are not checked here; bind the credential to the key of its node",
        ),
        (
            "trust",
            "allow_all_producers",
            Some("true"),
            "false",
            "there is no admission of producers here; remove it",
        ),
        (
            "network",
            "enable_monitoring",
            Some("false"),
            "true",
            "there is no monitoring to switch on; remove it",
        ),
        (
            "network",
            "enable_hooks",
            Some("false"),
            "true",
            "connections pass the gate without hooks; remove it",
        ),
        (
            "network",
            "hook_timeout_ms",
            None,
            "5000",
            "the gate decides at once, there is nothing to wait for; remove it",
        ),
        (
            "network",
            "clear_ip_transports",
            Some("false"),
            "true",
            "direct paths cannot be switched off; set bind_addr to bind one address only",
        ),
        ("network", "clear_relay_transports", Some("false"), "true", "set relay_mode to disabled"),
        ("network", "proxy_from_env", Some("false"), "true", "proxies are not supported"),
        ("network", "proxy_url", None, "\"http://p\"", "proxies are not supported"),
        (
            "network",
            "portmapper_config",
            None,
            "\"disabled\"",
            "port mapping goes with the relays; relay_mode = disabled switches both off",
        ),
        (
            "network",
            "local_discovery",
            Some("false"),
            "true",
            "discovery on the local network is not supported",
        ),
    ] {
        let name = format!("ASTER_{}", key.to_ascii_uppercase());
        let in_file = |value: &str| file(&format!("[{section}]\n{key} = {value}"));
        assert_eq!(
            in_file(other).error(),
            format!("{key} (file aster.toml [{section}] line 2): not supported: {advice}")
        );
        assert_eq!(
            variable(&name, other).error(),
            format!("{key} ({name}): not supported: {advice}")
        );
        let asks_nothing = variable(&name, inert.unwrap_or(" ")).ok();
        assert_eq!(asks_nothing.warnings(), []);
        if let Some(inert) = inert {
            assert!(in_file(inert).resolve().is_ok());
            assert!(in_file("\"x\"").error().contains("expected true or false"));
            assert!(variable(&name, "").error().contains("the variable is empty"));
        }
    }
}
