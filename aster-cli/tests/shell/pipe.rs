//! Lines of standard input.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::stand::Stand;
use super::{Folder, text};

#[test]
fn lines_run_one_by_one_without_prompts_or_colours() {
    let folder = Folder::new();
    let output = folder.pipe(
        &["--demo"],
        "# a comment\n\nLookout.look name=x\ncd services/Lookout\n./add\nvalue=1\n{\"value\": 2}\n\npwd\n",
    );
    assert_eq!(
        text(&output.stdout),
        "{\"place\":\"x\",\"number\":1,\"text\":\"all is calm\"}\n{\"count\":2,\"sum\":3.0}\n/services/Lookout\n"
    );
    assert_eq!(text(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn the_first_failure_ends_it_with_its_exit_code() {
    let folder = Folder::new();
    for (lines, code, told) in [
        ("Lookout.extinguish {}\npwd\n", 5, "requires demo.keeper"),
        ("Lookout.nothing\npwd\n", 4, "no method nothing"),
        ("Lookout.look nme=1\npwd\n", 3, "did you mean name?"),
        ("Lookout.look 'x\npwd\n", 2, "not closed"),
        ("cd nowhere\npwd\n", 4, "there is no nowhere here"),
        ("Lookout.add\nvalue=x\n\npwd\n", 3, "value: f64 is wanted"),
    ] {
        let output = folder.pipe(&["--demo"], lines);
        assert_eq!(text(&output.stdout), "", "{lines}");
        assert_eq!(output.status.code(), Some(code), "{lines}{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(told), "{lines}{}", text(&output.stderr));
    }
}

#[test]
fn it_goes_on_if_told_to_and_still_says_that_it_failed() {
    let folder = Folder::new();
    let output = folder.pipe(&["--demo", "--keep-going"], "Lookout.extinguish {}\npwd\n");
    assert_eq!((text(&output.stdout), output.status.code()), ("/\n".into(), Some(5)));
}

#[test]
fn json_is_all_there_is_on_standard_output() {
    let folder = Folder::new();
    let output = folder.pipe(
        &["--demo", "--json"],
        "help\nls\nls services\ncd services/Lookout\nls\npwd\ndescribe\nwhoami\nrights\njobs\n\
         ./look name=x\n./echo text=a\nbench look -n 3\nsession Diary\nwrite text=a\nend\n",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    let values: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    assert!(values.contains(&Value::from("/services/Lookout")));
    assert!(values.iter().any(|value| value["method"] == "look" && value["allowed"] == true));
    assert!(values.iter().any(|value| value["method"] == "Lookout.look" && value["calls"] == 3));
    assert!(out.contains("{\"number\":1,\"text\":\"a\"}\n"), "{out}");
}

#[test]
fn results_of_a_stream_come_as_they_are() {
    let folder = Folder::new();
    let lines = "session Diary\ndictate\ntext=a\ntext=b\n\nread {}\n";
    let output = folder.pipe(&["--demo"], lines);
    let twice = "{\"number\":1,\"text\":\"a\"}\n{\"number\":2,\"text\":\"b\"}\n".repeat(2);
    assert_eq!((text(&output.stdout), text(&output.stderr)), (twice, String::new()));
}

#[test]
fn an_address_is_needed() {
    let folder = Folder::new();
    let output = folder.pipe(&[], "ls\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no address to connect to"));
}

#[test]
fn an_interrupted_script_ends_with_130_and_so_does_its_call() {
    let folder = Folder::new();
    let stand = Stand::open();
    let mut command = folder.command("aster", &["shell", stand.address()]);
    let mut script = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = script.stdin.take().unwrap();
    lines.write_all(b"Stand.hold\n").unwrap();
    stand.wait_for_running(1);
    let id = script.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    // Its input is still open.
    let output = script.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    stand.wait_for_running(0);
    drop(lines);
}

#[test]
fn who_has_read_enough_is_no_error() {
    let folder = Folder::new();
    let mut command = folder.command("aster", &["shell", "--demo"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut script = command.spawn().unwrap();
    drop(script.stdout.take());
    script.stdin.take().unwrap().write_all(b"pwd\npwd\n").unwrap();
    let output = script.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}
