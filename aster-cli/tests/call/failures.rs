//! Every failure says what to do next, and has its exit code.

use aster::Code;
use snapbox::str;

use super::{Folder, Server};

#[test]
fn each_class_of_status_has_an_exit_code() {
    let (folder, server) = (Folder::new(), Server::open());
    for (code, exit) in [
        (Code::InvalidArgument, 3),
        (Code::OutOfRange, 3),
        (Code::ContractViolation, 3),
        (Code::NotFound, 4),
        (Code::Unimplemented, 4),
        (Code::PermissionDenied, 5),
        (Code::Unauthenticated, 5),
        (Code::FailedPrecondition, 6),
        (Code::AlreadyExists, 6),
        (Code::Aborted, 6),
        (Code::DeadlineExceeded, 7),
        (Code::Unavailable, 8),
        (Code::ResourceExhausted, 9),
        (Code::Internal, 10),
        (Code::Unknown, 10),
        (Code::DataLoss, 10),
        (Code::Cancelled, 130),
    ] {
        let request = format!("name={}", code.name());
        let call = folder.aster(&["call", &server.address, "Fleet.status", &request]).code(exit);
        let said = String::from_utf8_lossy(&call.get_output().stderr).into_owned();
        assert!(said.starts_with(&format!("Error: {}: as asked for\n", code.name())), "{said}");
        assert!(call.get_output().stdout.is_empty());
    }
}

#[test]
fn wrong_names_have_suggestions() {
    let (folder, server) = (Folder::new(), Server::open());
    let call = |arguments: &[&str]| folder.aster(&[&["call", &server.address], arguments].concat());
    call(&["Flet.status"]).code(4).stderr_eq(str![[r#"
Error: aster1[..]... offers no service Flet
Hint: did you mean Fleet?

"#]]);
    call(&["Fleet.stauts"]).code(4).stderr_eq(str![[r#"
Error: Fleet has no method stauts
Hint: did you mean status?

"#]]);
    call(&["Fleet.reboot"]).code(4).stderr_eq(str![[r#"
Error: Fleet has no method reboot
Hint: there is erase, hold, ingest, shout, status, watch

"#]]);
    call(&["Fleet.status", "nmae=x"]).code(3).stderr_eq(str![[r#"
Error: nmae: Agent has no such field
Hint: did you mean name?

"#]]);
    call(&["Fleet.status", "level=Warning"]).code(3).stderr_eq(str![[r#"
Error: level: Level is wanted, and this is "Warning"

"#]]);
    call(&["Fleet.status", "{\"level\":\"warn\"}"]).code(3).stderr_eq(str![[r#"
Error: level: Level has no value "warn"
Hint: did you mean Warn?

"#]]);
    call(&["Fleet.status", "{\"name\":7}"]).code(3).stderr_eq(str![[r#"
Error: name: string is wanted, and this is 7

"#]]);
    call(&["status"]).code(2).stderr_eq(str![[r#"
Error: "status" does not name a method
Hint: write it as Service.method, for example MissionControl.getStatus

"#]]);
}

#[test]
fn requests_that_are_none_are_told() {
    let (folder, server) = (Folder::new(), Server::open());
    let call = |arguments: &[&str]| {
        folder.aster(&[&["call", &server.address], arguments].concat()).code(2)
    };
    call(&["Fleet.status", "{name:x}"]).stderr_eq(str![[r#"
Error: the request is not JSON: key must be a string at line 1 column 2
Hint: quote it for the shell, as in '{"agent_id": "edge-1"}'

"#]]);
    call(&["Fleet.status", "edge-1"]).stderr_eq(str![[r#"
Error: "edge-1" is neither JSON nor key=value
Hint: quote JSON for the shell, as in '{"agent_id": "edge-1"}'

"#]]);
    call(&["Fleet.status", "@none.json"]).stderr_eq(str![[r#"
Error: cannot read none.json: No such file or directory (os error 2)

"#]]);
    call(&["Fleet.ingest"]).stderr_eq(str![[r#"
Error: Fleet.ingest takes a stream of requests: (stream Point) -> Sum
Hint: give one per line in a file (@FILE) or on standard input (-)

"#]]);
    call(&["Fleet.status", "--limit", "2"]).stderr_eq(str![[r#"
Error: Fleet.status gives one response
Hint: --limit and --for are for streams of responses; --timeout is for all calls

"#]]);
    call(&["Fleet", "--session"]).stderr_eq(str![[r#"
Error: Fleet has no sessions
Hint: leave --session out

"#]]);
    call(&["Notes.keep", "text=x", "--session"]).stderr_eq(str![[r#"
Error: --session reads its requests from standard input
Hint: leave the request out, and give one per line

"#]]);
    folder.write("lines", "{}\n{}\n");
    call(&["Fleet.status", "@lines"]).stderr_eq(str![[r#"
Error: lines is not JSON: trailing characters at line 2 column 1
Hint: this method takes one request; a file with one per line is for client streams and bidi

"#]]);
}

#[test]
fn destinations_that_are_none_are_told() {
    let folder = Folder::new();
    folder.aster(&["call", "prod", "Fleet.status"]).code(2).stderr_eq(str![[r#"
Error: "prod" is no address and no name in the address book ([..])
Hint: give the address that the server printed, or note it with `aster peers add NAME ADDRESS`

"#]]);
    folder.write("empty", "\n");
    folder.aster(&["call", "--address-file", "empty", "Fleet.status"]).code(2).stderr_eq(str![[
        r#"
Error: empty holds no address
Hint: a server writes its address to standard output: redirect that into the file

"#
    ]]);
    folder.aster(&["call", "--address-file", "none", "Fleet.status"]).code(2).stderr_eq(str![[
        r#"
Error: cannot read the address from none: No such file or directory (os error 2)

"#
    ]]);
    folder.aster(&["call", "aster1abc"]).code(2).stderr_eq(str![[r#"
Error: there is no method to call
Hint: write `aster call ADDRESS Service.method REQUEST`; `aster shell ADDRESS` shows what there is

"#]]);
    folder
        .command(&["call", "--address-file", "-", "Fleet.status", "-"])
        .assert()
        .code(2)
        .stderr_eq(str![[r#"
Error: address and request cannot both be standard input

"#]]);
}

#[test]
fn times_are_checked() {
    let folder = Folder::new();
    for (option, time) in [("--timeout", "0"), ("--for", "soon"), ("--timeout", "1e300")] {
        folder.aster(&["call", "--demo", "Lookout.watch", option, time]).code(2);
    }
    let server = Server::open();
    folder.aster(&["call", &server.address, "Fleet.hold", "--timeout", "100ms"]).code(7).stderr_eq(
        str![[r#"
Error: DEADLINE_EXCEEDED: [..]
Hint: give the call more time with --timeout

"#]],
    );
}
