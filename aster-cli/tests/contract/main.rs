//! Transcripts of `aster contract`, with exit codes. `SNAPSHOTS=overwrite`
//! writes what the command printed into this file: read it before committing.

mod fleet;

use std::path::{Path, PathBuf};

use aster::contract::{Contract, manifest};
use snapbox::cmd::{Command, cargo_bin};
use snapbox::str;
use tempfile::TempDir;

/// A folder with the manifest of every state, as `STATE.json`.
fn manifests() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (state, descriptor) in fleet::STATES {
        let text = manifest::write(&[Contract::of(descriptor)]);
        std::fs::write(folder.path().join(format!("{state}.json")), text).unwrap();
    }
    folder
}

fn aster(folder: &Path) -> Command {
    Command::new(cargo_bin!("aster"))
        .arg("contract")
        .current_dir(folder)
        .env("HOME", folder)
        .env_remove("ASTER_CONTRACT_EXPORT")
}

/// The program in `examples/`, which `cargo test` builds beside this one.
fn program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(Path::parent).unwrap();
    let program = folder.join("examples").join(format!("fleet{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "build it with `cargo build -p aster-cli --examples`");
    program
}

#[test]
fn diff_of_an_added_optional_field() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "added.json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_a_renamed_field() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "renamed.json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_a_changed_pattern() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "pattern.json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_the_same() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "base.json"])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn diff_as_json() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "renamed.json", "--json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn gen_then_check_then_drift() {
    let folder = manifests();
    let program = program();
    let shown = program.to_str().unwrap();
    aster(folder.path())
        .args(["gen", shown])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    aster(folder.path())
        .args(["check", shown])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    std::fs::copy(folder.path().join("base.json"), folder.path().join(".aster/manifest.json"))
        .unwrap();
    aster(folder.path())
        .args(["check", "renamed.json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn check_without_a_manifest() {
    let folder = manifests();
    aster(folder.path())
        .args(["check", "base.json"])
        .assert()
        .code(2)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn the_python_form_of_gen_is_answered() {
    let folder = manifests();
    aster(folder.path())
        .args(["gen", "--service", "control:MissionControl", "--out", "x.json"])
        .assert()
        .code(2)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    assert!(!folder.path().join("x.json").exists());
}

#[test]
fn show() {
    let folder = manifests();
    aster(folder.path())
        .args(["show", "added.json"])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn export_and_import() {
    let folder = manifests();
    aster(folder.path())
        .args(["export", "base.json", "--out", "out"])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    aster(folder.path())
        .args(["import", "out/Fleet.aster.json"])
        .assert()
        .code(0)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    aster(folder.path())
        .args(["diff", "base.json", "out/Fleet.aster.json"])
        .assert()
        .code(0);
}

/// What a file claims is not believed, and nothing is written.
#[test]
fn import_of_a_forged_contract() {
    let folder = manifests();
    let text = std::fs::read_to_string(folder.path().join("base.json")).unwrap();
    let forged = text.replace("\"agent_id\"", "\"agent_no\"");
    assert_ne!(text, forged);
    std::fs::write(folder.path().join("forged.json"), forged).unwrap();
    aster(folder.path())
        .args(["import", "forged.json"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
    assert!(!folder.path().join(".aster").exists());
}

#[test]
fn sources_that_are_none() {
    let folder = manifests();
    let cases = [
        ("missing.json", str![]),
        (".", str![]),
        ("what", str![]),
    ];
    for (source, message) in cases {
        aster(folder.path()).args(["show", source]).assert().code(2).stderr_eq(message);
    }
}

/// A program without the line is told what to add.
#[test]
fn a_program_that_exports_nothing() {
    let folder = manifests();
    aster(folder.path())
        .args(["show", "/bin/true"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}

#[test]
fn malformed_files() {
    let folder = manifests();
    let cases = [
        ("[", str![]),
        ("{}", str![]),
        ("{\"service\": 5}", str![]),
    ];
    for (text, message) in cases {
        std::fs::write(folder.path().join("bad.json"), text).unwrap();
        aster(folder.path()).args(["show", "bad.json"]).assert().code(2).stderr_eq(message);
    }
}

#[test]
fn a_generated_client_is_checked() {
    let folder = manifests();
    let generate = ["gen-client", "base.json", "--lang", "python", "--out", "client"];
    aster(folder.path()).args(generate).assert().code(0);
    aster(folder.path()).args(generate).arg("--check").assert().code(0).stdout_eq("");
    aster(folder.path())
        .args(["gen-client", "renamed.json", "--lang", "python", "--out", "client", "--check"])
        .assert()
        .code(1)
        .stdout_eq(str![])
        .stderr_eq(str![]);
}
