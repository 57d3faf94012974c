use snapbox::str;

use super::{Folder, root};

#[test]
fn show_with_sources() {
    let folder = Folder::with_root();
    std::fs::write(
        folder.at("aster.toml"),
        "[trust]\nroot_pubkey_file = \"root.pub\"\n\n[limits]\nmax_frame_bytes = 2000\n",
    )
    .unwrap();
    let show = ["config", "show", "--config", "aster.toml"];
    let output = folder
        .command(&show)
        .env("ASTER_BIND_ADDR", "127.0.0.1:7000")
        .env("ASTER_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")
        .assert()
        .code(0)
        .stderr_eq(str![]);
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let line = |name: &str| text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
    assert!(line("bind_addr").contains("127.0.0.1:7000"), "{text}");
    assert!(line("bind_addr").ends_with("(ASTER_BIND_ADDR)"), "{text}");
    assert!(line("root_pubkey_file").contains("aster.toml"), "{text}");
    assert!(line("gate").contains("closed"), "{text}");
    assert!(!text.contains("BwcH"), "{text}");
    let json = folder.json(&[&show[..], &["--json"]].concat());
    assert_eq!(json["effective"]["root"]["value"], root().public_key().to_string());
    assert_eq!(json["network"]["bind_addr"]["source"], "default");
}

#[test]
fn mistakes() {
    let folder = Folder::new();
    std::fs::write(folder.at("aster.toml"), "[trust]\nroot_pubkey_fil = \"root.pub\"\n").unwrap();
    folder
        .aster(&["config", "show", "--config", "aster.toml"])
        .code(2)
        .stdout_eq(str![])
        .stderr_eq(str![[r#"
Error: configuration: aster.toml line 2: [trust] has no key `root_pubkey_fil`; did you mean `root_pubkey_file`?
Hint: docs/aster.toml lists all settings

"#]]);
    folder.aster(&["config", "show", "--config", "none.toml"]).code(2).stderr_eq(str![[r#"
Error: configuration: the configuration file (code): cannot read none.toml: No such file or directory (os error 2)
Hint: docs/aster.toml lists all settings

"#]]);
    folder
        .command(&["config", "show"])
        .env("ASTER_BIND_ADR", "x")
        .assert()
        .code(0)
        .stderr_eq(str![[r#"
Warning: ASTER_BIND_ADR is no variable of this program and has no effect; did you mean ASTER_BIND_ADDR?

"#]]);
}
