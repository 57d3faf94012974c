use super::*;
use crate::config::Side;
use crate::config::keys::KEYS;

#[test]
fn every_key_of_the_file_is_read() {
    let (a, _) = roots();
    let text = format!(
        r#"
[trust]
root_pubkey = "{a}"
root_pubkey_file = "root.pub"
allow_unbound_credentials = true
identity_file = "/etc/id"
enrollment_credential = "~/edge.cred"
nonce_store = "nonces"
revocation_files = ["/r1", "r2"]

[connect]
endpoint_addr = "{}"

[network]
relay_mode = "custom"
relay_url = "https://relay.example.com/"
bind_addr = "127.0.0.1:4433"

[storage]
path = "/var/lib/aster"

[publication]
enabled = false

[logging]
format = "json"
level = "debug"
mask = false

[limits]
max_message_bytes = 0x10_0000
max_call_duration_ms = 60000
"#,
        secret_identity().peer()
    );
    let config = file(&text)
        .disk_mode("root.pub", &format!(" {a}\n"), 0o644)
        .disk("/home/ada/edge.cred", "")
        .disk("/r1", "")
        .disk("r2", "")
        .ok();
    assert_eq!(config.root(), Some(a));
    assert!(config.allow_unbound_credentials());
    assert_eq!(config.identity_file(), Some(Path::new("/etc/id")));
    assert_eq!(config.enrollment_credential(), Some(Path::new("/home/ada/edge.cred")));
    assert_eq!(config.nonce_store(), Some(Path::new("nonces")));
    assert_eq!(config.revocation_files(), [PathBuf::from("/r1"), "r2".into()]);
    assert_eq!(config.endpoint_addr(), Some(secret_identity().peer().to_string().as_str()));
    let network = config.network(Side::Server);
    assert_eq!(network.bind, "127.0.0.1:4433".parse().unwrap());
    assert_eq!(network.relay, crate::RelayMode::Custom("https://relay.example.com/".into()));
    assert_eq!(config.storage_path(), Some(Path::new("/var/lib/aster")));
    assert!(!config.publication());
    assert_eq!(config.log_format(), crate::config::LogFormat::Json);
    assert_eq!(config.log_level(), crate::config::LogLevel::Debug);
    assert!(!config.log_mask());
    assert_eq!(config.limits().max_message_bytes, 1024 * 1024);
    assert_eq!(config.limits().max_call_duration, Some(std::time::Duration::from_secs(60)));
    // Each of the values knows its line.
    let shown = config.show_json();
    assert_eq!(shown["trust"]["root_pubkey"]["source"], "file aster.toml [trust] line 3");
    assert_eq!(shown["logging"]["mask"]["source"], "file aster.toml [logging] line 28");
    let named = KEYS.iter().filter(|key| shown[key.section][key.name]["source"] != "default");
    assert_eq!(named.count(), KEYS.len() - 2, "all but secret_key and the open gate");
}

#[test]
fn relative_paths_start_at_the_directory_of_the_file() {
    let memory = Case::default()
        .disk("/etc/aster/aster.toml", "[trust]\nidentity_file = \"id\"\n[storage]\npath = \"/s\"");
    let path = Path::new("/etc/aster/aster.toml");
    let load = |case: &Case| {
        Config::load_from(Some(path), &case.environment(), Overrides::default(), &case.memory)
    };
    let config = load(&memory).unwrap();
    assert_eq!(config.identity_file(), Some(Path::new("/etc/aster/id")));
    assert_eq!(config.storage_path(), Some(Path::new("/s")));
    // Paths of variables start at the current directory.
    let config = load(&memory.variable("ASTER_IDENTITY_FILE", "id")).unwrap();
    assert_eq!(config.identity_file(), Some(Path::new("id")));
}

