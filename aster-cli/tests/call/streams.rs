//! Streams as they flow.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use snapbox::str;

use super::{Folder, Server};

#[test]
fn a_server_stream_is_left_after_a_number_or_a_time() {
    let (folder, server) = (Folder::new(), Server::open());
    folder
        .aster(&["call", &server.address, "Fleet.watch", "name=a", "--limit", "2"])
        .success()
        .stdout_eq(str![[r#"
{"zone":"eu","agent":"a","load":0.0,"notes":[]}
{"zone":"eu","agent":"a","load":1.0,"notes":[]}

"#]])
        .stderr_eq(str![]);
    folder.aster(&["call", &server.address, "Fleet.watch", "--for", "50ms"]).success();
    server.wait_for_running(0);
}

#[test]
fn responses_are_written_as_they_arrive_until_nobody_reads() {
    let (folder, server) = (Folder::new(), Server::open());
    let mut call = folder
        .process(&["call", &server.address, "Fleet.watch"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(call.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("\"load\":0.0"));
    assert!(lines.next().unwrap().unwrap().contains("\"load\":1.0"));
    server.wait_for_running(1);
    drop(lines);
    assert_eq!(call.wait().unwrap().code(), Some(0));
    server.wait_for_running(0);
}

#[test]
fn a_client_stream_comes_from_a_file_standard_input_or_the_command_line() {
    let (folder, server) = (Folder::new(), Server::open());
    let points: String = (0..10_000).map(|_| "{\"value\": 0.5}\n").collect();
    folder.write("points.ndjson", &points);
    folder
        .aster(&["call", &server.address, "Fleet.ingest", "@points.ndjson"])
        .success()
        .stdout_eq(str![[r#"
{"count":10000,"total":5000.0}

"#]])
        .stderr_eq(str![[r#"
10000 requests sent

"#]]);
    folder
        .command(&["call", &server.address, "Fleet.ingest", "-"])
        .stdin("{\"value\":1}\n{\"value\":2}")
        .assert()
        .success()
        .stdout_eq(str![[r#"
{"count":2,"total":3.0}

"#]]);
    for (request, answer) in [
        ("[{\"value\":1},{\"value\":2}]", "{\"count\":2,\"total\":3.0}\n"),
        ("value=7", "{\"count\":1,\"total\":7.0}\n"),
    ] {
        let call = folder.aster(&["call", &server.address, "Fleet.ingest", request]).success();
        assert_eq!(String::from_utf8_lossy(&call.get_output().stdout), answer);
    }
}

#[test]
fn a_wrong_line_ends_the_call_and_the_server_is_told() {
    let (folder, server) = (Folder::new(), Server::open());
    folder
        .command(&["call", &server.address, "Fleet.ingest", "-"])
        .stdin("{\"value\":1}\n{\"valu\":2}\n{\"value\":3}\n")
        .assert()
        .code(3)
        .stdout_eq(str![])
        .stderr_eq(str![[r#"
Error: valu: Point has no such field
Hint: did you mean value?

"#]]);
    folder
        .command(&["call", &server.address, "Fleet.ingest", "-"])
        .stdin("{\"value\":1}\n{\"value\":\n")
        .assert()
        .code(2)
        .stderr_eq(str![[r#"
Error: standard input, line 2, is not JSON: EOF while parsing a value at line 1 column 9
Hint: write one request per line

"#]]);
    server.wait_for_running(0);
}

#[test]
fn a_bidi_call_answers_while_it_is_spoken_to() {
    let (folder, server) = (Folder::new(), Server::open());
    let mut call = folder
        .process(&["call", &server.address, "Fleet.shout", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = call.stdin.take().unwrap();
    let mut lines = BufReader::new(call.stdout.take().unwrap()).lines();
    for word in ["one", "two", "three"] {
        writeln!(input, "{{\"text\":\"{word}\"}}").unwrap();
        let answer = format!("{{\"text\":\"{}\"}}", word.to_uppercase());
        assert_eq!(lines.next().unwrap().unwrap(), answer);
    }
    drop(input);
    assert!(lines.next().is_none());
    assert!(call.wait().unwrap().success());
}
