use std::process::{Command, Stdio};

use snapbox::str;

use super::{Folder, stdout};

#[test]
fn every_shell_has_a_script_with_every_command() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&folder.aster(&["completions", shell]).code(0).stderr_eq(""));
        for command in ["call", "contract", "doctor", "gen-client", "trust"] {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
}

/// Bash itself reads the script and asks it.
#[test]
fn bash_completes_with_it() {
    let folder = Folder::new();
    folder.write("aster.bash", &stdout(&folder.aster(&["completions", "bash"]).code(0)));
    let ask = "source ./aster.bash && COMP_WORDS=(aster contract ch) COMP_CWORD=2 && \
               _aster aster ch contract && printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["--norc", "-c", ask])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "check\n", "{output:?}");
}

#[test]
fn a_shell_that_is_none() {
    Folder::new().aster(&["completions", "sh"]).code(2).stdout_eq("").stderr_eq(str![[r#"
error: invalid value 'sh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

For more information, try '--help'.

"#]]);
}