#[test]
fn the_file_is_the_named_one_and_no_other() {
    let text = "[logging]\nlevel = \"debug\"";
    let case = Case::default().disk("aster.toml", text).disk("/a", text).disk("/b", "");
    let load = |case: &Case, path: Option<&str>| {
        let code = Overrides::default();
        Config::load_from(path.map(Path::new), &case.environment(), code, &case.memory)
    };
    let level = |case: &Case, path| load(case, path).unwrap().log_level();
    use crate::config::LogLevel::{Debug, Info};
    assert_eq!(level(&case, None), Info, "aster.toml in the current directory is not used");
    assert_eq!(level(&case, Some("/a")), Debug);
    let named = case.clone().variable("ASTER_CONFIG", " /a ");
    assert_eq!(level(&named, None), Debug);
    assert_eq!(level(&named, Some("/b")), Info, "the program's path wins");

    let missing = case.clone().variable("ASTER_CONFIG", "/c");
    assert_eq!(
        load(&missing, None).unwrap_err().to_string(),
        "configuration: the configuration file (ASTER_CONFIG): cannot read /c: entity not found"
    );
    assert_eq!(
        load(&case, Some("/c")).unwrap_err().to_string(),
        "configuration: the configuration file (code): cannot read /c: entity not found"
    );
    assert_eq!(
        load(&case.clone().variable("ASTER_CONFIG", ""), None).unwrap_err().to_string(),
        "configuration: the configuration file (ASTER_CONFIG): the variable is empty; unset it, or give it a value"
    );
    let large = case.disk("/large", &"#\n".repeat(128 * 1024));
    assert!(load(&large, Some("/large")).is_ok());
    let large = large.disk("/large", &"#\n".repeat(128 * 1024 + 1));
    assert_eq!(
        load(&large, Some("/large")).unwrap_err().to_string(),
        "configuration: the configuration file (code): /large: it is larger than 262144 bytes"
    );
}

#[test]
fn b20_a_secret_in_a_file_that_others_read_is_refused() {
    let text = format!("[network]\nsecret_key = \"{SECRET}\"\n");
    let load = |mode| {
        let case = Case::default().disk_mode("/a", &text, mode);
        let path = Some(Path::new("/a"));
        Config::load_from(path, &case.environment(), Overrides::default(), &case.memory)
    };
    assert!(load(0o600).is_ok());
    let error = load(0o644).unwrap_err().to_string();
    assert_eq!(
        error,
        "configuration: secret_key (file /a [network] line 2): /a can be read by others (mode 644); run: chmod 600 /a"
    );
    // Without a secret in it the file may be read by all.
    let case = Case::default().disk_mode("/a", "[logging]\nmask = false", 0o644);
    let path = Some(Path::new("/a"));
    let config =
        Config::load_from(path, &case.environment(), Overrides::default(), &case.memory).unwrap();
    assert!(!config.log_mask());
}

#[test]
fn hostile_files_end_soon_and_in_an_error() {
    let deep = format!("[trust]\nroot_pubkey = {}", "[".repeat(100_000));
    let tables = format!("[trust]\nroot_pubkey = {}", "{a=".repeat(60_000));
    let dotted = format!("[trust{}]", ".a".repeat(100_000));
    let sections: String = (0..20_000).map(|n| format!("[s{n}]\n")).collect();
    let keys: String = (0..20_000).map(|n| format!("k{n}=1\n")).collect();
    let broken = "= =\n".repeat(60_000);
    for text in [deep, tables, dotted, sections, format!("[trust]\n{keys}"), broken] {
        let errors = file(&text).errors();
        assert!((1..=50).contains(&errors.len()), "{}", errors.len());
        assert!(errors.iter().all(|error| error.len() < 400), "{}", errors[0]);
    }
    for text in ["\0", "\u{feff}[trust]\nx=1", "[trust]\r\nx=1\r\n", "\u{1b}[31m"] {
        assert!(file(text).resolve().is_err(), "{text:?}");
    }
    // What is printed does not move the cursor.
    for text in ["\"\u{1b}[31m\" = 1", "[trust]\n\"\\u001b[31m\" = 1", "[\"\\u001b\"]\n"] {
        for error in file(text).errors() {
            assert!(!error.contains('\u{1b}'), "{error:?}");
        }
    }
}

#[test]
fn windows_line_ends_and_dotted_keys_are_toml_too() {
    assert!(!file("[logging]\r\nmask = false\r\n").ok().log_mask());
    let config = file("logging.mask = false\nnetwork.relay_mode = \"disabled\"").ok();
    assert!(!config.log_mask());
    let shown = config.show_json();
    assert_eq!(shown["network"]["relay_mode"]["source"], "file aster.toml [network] line 2");
}
