//! The same on a real disk.

use super::*;
use crate::config::files::Disk;

fn load(path: &Path) -> Result<Config, ConfigErrors> {
    Config::load_from(Some(path), &Environment::default(), Overrides::default(), &Disk)
}

#[test]
fn a_server_is_configured_by_files() {
    let directory = tempfile::tempdir().unwrap();
    let root = RootKey::generate();
    let public = root.save_new(directory.path().join("root.key")).unwrap();
    let path = directory.path().join("aster.toml");
    let text = "[trust]\nroot_pubkey_file = \"root.pub\"\nidentity_file = \"node.id\"\n";
    std::fs::write(&path, text).unwrap();
    let config = load(&path).unwrap();
    assert_eq!(config.root(), Some(root.public_key()));
    // The identity is made at the first start, and kept.
    assert!(!directory.path().join("node.id").exists());
    let peer = config.identity().unwrap().peer();
    let again = load(&path).unwrap();
    assert_eq!(again.identity().unwrap().peer(), peer);
    // More of the program's settings, read from the disk again.
    std::fs::remove_file(&public).unwrap();
    let error = again.with(Overrides::default()).unwrap_err().to_string();
    assert!(error.contains("root_pubkey_file (file ") && error.contains("cannot read"), "{error}");
}

#[test]
fn files_that_must_be_there_are_regular_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aster.toml");
    std::fs::write(&path, "[trust]\nenrollment_credential = \".\"\n").unwrap();
    let error = load(&path).unwrap_err().to_string();
    assert!(error.ends_with(": it is not a regular file"), "{error}");
    std::fs::write(directory.path().join("edge.cred"), "").unwrap();
    std::fs::write(&path, "[trust]\nenrollment_credential = \"edge.cred\"\n").unwrap();
    assert_eq!(
        load(&path).unwrap().enrollment_credential(),
        Some(directory.path().join("edge.cred").as_path())
    );
    std::fs::remove_file(directory.path().join("edge.cred")).unwrap();
    assert!(load(&path).is_err());
}

#[cfg(unix)]
#[test]
fn the_permissions_of_real_files_count() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aster.toml");
    std::fs::write(&path, format!("[network]\nsecret_key = \"{SECRET}\"\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = load(&path).unwrap_err().to_string();
    assert!(error.contains("(mode 640); run: chmod 600"), "{error}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(load(&path).unwrap().identity().unwrap().peer(), secret_identity().peer());
}

/// The test runs itself again, as a process with these variables.
#[test]
fn the_environment_of_the_process_is_read() {
    const NAME: &str = "config::tests::usage::the_environment_of_the_process_is_read";
    const CHILD: &str = "CONFIG_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let config = Config::load(None, Overrides::default()).unwrap();
        assert_eq!(config.log_format(), crate::config::LogFormat::Json, "of the file");
        assert_eq!(config.log_level(), crate::config::LogLevel::Trace, "of the environment");
        // Without HOME, the system knows the user's home, or nobody does.
        let store = std::env::home_dir()
            .filter(|home| !home.as_os_str().is_empty())
            .map(|home| home.join(".aster/nonces.json"));
        assert_eq!(config.nonce_store(), store.as_deref());
        let network = crate::Network::from_env().unwrap();
        assert_eq!(network.bind, "127.0.0.1:9".parse().unwrap());
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("aster.toml");
    std::fs::write(&path, "[logging]\nlevel = \"error\"\nformat = \"json\"").unwrap();
    let run = |bind: &str, home: &str| {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", NAME]).env(CHILD, "1").env("ASTER_CONFIG", &path);
        child.env("HOME", home).env("ASTER_LOG_LEVEL", "trace").env("ASTER_BIND_ADDR", bind);
        let output = child.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("running 1 test"), "{text}");
        output.status.success()
    };
    assert!(run("127.0.0.1:9", "/home/ada"));
    assert!(run("127.0.0.1:9", ""));
    assert!(!run("localhost", "/home/ada"));
}

#[test]
fn the_network_is_read_without_the_rest() {
    let network = |case: &Case| crate::config::network_of(&case.environment());
    let broken = variable("ASTER_ALLOW_ALL_CONSUMERS", "maybe").variable("ASTER_MAX_ITEMS", "x");
    assert_eq!(network(&broken), Ok(crate::Network::default()));
    let set =
        broken.variable("ASTER_BIND_ADDR", "127.0.0.1:9").variable("ASTER_RELAY_MODE", "disabled");
    let found = network(&set).unwrap();
    assert_eq!(found.bind, "127.0.0.1:9".parse().unwrap());
    assert_eq!(found.relay, crate::RelayMode::Disabled);
    let error = network(&variable("ASTER_BIND_ADDR", "localhost")).unwrap_err();
    assert_eq!(
        crate::InvalidVariable::from(error).to_string(),
        "configuration: bind_addr (ASTER_BIND_ADDR): expected an address and port, as in 127.0.0.1:4433, found \"localhost\""
    );
    assert!(network(&variable("ASTER_RELAY_MODE", "custom")).is_err());
    assert!(network(&variable("ASTER_PROXY_URL", "http://p")).is_err());
}
