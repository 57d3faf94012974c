//! Chapter 5: credentials, and what each of them opens.

use std::time::{Duration, Instant};

use aster::{AsterClient, Code, ConnectError};
use futures::stream;
use serde_json::json;

use super::process::{Server, guarded, output, program, text};
use super::table::{Domain, Form, METHODS, Outcome, TABLE, call, compare};
use super::{next, submit, tail};

/// A control plane that trusts the root and heeds its revocations.
async fn start(domain: &Domain) -> Server {
    let mut command = program(["serve", "--root-pub"]);
    command.arg(domain.root_pub()).arg("--revocations").arg(domain.revocation_file());
    // Where used one-time credentials are written down.
    command.env("HOME", domain.path(""));
    Server::run(command).await
}

async fn connect(
    domain: &Domain,
    name: &str,
    server: &Server,
) -> Result<AsterClient, ConnectError> {
    guarded(domain.client(name, Form::Toml).connect(&server.address)).await
}

#[tokio::test]
async fn every_credential_opens_what_it_says_and_nothing_else() {
    let domain = Domain::new();
    let server = start(&domain).await;
    for form in [Form::Toml, Form::Json] {
        for (name, expected) in TABLE {
            let connecting = domain.client(name, form).connect(&server.address);
            let client = compare(guarded(connecting).await, expected)
                .unwrap_or_else(|wrong| panic!("{name}, {form:?}: {wrong}"));
            let (Some(client), Outcome::Opens(opens)) = (client, expected) else { continue };
            for (method, allowed) in METHODS.into_iter().zip(opens) {
                match guarded(call(&client, method)).await {
                    Ok(()) => assert!(allowed, "{name}: {method} is not denied"),
                    Err(status) => {
                        assert!(!allowed, "{name}: {method}: {status}");
                        assert_eq!(status.code(), Code::PermissionDenied, "{name}: {method}");
                        let lacking = format!("{method} requires ");
                        assert!(status.message().contains(&lacking), "{name}: {status}");
                    }
                }
            }
            client.close().await;
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_credential_is_told_to_its_holder() {
    let domain = Domain::new();
    let server = start(&domain).await;
    for (name, told) in [
        ("none", "no credential was presented"),
        ("wrong-root", "the server trusts another root or has revoked it"),
        ("revoked", "the server trusts another root or has revoked it"),
        ("expired", "expired 2 h ago"),
        ("tampered", "signature"),
        ("other-node", "node"),
        ("unbound", "names no node"),
        ("producer", "producer"),
    ] {
        let error = connect(&domain, name, &server).await.unwrap_err().to_string();
        assert!(error.contains(told), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_one_time_credential_is_over_after_its_first_use() {
    let domain = Domain::new();
    let server = start(&domain).await;
    domain.enroll_once("once");
    let connect = || guarded(domain.client("once", Form::Json).connect(&server.address));
    let client = connect().await.unwrap();
    guarded(call(&client, "getStatus")).await.unwrap();
    let error = connect().await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");
    // Who is in stays in.
    guarded(call(&client, "getStatus")).await.unwrap();
}

#[tokio::test]
async fn a_denied_command_leaves_its_session_usable() {
    let domain = Domain::new();
    let server = start(&domain).await;
    let client = connect(&domain, "edge", &server).await.unwrap();
    let session = guarded(client.proxy_session("AgentSession")).await.unwrap();
    for _ in 0..3 {
        let heartbeat = json!({ "agent_id": "edge-node-7" });
        let task = guarded(async { session.call("register", heartbeat).await }).await.unwrap();
        assert_eq!(task["task_id"], "idle");
        let commands = stream::iter([json!({ "command": "echo no" })]);
        let denied = async { session.bidi("runCommand", commands).await?.message().await };
        let status = guarded(denied).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied, "{status}");
    }
}

#[tokio::test]
async fn a_revocation_ends_what_runs() {
    let mut domain = Domain::new();
    let server = start(&domain).await;
    let edge = connect(&domain, "edge", &server).await.unwrap().proxy("MissionControl").unwrap();
    let ops = connect(&domain, "ops", &server).await.unwrap().proxy("MissionControl").unwrap();
    let logs = connect(&domain, "logs", &server).await.unwrap().proxy("MissionControl").unwrap();
    let (mut ends, mut goes_on) = (tail(&ops, "", "").await, tail(&logs, "", "").await);
    submit(&edge, "edge", "info", "before").await;
    for entries in [&mut ends, &mut goes_on] {
        assert_eq!(next(entries).await.unwrap(), "before");
    }

    let revoked = Instant::now();
    domain.revoke("ops");
    let status = next(&mut ends).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated, "{status}");
    assert!(status.message().contains("revoked"), "{status}");
    // Much less on an idle machine; what must not happen is nothing.
    assert!(revoked.elapsed() < Duration::from_secs(10), "{:?}", revoked.elapsed());
    let error = connect(&domain, "ops", &server).await.unwrap_err();
    assert!(matches!(error, ConnectError::Denied { .. }), "{error}");

    submit(&edge, "edge", "info", "after").await;
    assert_eq!(next(&mut goes_on).await.unwrap(), "after");
}

#[tokio::test]
async fn the_roles_present_their_credentials() {
    let domain = Domain::new();
    let server = start(&domain).await;
    let (edge, ops) = (domain.path("edge.cred"), domain.path("ops.cred"));
    let (edge, ops) = (edge.to_str().unwrap(), ops.to_str().unwrap());
    let run = async |role: &[&str], more: &[&str]| {
        let output = output([role, &[&server.address], more].concat()).await;
        let [out, err] = [output.stdout, output.stderr].map(|bytes| text(&bytes).to_owned());
        (output.status.code(), out, err)
    };
    let agent = run(&["agent", "--once"], &["--rcan", edge]).await;
    assert_eq!((agent.0, &*agent.1), (Some(0), "edge-1: assigned idle: sleep 60\n"), "{agent:?}");
    let metrics = run(&["metrics", "--count", "7"], &["--rcan", edge]).await;
    assert_eq!((metrics.0, &*metrics.1), (Some(0), "Accepted: 7\n"), "{metrics:?}");
    let logs = run(&["logs", "-n", "1"], &["--rcan", ops]).await;
    assert!(logs.0 == Some(0) && logs.1.ends_with("edge-1: agent started\n"), "{logs:?}");
    let operator = run(&["operator"], &["--rcan", ops, "echo $AGENT_ID"]).await;
    assert_eq!((operator.0, &*operator.1), (Some(0), "operator\n"), "{operator:?}");

    for (role, more, told) in [
        ("logs", &["--rcan", edge][..], "tailLogs requires one of ops.logs, ops.admin"),
        ("operator", &["--rcan", edge, "echo no"], "runCommand requires ops.admin"),
        ("logs", &[], "no credential was presented"),
        ("logs", &["--rcan", "missing.cred"], "missing.cred"),
    ] {
        let (code, out, err) = run(&[role], more).await;
        assert_eq!((code, &*out), (Some(1), ""), "{role} {more:?}: {err}");
        assert!(err.contains(told), "{role} {more:?}: {err}");
    }
}

#[tokio::test]
async fn a_gate_that_cannot_be_closed_is_no_server() {
    let (domain, foreign) = (Domain::new(), Domain::new());
    let root = domain.root_pub();
    let root = root.to_str().unwrap();
    let list = foreign.revocation_file();
    let list = list.to_str().unwrap();
    for (arguments, code, told) in [
        (&["serve", "--root-pub", "missing.pub"][..], 1, "missing.pub"),
        (&["serve", "--root-pub", list], 1, "revocations.json"),
        (&["serve", "--revocations", list], 2, "--root-pub"),
        (&["serve", "--root-pub", root, "--revocations", list], 1, "revocations.json"),
        (&["serve", "--root-pub", root, "--revocations", "missing.json"], 1, "missing.json"),
    ] {
        let output = output(arguments).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
}
