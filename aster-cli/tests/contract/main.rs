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
        .stdout_eq(str![[r#"
Fleet.report request fleet/Report.region: added, optional<string> with the default null [JSON: compatible, XLANG: breaking]
compatible for JSON callers, breaking for XLANG callers

"#]])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_a_renamed_field() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "renamed.json"])
        .assert()
        .code(1)
        .stdout_eq(str![[r#"
Fleet.report request fleet/Report.agent: renamed from agent_id [JSON: breaking, XLANG: breaking]
breaking for JSON callers, breaking for XLANG callers

"#]])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_a_changed_pattern() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "pattern.json"])
        .assert()
        .code(1)
        .stdout_eq(str![[r#"
Fleet.watch: pattern server_stream -> unary [JSON: breaking, XLANG: breaking]
breaking for JSON callers, breaking for XLANG callers

"#]])
        .stderr_eq(str![]);
}

#[test]
fn diff_of_the_same() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "base.json"])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
identical

"#]])
        .stderr_eq(str![]);
}

#[test]
fn diff_as_json() {
    let folder = manifests();
    aster(folder.path())
        .args(["diff", "base.json", "renamed.json", "--json"])
        .assert()
        .code(1)
        .stdout_eq(str![[r#"
{"old":"5096b83993e4d13997f8a1c260a84723b1b137c7302264e88decd72360093cc1","new":"ba11eb30cc0b5df1bf53aaa9aa71de428ed72ebef1dcfddb7ba0bdedea1a2eaa","changes":[{"text":"Fleet.report request fleet/Report.agent: renamed from agent_id [JSON: breaking, XLANG: breaking]","service":"Fleet","method":"report","direction":"request","type":"fleet/Report","member":"agent","change":{"renamed_from":"agent_id"},"json":{"request":"breaking","response":"none"},"xlang":{"request":"breaking","response":"none"},"changes_id":true}],"verdict":{"text":"breaking for JSON callers, breaking for XLANG callers","json":"breaking","xlang":"breaking"}}

"#]])
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
        .stdout_eq(str![[r#"
Fleet v1 c564c1af8c4da3a448deb69763c690fb32702e07151f28b49cba9bb5a3c71d2e new

"#]])
        .stderr_eq(str![[r#"
Wrote .aster/manifest.json

"#]]);
    aster(folder.path())
        .args(["check", shown])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
Fleet v1: c564c1af8c4da3a448deb69763c690fb32702e07151f28b49cba9bb5a3c71d2e

"#]])
        .stderr_eq(str![]);
    std::fs::copy(folder.path().join("base.json"), folder.path().join(".aster/manifest.json"))
        .unwrap();
    aster(folder.path())
        .args(["check", "renamed.json"])
        .assert()
        .code(1)
        .stdout_eq(str![[r#"
Fleet v1: the contract changed
  manifest 5096b83993e4d13997f8a1c260a84723b1b137c7302264e88decd72360093cc1
  source   ba11eb30cc0b5df1bf53aaa9aa71de428ed72ebef1dcfddb7ba0bdedea1a2eaa
  Fleet.report request fleet/Report.agent: renamed from agent_id [JSON: breaking, XLANG: breaking]
  breaking for JSON callers, breaking for XLANG callers

"#]])
        .stderr_eq(str![[r#"
Error: .aster/manifest.json does not match renamed.json
Hint: undo the change, or accept it with `aster contract gen renamed.json --out .aster/manifest.json`

"#]]);
}

#[test]
fn check_without_a_manifest() {
    let folder = manifests();
    aster(folder.path()).args(["check", "base.json"]).assert().code(2).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: there is no manifest .aster/manifest.json
Hint: write it with `aster contract gen base.json`

"#]],
    );
}

#[test]
fn the_python_form_of_gen_is_answered() {
    let folder = manifests();
    aster(folder.path())
        .args(["gen", "--service", "control:MissionControl", "--out", "x.json"])
        .assert()
        .code(2)
        .stdout_eq(str![])
        .stderr_eq(str![[r#"
Error: --service control:MissionControl names a Python class; a Rust service is compiled
Hint: make `aster::export_contracts!(MissionControl);` the first line of the program's `main`, build it, then run `aster contract gen target/debug/PROGRAM --out .aster/manifest.json`

"#]]);
    assert!(!folder.path().join("x.json").exists());
}

#[test]
fn show() {
    let folder = manifests();
    aster(folder.path())
        .args(["show", "added.json"])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
Fleet v1 (shared; xlang)
  contract 08c566a0f7c17955c7facecf526269a45c69cf407f4f19292d00c6e0e44bd1a0
  Agents and their reports.

  report(fleet/Report) -> fleet/Receipt
    unary, timeout 5 s
    Takes one report.

  watch(fleet/Report) -> stream fleet/Receipt
    server_stream
    The receipts as they come.

  fleet/Receipt
    accepted: bool

  fleet/Report
    What an agent tells.
    agent_id: string
    load: f64
    region: optional<string>
      Where the agent runs.

"#]])
        .stderr_eq(str![]);
}

#[test]
fn export_and_import() {
    let folder = manifests();
    aster(folder.path())
        .args(["export", "base.json", "--out", "out"])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
out/Fleet.aster.json

"#]])
        .stderr_eq(str![]);
    aster(folder.path())
        .args(["import", "out/Fleet.aster.json"])
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
[..]/.aster/contracts/Fleet/5096b83993e4d139.aster.json

"#]])
        .stderr_eq(str![]);
    aster(folder.path()).args(["diff", "base.json", "out/Fleet.aster.json"]).assert().code(0);
}

/// What a file claims is not believed, and nothing is written.
#[test]
fn a44_import_of_a_forged_contract() {
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
        .stderr_eq(str![[r#"
Error: Fleet v1: the contract states the id 5096b83993e4d13997f8a1c260a84723b1b137c7302264e88decd72360093cc1, and what it says has the id ee2589d19c56214335b8844ec23d1f2ddf1422c78fc8fce29e9e560741b7bf1a
Hint: fetch it from a server that has it: `aster contract export ADDRESS`; files of the Python tool leave out what the id is made of

"#]]);
    assert!(!folder.path().join(".aster").exists());
}

#[test]
fn sources_that_are_none() {
    let folder = manifests();
    let cases = [
        (
            "missing.json",
            str![[r#"
Error: there is no file missing.json
Hint: build the program first, or write the manifest with `aster contract gen`

"#]],
        ),
        (
            ".",
            str![[r#"
Error: . is a directory
Hint: name the manifest in it, for example ./.aster/manifest.json

"#]],
        ),
        (
            "what",
            str![[r#"
Error: "what" is no file, and no address: not an address: expected a ticket (aster1...), 64 hex characters, or base64 of a node address
Hint: a source is a built program, a manifest or .aster.json file, an address (aster1...), or a name from `aster peers`

"#]],
        ),
    ];
    for (source, message) in cases {
        aster(folder.path()).args(["show", source]).assert().code(2).stderr_eq(message);
    }
}

/// A program without the line is told what to add.
#[test]
fn a_program_that_exports_nothing() {
    let folder = manifests();
    aster(folder.path()).args(["show", "/bin/true"]).assert().code(1).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: /bin/true printed something else than its contracts
Hint: make `aster::export_contracts!(MyService);` the first line of its `main`, and build it again

"#]],
    );
}

#[test]
fn malformed_files() {
    let folder = manifests();
    let cases = [
        (
            "[",
            str![[r#"
Error: bad.json: line 1, column 1: EOF while parsing a list

"#]],
        ),
        (
            "{}",
            str![[r#"
Error: bad.json: line 1, column 1: the key `service` is missing

"#]],
        ),
        (
            "{\"service\": 5}",
            str![[r#"
Error: bad.json: line 1, column 13: service: expected a string, found the number 5

"#]],
        ),
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
        .stdout_eq(str![[r#"
client/fleet/__init__.py: out of date
client/fleet/types.py: out of date
client/fleet/fleet_v1.py: out of date

"#]])
        .stderr_eq(str![[r#"
Error: 3 of 4 generated files differ
Hint: run the same command without --check, and commit what it writes

"#]]);
}
