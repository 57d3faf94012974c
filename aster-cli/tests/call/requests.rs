//! Requests in every form, and responses in every form.

use snapbox::str;

use super::{Folder, Server};

#[test]
fn a_request_is_json_words_a_file_or_standard_input() {
    let (folder, server) = (Folder::new(), Server::open());
    folder.write("request.json", "{\n  \"name\": \"a\"\n}\n");
    let answer = str![[r#"
{"zone":"eu","agent":"a","load":0.5,"notes":["a/u001b[31m"]}

"#]];
    for request in ["{\"name\":\"a\"}", "name=a", "@request.json", "-"] {
        folder
            .command(&["call", &server.address, "Fleet.status", request])
            .stdin("{\"name\":\"a\"}")
            .assert()
            .success()
            .stdout_eq(answer.clone())
            .stderr_eq(str![]);
    }
}

#[test]
fn responses_are_lines_indented_or_a_table() {
    let (folder, server) = (Folder::new(), Server::open());
    let call = |form: &str| {
        folder.aster(&["call", &server.address, "Fleet.status", "name=edge-1", form]).success()
    };
    call("--pretty").stdout_eq(str![[r#"
{
  "zone": "eu",
  "agent": "edge-1",
  "load": 0.5,
  "notes": [
    "a/u001b[31m"
  ]
}

"#]]);
    call("--table").stdout_eq(str![[r#"
ZONE  AGENT   LOAD  NOTES
eu    edge-1  0.5   ["a/u001b[31m"]

"#]]);
    let watch = ["call", &server.address, "Fleet.watch", "--limit", "2", "--table"];
    folder.aster(&watch).success().stdout_eq(str![[r#"
ZONE  AGENT  LOAD  NOTES
eu           0.0   []
eu           1.0   []

"#]]);
}

#[test]
fn the_address_may_be_in_a_file() {
    let (folder, server) = (Folder::new(), Server::open());
    folder.write("address", &format!("\n{}\n", server.address));
    folder
        .aster(&["call", "--address-file", "address", "Notes.keep", "text=x"])
        .success()
        .stdout_eq(str![[r#"
{"count":1,"total":0.0}

"#]]);
    folder
        .command(&["call", "--address-file", "-", "Notes.keep", "text=x"])
        .stdin(format!("{}\n", server.address))
        .assert()
        .success();
}

#[test]
fn a_session_lasts_for_all_lines() {
    let (folder, server) = (Folder::new(), Server::open());
    folder
        .command(&["call", &server.address, "Notes", "--session"])
        .stdin("# two remarks\nkeep text=one\n\nkeep {\"text\": \"two words\"}\nall\n")
        .assert()
        .success()
        .stdout_eq(str![[r#"
{"count":1,"total":0.0}
{"count":2,"total":0.0}
{"text":"one"}
{"text":"two words"}

"#]])
        .stderr_eq(str![]);
    folder
        .command(&["call", &server.address, "Notes.keep", "--session"])
        .stdin("text=one\n{\"text\":\"two\"}\n")
        .assert()
        .success()
        .stdout_eq(str![[r#"
{"count":1,"total":0.0}
{"count":2,"total":0.0}

"#]]);
    // The first line that fails is the last.
    folder
        .command(&["call", &server.address, "Notes", "--session"])
        .stdin("keep text=one\nkeep txt=two\nkeep text=three\n")
        .assert()
        .code(3)
        .stdout_eq(str![[r#"
{"count":1,"total":0.0}

"#]])
        .stderr_eq(str![[r#"
Error: line 2: txt: Remark has no such field
Hint: did you mean text?

"#]]);
}

#[test]
fn the_demo_needs_no_address() {
    let folder = Folder::new();
    folder.aster(&["call", "--demo", "Lookout.look"]).success().stdout_eq(str![[r#"
{"place":"the harbour","number":1,"text":"all is calm"}

"#]]);
    folder.aster(&["call", "--demo", "Lookout.extinguish"]).code(5);
    folder
        .command(&["call", "--demo", "Diary", "--session"])
        .stdin("write text=a\ndictate {\"text\":\"b\"} {\"text\":\"c\"}\nread\n")
        .assert()
        .success()
        .stdout_eq(str![[r#"
{"number":1,"text":"a"}
{"number":2,"text":"b"}
{"number":3,"text":"c"}
{"number":1,"text":"a"}
{"number":2,"text":"b"}
{"number":3,"text":"c"}

"#]]);
}

#[test]
fn a_contract_is_fetched_once() {
    let (folder, server) = (Folder::new(), Server::open());
    folder.aster(&["call", &server.address, "Fleet.status"]).success();
    let cache = folder.at("home/.aster/cache/contracts");
    let kept: Vec<_> =
        std::fs::read_dir(&cache).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(kept.len(), 1);
    // One that was changed on disk is not believed.
    let text = std::fs::read_to_string(&kept[0]).unwrap();
    std::fs::write(&kept[0], text.replace("status", "statum")).unwrap();
    folder.aster(&["call", &server.address, "Fleet.status"]).success();
    assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), text);
}
