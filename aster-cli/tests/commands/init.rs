use std::path::{Path, PathBuf};
use std::process::Command;

use snapbox::str;
use terminal_tests::Server;

use super::{Folder, cargo_bin};

/// The workspace, and its crate `aster`.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn a_new_crate() {
    let folder = Folder::new();
    folder
        .aster(&["init", "fleet-agent"])
        .code(0)
        .stdout_eq(str![[r#"
fleet-agent/Cargo.toml
fleet-agent/src/lib.rs
fleet-agent/src/main.rs
fleet-agent/tests/greeter.rs
fleet-agent/.aster/manifest.json
fleet-agent/.github/workflows/ci.yml
fleet-agent/.gitignore

"#]])
        .stderr_eq(str![[r#"

Made the crate fleet-agent. Next:
  cd fleet-agent
  cargo test
  cargo run                    # serves, and prints its address
  cargo run -- ADDRESS Ada     # calls it

"#]]);
    let manifest = folder.read("fleet-agent/Cargo.toml");
    assert!(manifest.contains("name = \"fleet-agent\"\n"), "{manifest}");
    assert!(manifest.contains("\naster = \"0.1.0\"\n"), "{manifest}");
    assert!(folder.read("fleet-agent/src/main.rs").contains("use fleet_agent::{"));
    assert!(!folder.at("fleet-agent/AGENTS.md").exists());
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    std::fs::create_dir(folder.at("here")).unwrap();
    folder.write("here/main.c", "int main;");
    folder.aster(&["init", "here"]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: here is there already and is not empty
Hint: take another name; in a crate that exists, `aster init --ai` writes AGENTS.md alone

"#]]);
    assert_eq!(std::fs::read_dir(folder.at("here")).unwrap().count(), 1);
    std::fs::create_dir(folder.at("empty")).unwrap();
    folder.aster(&["init", "empty"]).code(0);
}

#[test]
fn agents_md_keeps_what_others_wrote() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "[package]\n");
    let ai = ["init", "--ai"];
    folder.aster(&ai).code(0).stdout_eq("AGENTS.md\n").stderr_eq("Wrote AGENTS.md.\n");
    let section = folder.read("AGENTS.md");
    folder.aster(&ai).code(0).stderr_eq("Nothing to change in AGENTS.md.\n");
    assert_eq!(folder.read("AGENTS.md"), section);
    folder.write("AGENTS.md", "# Rules\n\nBe brief.\n");
    folder.aster(&ai).code(0).stderr_eq("Updated AGENTS.md.\n");
    assert_eq!(folder.read("AGENTS.md"), format!("# Rules\n\nBe brief.\n\n{section}"));
    folder.write("AGENTS.md", "<!-- aster: begin -->\nhalf");
    folder.aster(&ai).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: AGENTS.md: the section begins and does not end
Hint: put `<!-- aster: begin -->` before the section and `<!-- aster: end -->` after it, or remove it

"#]]);
    assert_eq!(folder.read("AGENTS.md"), "<!-- aster: begin -->\nhalf");
}

#[test]
fn mistakes() {
    let folder = Folder::new();
    folder.aster(&["init"]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: nothing says what to make
Hint: `aster init NAME` makes a crate; `aster init --ai` writes AGENTS.md for the one in this folder

"#]]);
    folder.aster(&["init", "--ai"]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: there is no Cargo.toml in this folder
Hint: go to the folder of the crate, or make one with `aster init NAME --ai`

"#]]);
    folder.aster(&["init", "Fleet"]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: "Fleet" is no name for a crate: it does not start with a lower-case letter
Hint: take lower-case letters, digits, - and _, for example fleet-agent

"#]]);
    folder.aster(&["init", ".."]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: .. does not end in a name
Hint: name the folder to make, for example `aster init fleet-agent`

"#]]);
    folder.aster(&["init", "async"]).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: "async" is no name for a crate: it is a word of Rust, or a crate that the new one depends on
Hint: take lower-case letters, digits, - and _, for example fleet-agent

"#]]);
    let nowhere = ["init", "fleet", "--aster-path", "nowhere"];
    folder.aster(&nowhere).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: cannot read nowhere/Cargo.toml: No such file or directory (os error 2)
Hint: name the folder `aster` of the sources

"#]]);
    folder.write("Cargo.toml", "[package]\nname = \"other\"\n");
    let other = ["init", "fleet", "--aster-path", "."];
    folder.aster(&other).code(2).stdout_eq("").stderr_eq(str![[r#"
Error: . is not the crate aster
Hint: name the folder `aster` of the sources

"#]]);
    assert!(!folder.at("fleet").exists());
}

/// The crate as it comes: formatted, built, its tests and the examples of its
/// AGENTS.md run, its contract the committed one, and its program called.
///
/// It is built as `trybuild` builds the cases of `ui-tests`, in the same
/// folder, so that the dependencies are compiled once for both.
#[test]
fn the_new_crate_builds_and_works() {
    let folder = Folder::new();
    let aster = workspace().join("aster");
    let aster = aster.to_str().unwrap();
    folder.aster(&["init", "fleet-agent", "--ai", "--aster-path", aster]).code(0);
    let lock = workspace().join("Cargo.lock");
    std::fs::copy(lock, folder.at("fleet-agent/Cargo.lock")).unwrap();
    let library = folder.read("fleet-agent/src/lib.rs");
    let with_agents = "#[cfg(doctest)]\n#[doc = include_str!(\"../AGENTS.md\")]\nstruct Agents;\n";

    folder.cargo(&["fmt", "--check"]);
    folder.write("fleet-agent/src/lib.rs", &format!("{library}\n{with_agents}"));
    let target = host();
    folder.cargo(&["test", "--offline", "--target", &target]);

    let programs = built_in().join(&target).join("debug");
    let program = programs.join(format!("fleet-agent{}", std::env::consts::EXE_SUFFIX));
    let mut check = folder.program(cargo_bin!("aster"));
    let check = check.args(["contract", "check"]).arg(&program).output().unwrap();
    assert!(check.status.success(), "{check:?}");
    let server = Server::start(folder.program(&program));
    let mut call = folder.program(&program);
    let call = call.args([server.address(), "Bob"]).output();
    let call = call.unwrap();
    assert_eq!(String::from_utf8_lossy(&call.stdout), "Hello, Bob!\nB\no\nb\n", "{call:?}");
}

/// Where `trybuild` builds.
fn built_in() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild")
}

/// The name of this machine's target.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

impl Folder {
    /// Runs cargo in the new crate; it must succeed.
    fn cargo(&self, arguments: &[&str]) {
        let flags = r#"["--cfg", "trybuild", "--verbose", "-A", "dead_code"]"#;
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .arg(format!("--config=build.rustflags={flags}"))
            .arg(format!("--config=target.{}.rustflags={flags}", host()))
            .args(arguments)
            .current_dir(self.at("fleet-agent"))
            .env("CARGO_TARGET_DIR", built_in())
            // Build scripts are run again when these change; so they are as
            // in the tests of `ui-tests`.
            .env("CARGO_MANIFEST_DIR", workspace().canonicalize().unwrap().join("ui-tests"))
            .env("CARGO_PKG_NAME", "ui-tests")
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// A program in the new crate, without settings of ours.
    fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.at("fleet-agent")).env("ASTER_RELAY_MODE", "disabled");
        command
    }
}
