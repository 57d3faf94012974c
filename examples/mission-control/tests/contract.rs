//! The program's contracts: what it tells tools, and the manifest beside it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use aster::contract::{Contract, manifest};
use serde_json::Value;

/// The manifest that is committed.
const COMMITTED: &str = include_str!("../.aster/manifest.json");

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mission-control"));
    // What the person who runs the tests has set is not what they are about.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ASTER_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn export(command: &mut Command) -> Output {
    command.env("ASTER_CONTRACT_EXPORT", "manifest").output().unwrap()
}

#[test]
fn the_committed_manifest_is_the_program_s() {
    let output = export(&mut program());
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
    assert!(
        text(&output.stdout) == COMMITTED,
        "the contracts have changed; to accept: aster contract gen target/debug/mission-control \
         --out examples/mission-control/.aster/manifest.json"
    );
}

#[test]
fn the_contracts_are_those_of_the_guide() {
    let ids: Vec<_> = manifest::read(COMMITTED)
        .unwrap()
        .into_iter()
        .map(|contract: Contract| format!("{} {}", contract.service, contract.id))
        .collect();
    assert_eq!(
        ids,
        [
            "MissionControl e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530",
            "AgentSession eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d",
            "Administration edb3672a9ea5213d19093cce168fbf0b79d31565c9065fd131d523476c78e323",
        ]
    );
}

#[test]
fn the_manifest_says_what_a_caller_needs() {
    let contracts = manifest::read(COMMITTED).unwrap();
    let methods = contracts.iter().flat_map(|contract| &contract.methods);
    let required: Vec<_> = methods
        .map(|method| format!("{}: {}", method.name, method.requires.as_ref().unwrap()))
        .collect();
    assert_eq!(
        required,
        [
            "getStatus: ops.status",
            "ingestMetrics: ops.ingest",
            "submitLog: admission",
            "tailLogs: any of ops.logs, ops.admin",
            "register: ops.ingest",
            "runCommand: ops.admin",
            "adminStatus: all of ops.status, ops.admin",
        ]
    );
}

/// The reference published these services too. Its readers find the same in
/// our manifest, key by key.
#[test]
fn the_reference_s_part_of_the_manifest_is_the_reference_s() {
    let vectors = include_str!("../../../aster-runtime/vectors/manifests.json");
    let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
    let mut committed: Vec<Value> = serde_json::from_str(COMMITTED).unwrap();
    for (ours, name) in
        committed.iter_mut().zip(["mission_control_ch4", "mission_agent_session_ch4"])
    {
        for method in ours["methods"].as_array_mut().unwrap() {
            for key in ["description", "requires", "contract"] {
                method.as_object_mut().unwrap().remove(key);
            }
        }
        let vector = vectors.iter().find(|vector| vector["name"] == name).unwrap();
        assert_eq!(*ours, vector["manifest"]);
    }
}

#[test]
fn the_export_happens_before_anything_else() {
    let output = export(program().arg("--no-such-option"));
    assert!(output.status.success());
    assert_eq!(text(&output.stdout), COMMITTED);
}

#[test]
fn without_the_question_there_is_no_answer() {
    for value in ["", "1", "manifest "] {
        let output =
            program().arg("--version").env("ASTER_CONTRACT_EXPORT", value).output().unwrap();
        assert!(output.status.success());
        assert!(text(&output.stdout).starts_with("mission-control "));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_export_that_fails_says_so() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = export(program().stdout(full));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).starts_with("error: cannot export the contracts of this program: "),
        "{}",
        text(&output.stderr)
    );
}

/// Starts the control plane in a directory with this manifest.
fn start_beside(text: &str) -> (Output, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join(".aster")).unwrap();
    std::fs::write(directory.path().join(".aster/manifest.json"), text).unwrap();
    let output = program()
        .current_dir(directory.path())
        .env("ASTER_RELAY_MODE", "disabled")
        .env_remove("ASTER_BIND_ADDR")
        .output()
        .unwrap();
    (output, directory)
}

#[test]
fn the_control_plane_does_not_start_beside_another_manifest() {
    let mut manifest: Value = serde_json::from_str(COMMITTED).unwrap();
    manifest[1]["contract_id"] = Value::from("0".repeat(64));
    let (output, directory) = start_beside(&manifest.to_string());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    let start = "error: the contract of AgentSession version 1 is not the one in \
                 .aster/manifest.json:\n";
    let end = "accept it: aster contract gen PROGRAM --out .aster/manifest.json\n";
    assert!(said.starts_with(start) && said.ends_with(end), "{said}");
    // Nothing was changed.
    let path: &Path = &directory.path().join(".aster/manifest.json");
    assert_eq!(std::fs::read_to_string(path).unwrap(), manifest.to_string());
}

#[test]
fn the_control_plane_does_not_start_beside_a_damaged_manifest() {
    let (output, _directory) = start_beside(&COMMITTED[..COMMITTED.len() / 2]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.starts_with("error: .aster/manifest.json is not a manifest: line "), "{said}");
}
