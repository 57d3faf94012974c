//! Compiles every case. `TRYBUILD=overwrite cargo test -p ui-tests` rewrites the
//! expected errors; read the difference before committing it.

use std::process::Command;

/// The compiler whose words the `.stderr` files are.
const PINNED: &str = "rustc 1.95.";

#[test]
fn good_cases_compile_and_run() {
    let cases = trybuild::TestCases::new();
    cases.pass("cases/*/pass/*.rs");
}

#[test]
fn bad_cases_fail_with_the_expected_words() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler).arg("--version").output();
    let version = output.expect("rustc runs").stdout;
    let version = String::from_utf8_lossy(&version);
    let version = version.trim();
    assert!(
        version.starts_with(PINNED),
        "the expected errors are those of {PINNED}x and this is {version}; run the test with \
         `cargo +1.95 test -p ui-tests`, or move the pin as ui-tests/README.md says",
    );
    provide_manifest();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/*/fail/*.rs");
}

/// Puts `cases/manifest.json` where the cases see it: beside the `Cargo.toml`
/// that `trybuild` writes for them.
fn provide_manifest() {
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/../tests/trybuild/ui-tests");
    std::fs::create_dir_all(directory).expect("the directory of the cases can be made");
    std::fs::copy("cases/manifest.json", format!("{directory}/manifest.json"))
        .expect("the manifest can be copied");
}
