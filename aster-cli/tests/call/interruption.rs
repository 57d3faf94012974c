//! Ctrl+C.

use std::io::Read;
use std::process::{Child, Command, Stdio};

use super::{Folder, Server};

fn interrupt(call: &Child) {
    let id = call.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

#[test]
fn an_interrupted_call_ends_at_the_server() {
    let (folder, server) = (Folder::new(), Server::open());
    for (method, request) in [("hold", None), ("watch", None), ("ingest", Some("-"))] {
        let method = format!("Fleet.{method}");
        let mut call = folder
            .process(&["call", &server.address, &method])
            .args(request)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        server.wait_for_running(1);
        interrupt(&call);
        assert_eq!(call.wait().unwrap().code(), Some(130), "{method}");
        let mut said = String::new();
        call.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "Error: interrupted\n", "{method}");
        server.wait_for_running(0);
    }
}
