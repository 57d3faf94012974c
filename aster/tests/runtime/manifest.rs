//! Servers beside a manifest: when they start, and what they say otherwise.

use std::path::{Path, PathBuf};

use aster::contract::{Contract, manifest};
use aster::{AsterServer, AsterServerBuilder, ManifestCheck, StartError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::{Calculator, CalculatorClient, Probe, loopback};

/// The manifest of the service, as it should be.
fn truth() -> Value {
    let contract = Contract::of(CalculatorClient::DESCRIPTOR);
    serde_json::from_str(&manifest::write(&[contract])).unwrap()
}

fn server(check: ManifestCheck) -> AsterServerBuilder {
    AsterServer::builder()
        .open_gate()
        .network(loopback())
        .service(Calculator { probe: Probe::default() })
        .manifest(check)
}

fn file(text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("manifest.json");
    std::fs::write(&path, text).unwrap();
    (directory, path)
}

/// Starts a server beside a file with this text. What it says names the file;
/// the name becomes `FILE`.
async fn start(text: &str) -> Result<(), String> {
    let (_directory, path) = file(text);
    start_at(&path).await
}

async fn start_at(path: &Path) -> Result<(), String> {
    let check = ManifestCheck::File(path.to_owned());
    let bound = server(check.clone()).bind().await;
    let in_process = server(check).in_process();
    assert_eq!(bound.is_ok(), in_process.is_ok());
    let said = |error: StartError| error.to_string().replace(path.to_str().unwrap(), "FILE");
    bound.map(drop).map_err(said)
}

async fn start_with(change: impl FnOnce(&mut Value)) -> Result<(), String> {
    let mut manifest = truth();
    change(&mut manifest);
    start(&serde_json::to_string_pretty(&manifest).unwrap()).await
}

const ANEW: &str = "\nWrite it anew: aster contract gen PROGRAM --out FILE";

#[tokio::test]
async fn a_server_starts_beside_its_own_manifest() {
    start_with(|_| ()).await.unwrap();
    // Among others, and with a line break at the end.
    let other = json!({"v": 1, "service": "Other", "version": 1, "contract_id": "0".repeat(64)});
    let text = format!("{}\n", json!([other, truth()]));
    start(&text).await.unwrap();
    start("[]").await.unwrap();
}

#[tokio::test]
async fn descriptions_and_defaults_do_not_count() {
    start_with(|manifest| {
        manifest["methods"][0]["description"] = json!("Something else.");
        manifest["methods"][0]["requires"] = json!({"role": "ops"});
        let ty = &mut manifest["methods"][0]["contract"]["types"][0];
        ty["description"] = json!("Something else.");
        ty["fields"][0]["default"] = json!(7);
        manifest["unknown"] = json!(true);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn another_version_or_service_is_not_looked_at() {
    for key in ["service", "version"] {
        start_with(|manifest| {
            manifest[key] = if key == "service" { json!("Other") } else { json!(2) };
            manifest["contract_id"] = json!("0".repeat(64));
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn a_manifest_may_state_the_id_only() {
    let truth = truth();
    let id = &truth["contract_id"];
    let only = json!({"service": "Calculator", "version": 1, "contract_id": id});
    start(&only.to_string()).await.unwrap();
    let other = json!({"service": "Calculator", "version": 1, "contract_id": "1".repeat(64)});
    assert_eq!(
        start(&other.to_string()).await.unwrap_err(),
        format!(
            "the contract of Calculator version 1 is not the one in FILE:\n  \
             in the manifest  {}\n  in the program   {}\n\
             If the change is meant, accept it: aster contract gen PROGRAM --out FILE",
            "1".repeat(64),
            id.as_str().unwrap()
        )
    );
}

#[tokio::test]
async fn another_contract_is_refused_with_what_changed() {
    let said = start_with(|manifest| {
        manifest["contract_id"] = json!("1".repeat(64));
        manifest["methods"][0]["pattern"] = json!("bidi_stream");
        manifest["methods"][0]["contract"]["types"][0]["fields"][0]["name"] = json!("amount");
    })
    .await
    .unwrap_err();
    let lines: Vec<_> = said.lines().map(str::trim_start).collect();
    assert_eq!(lines[0], "the contract of Calculator version 1 is not the one in FILE:");
    let pattern = "Calculator.addOne: pattern bidi_stream -> unary [";
    assert!(lines.iter().any(|line| line.starts_with(pattern)), "{said}");
    let field = "test/Number.value: renamed from amount [";
    assert!(lines.iter().any(|line| line.contains(field)), "{said}");
    let verdict = "breaking for JSON callers, breaking for XLANG callers";
    let accept = "If the change is meant, accept it: aster contract gen PROGRAM --out FILE";
    assert_eq!(lines[lines.len() - 2..], [verdict, accept]);
}

#[tokio::test]
async fn what_changed_is_told_in_terms_of_the_reference_s_manifest() {
    let said = start_with(|manifest| {
        manifest["contract_id"] = json!("1".repeat(64));
        strip(manifest);
        manifest["methods"][0]["idempotent"] = json!(false);
    })
    .await
    .unwrap_err();
    let lines: Vec<_> = said.lines().map(str::trim_start).collect();
    let changes = &lines[3..lines.len() - 2];
    let [change] = changes else { panic!("{said}") };
    assert!(change.starts_with("Calculator.addOne: idempotent "), "{said}");
}

/// Leaves what the reference writes.
fn strip(manifest: &mut Value) {
    for method in manifest["methods"].as_array_mut().unwrap() {
        let method = method.as_object_mut().unwrap();
        for key in ["contract", "description", "requires"] {
            method.remove(key);
        }
    }
}

#[tokio::test]
async fn a_manifest_of_the_reference_is_enough() {
    start_with(strip).await.unwrap();
}

#[tokio::test]
async fn content_that_contradicts_the_id_is_refused() {
    let id = truth()["contract_id"].as_str().unwrap().to_owned();
    let said = |what: &str| {
        format!(
            "FILE contradicts itself: what it says about Calculator version 1\n\
             is not what its contract id stands for:\n  contract id      {id}\n  {what}{ANEW}"
        )
    };
    assert_eq!(
        start_with(|manifest| manifest["methods"][0]["idempotent"] = json!(false))
            .await
            .unwrap_err(),
        said(
            "method addOne: unary test/Number -> test/Number\n  \
             but it is: unary test/Number -> test/Number, idempotent"
        )
    );
    assert_eq!(
        start_with(|manifest| {
            manifest["methods"][0]["name"] = json!("addTwo");
        })
        .await
        .unwrap_err(),
        said(
            "method addTwo: unary test/Number -> test/Number, idempotent\n  \
             but there is no such thing"
        )
    );
    let shorter = start_with(|manifest| {
        manifest["methods"].as_array_mut().unwrap().pop();
        manifest.as_object_mut().unwrap().remove("method_count");
    });
    let shorter = shorter.await.unwrap_err();
    let start = format!("  method {}, which is ", last());
    assert!(shorter.contains(&start) && shorter.contains(", is missing\n"), "{shorter}");
    assert_eq!(
        start_with(|manifest| {
            manifest["methods"][0]["contract"]["types"][0]["fields"][0]["type"] = json!("i32");
        })
        .await
        .unwrap_err(),
        said("type test/Number: (value: i32)\n  but it is: (value: i64)")
    );
    assert_eq!(
        start_with(|manifest| manifest["scoped"] = json!("session")).await.unwrap_err(),
        said("the scope: session\n  but it is: shared")
    );
    assert_eq!(
        start_with(|manifest| manifest["serialization_modes"] = json!([3])).await.unwrap_err(),
        said("the serialization modes: json\n  but it is: xlang")
    );
    assert_eq!(
        start_with(|manifest| {
            manifest["type_hashes"] = json!(["2".repeat(64)]);
            manifest["type_count"] = json!(1);
        })
        .await
        .unwrap_err(),
        said("type_hashes are not those of the types")
    );
}

/// The last method of the service by name.
fn last() -> String {
    let methods = truth()["methods"].clone();
    methods.as_array().unwrap().last().unwrap()["name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn damaged_files_are_refused() {
    for (text, said) in [
        ("{}", "line 1, column 1: the key `service` is missing"),
        ("{\"service\": \"Calculator\",\n", "line 2, column 0: EOF while parsing a value"),
        ("7", "line 1, column 1: expected an object or an array of objects, found the number 7"),
    ] {
        assert_eq!(start(text).await.unwrap_err(), format!("FILE is not a manifest: {said}{ANEW}"));
    }
    // The line depends on how the test's JSON library orders keys.
    let said = start_with(|manifest| manifest["version"] = json!("1")).await.unwrap_err();
    let mistake = format!(
        ", column 14: version: expected an integer of 32 bits, found the string \"1\"{ANEW}"
    );
    assert!(
        said.starts_with("FILE is not a manifest: line ") && said.ends_with(&mistake),
        "{said}"
    );
    let upper = truth()["contract_id"].as_str().unwrap().to_uppercase();
    let said = start_with(|manifest| manifest["contract_id"] = json!(format!("A{}", &upper[1..])))
        .await
        .unwrap_err();
    assert!(said.contains("contract_id: expected 64 lowercase hex digits"), "{said}");
    let said = start(&json!([truth(), truth()]).to_string()).await.unwrap_err();
    assert!(said.contains("[1]: version 1 of Calculator stands twice"), "{said}");
    let said = start_with(|manifest| manifest["method_count"] = json!(99)).await.unwrap_err();
    assert!(said.contains("method_count: 99 is stated, but `methods` has "), "{said}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let missing = start_at(&directory.path().join("missing")).await.unwrap_err();
    assert!(missing.starts_with("cannot read the manifest FILE: No such file"), "{missing}");
    let said = start_at(directory.path()).await.unwrap_err();
    assert_eq!(said, format!("cannot read the manifest FILE: it is not a regular file{ANEW}"));
    let path = directory.path().join("latin1");
    std::fs::write(&path, b"{\"service\": \"\xe9\"}").unwrap();
    let said = start_at(&path).await.unwrap_err();
    assert!(said.contains("invalid utf-8"), "{said}");
    let path = directory.path().join("long");
    std::fs::write(&path, vec![b' '; 16 * 1024 * 1024 + 1]).unwrap();
    let said = start_at(&path).await.unwrap_err();
    assert_eq!(said, format!("FILE is not a manifest: more than 16777216 bytes{ANEW}"));
}

#[tokio::test]
async fn the_check_can_be_switched_off() {
    server(ManifestCheck::Off).bind().await.unwrap();
    server(ManifestCheck::Off).in_process().unwrap();
}

#[test]
fn nothing_is_exported_when_nobody_asks() {
    aster::export_contracts!(Calculator, CalculatorClient);
}
