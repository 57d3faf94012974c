//! The program as people run it: processes, their output, their exit codes.
#![cfg(unix)]

mod chapter5;
mod process;
mod table;

use std::collections::HashSet;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aster::{Address, Code, Proxy, Status, Streaming};
use futures::{StreamExt, TryStreamExt, stream};
use rustix::process::{Pid, Signal, test_kill_process};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use process::{Server, guarded, output, program, text};

async fn submit(control: &Proxy, agent: &str, level: &str, message: &str) {
    let entry = json!({ "level": level, "message": message, "agent_id": agent });
    let result = guarded(async { control.call("submitLog", entry).await }).await;
    assert_eq!(result.unwrap(), json!({ "accepted": true }));
}

async fn tail(control: &Proxy, agent: &str, level: &str) -> Streaming<Value> {
    let request = json!({ "agent_id": agent, "level": level });
    control.server_stream("tailLogs", request).await.unwrap()
}

async fn next(entries: &mut Streaming<Value>) -> Result<String, Status> {
    let entry = guarded(entries.next()).await.expect("the stream ended")?;
    Ok(entry["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_demo_tells_every_chapter_and_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let mut demo = program(["demo"]);
    demo.current_dir(&directory).env("TMPDIR", directory.path()).env("HOME", directory.path());
    let output = guarded(demo.output()).await.unwrap();
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    for part in [
        "Chapter 1: status",
        "Chapter 2: live logs",
        "warn  edge-7: disk 92% full",
        "Chapter 3: metrics",
        "10000 accepted",
        "Chapter 4: sessions",
        "train-42: python train.py",
        "I am operator",
        "did you mean `agent_id`?",
        "DEADLINE_EXCEEDED",
        "Chapter 5: credentials",
        "tailLogs requires one of ops.logs, ops.admin",
        "has been revoked",
        "All as expected",
    ] {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    let left = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn the_address_stands_alone_and_both_signals_end_with_success() {
    for signal in [Signal::TERM, Signal::INT] {
        let server = Server::start().await;
        let address: Address = server.address.parse().unwrap();
        assert!(address.direct.iter().all(|a| a.ip().is_loopback()));
        server.signal(signal);
        let (status, more) = server.end().await;
        assert_eq!(status.code(), Some(0));
        assert_eq!(more, [""; 0]);
    }
}

#[tokio::test]
async fn a_shutdown_ends_the_logs_with_a_status_and_lets_commands_finish() {
    let server = Server::start().await;
    let client = server.client().await;
    let control = client.proxy("MissionControl").unwrap();
    let mut entries = tail(&control, "", "").await;
    submit(&control, "a", "info", "last words").await;
    assert_eq!(next(&mut entries).await.unwrap(), "last words");

    let directory = tempfile::tempdir().unwrap();
    let started = directory.path().join("started");
    let go = directory.path().join("go");
    let session = client.proxy_session("AgentSession").await.unwrap();
    let command = format!(
        "touch {}; until [ -e {} ]; do sleep 0.01; done; echo done",
        started.display(),
        go.display()
    );
    let requests = stream::iter([json!({ "command": command })]);
    let mut results = session.bidi("runCommand", requests).await.unwrap();
    wait_for_file(&started).await;

    server.signal(Signal::TERM);
    let status = next(&mut entries).await.unwrap_err();
    assert_eq!(status.to_string(), "UNAVAILABLE: the control plane is shutting down");
    std::fs::write(go, "").unwrap();
    let result = guarded(results.message()).await.unwrap().unwrap();
    assert_eq!(result["stdout"], "done\n");
    assert_eq!(guarded(results.message()).await.unwrap(), None);
    let (status, _) = server.end().await;
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn identity_and_port_keep_the_address_over_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let identity = directory.path().join("identity");
    let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let arguments = ["--identity", identity.to_str().unwrap(), "--bind", &port.to_string()];

    let first = Server::start_with(&arguments).await;
    let address = first.address.clone();
    let control = first.control().await;
    submit(&control, "a", "info", "before").await;
    first.signal(Signal::TERM);
    assert!(first.end().await.0.success());

    let second = Server::start_with(&arguments).await;
    assert_eq!(second.address, address);
    // The client of before finds it again.
    submit(&control, "a", "info", "after").await;
    let mut entries = tail(&control, "", "").await;
    assert_eq!(next(&mut entries).await.unwrap(), "after");

    let parsed: Address = address.parse().unwrap();
    assert_eq!(parsed.direct, [port]);
}

#[tokio::test]
async fn every_follower_gets_every_entry_it_asked_for() {
    const EACH: usize = 500;
    let server = Server::start().await;
    let reader = server.control().await;
    let mut everything = tail(&reader, "", "").await;
    let mut troubles_of_b = tail(&reader, "b", "warn").await;

    let write = async |agent: &'static str| {
        let control = server.control().await;
        let entries = stream::iter(0..EACH).map(|i| {
            let level = ["debug", "info", "warn", "error"][i % 4];
            let control = &control;
            async move { submit(control, agent, level, &format!("{agent}{i}")).await }
        });
        entries.buffer_unordered(8).collect::<Vec<_>>().await;
    };
    let read = async |entries: &mut Streaming<Value>, count: usize| {
        let mut seen = HashSet::new();
        while seen.len() < count {
            assert!(seen.insert(next(entries).await.unwrap()), "twice");
        }
        seen
    };
    let ((), (), all, troubles) = tokio::join!(
        write("a"),
        write("b"),
        read(&mut everything, 2 * EACH),
        read(&mut troubles_of_b, EACH / 2),
    );
    let names = |agent: &str, keep: fn(usize) -> bool| -> HashSet<_> {
        let numbers = (0..EACH).filter(|i| keep(*i));
        numbers.map(|i| format!("{agent}{i}")).collect()
    };
    assert_eq!(all, &names("a", |_| true) | &names("b", |_| true));
    assert_eq!(troubles, names("b", |i| i % 4 >= 2));

    // Nothing else came: the next entry is the next one written.
    submit(&reader, "b", "error", "end").await;
    assert_eq!(next(&mut everything).await.unwrap(), "end");
    assert_eq!(next(&mut troubles_of_b).await.unwrap(), "end");
}

#[tokio::test]
async fn a_slow_follower_holds_nobody_up_and_learns_what_it_missed() {
    let server = Server::start().await;
    let control = server.control().await;
    let mut slow = tail(&control, "", "").await;
    submit(&control, "a", "info", "first").await;
    assert_eq!(next(&mut slow).await.unwrap(), "first");

    // More than the control plane keeps and the connection holds.
    let other = server.control().await;
    let mut quick = tail(&other, "", "").await;
    assert_eq!(next(&mut quick).await.unwrap(), "first");
    let long = "x".repeat(60_000);
    const ENTRIES: usize = 400;
    let write = async {
        for i in 0..ENTRIES {
            submit(&control, "a", "info", &format!("{i}:{long}")).await;
        }
    };
    let read = async {
        for i in 0..ENTRIES {
            let message = next(&mut quick).await.unwrap();
            assert!(message.starts_with(&format!("{i}:")));
        }
    };
    tokio::join!(write, read);

    let mut count = 0;
    let status = loop {
        match next(&mut slow).await {
            Ok(message) => {
                assert!(message.starts_with(&format!("{count}:")), "in order");
                count += 1;
            }
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::DataLoss, "after {count}: {status}");
    assert!(count < ENTRIES);
    assert!(status.message().contains("entries were dropped"), "{status}");
}

#[tokio::test]
async fn metrics_are_counted() {
    let server = Server::start().await;
    let control = server.control().await;
    let points = stream::iter((0..1234).map(|i| {
        json!({ "name": "cpu.load", "value": f64::from(i), "tags": { "core": i, "host": "a" } })
    }));
    let result = guarded(async { control.client_stream("ingestMetrics", points).await }).await;
    assert_eq!(result.unwrap(), json!({ "accepted": 1234, "dropped": 0 }));
}

#[tokio::test]
async fn a_session_runs_commands_and_a_cancelled_one_dies() {
    let server = Server::start().await;
    let client = server.client().await;
    let session = client.proxy_session("AgentSession").await.unwrap();
    let call = |method, request| {
        let call = session.call(method, request);
        guarded(async { call.await })
    };
    let nameless = call("register", json!({})).await.unwrap_err();
    assert_eq!(nameless.code(), Code::InvalidArgument);
    let heartbeat = json!({ "agent_id": "edge-7", "capabilities": ["gpu"] });
    assert_eq!(
        call("register", heartbeat).await.unwrap(),
        json!({ "task_id": "train-42", "command": "python train.py" })
    );

    let run = |commands: &[&str]| {
        let requests: Vec<_> = commands.iter().map(|c| json!({ "command": c })).collect();
        let call = session.bidi("runCommand", stream::iter(requests));
        guarded(async { call.await?.try_collect::<Vec<_>>().await })
    };
    assert_eq!(
        run(&["echo $AGENT_ID", "echo no >&2; exit 4"]).await.unwrap(),
        [
            json!({ "stdout": "edge-7\n", "stderr": "", "exit_code": 0 }),
            json!({ "stdout": "", "stderr": "no\n", "exit_code": 4 }),
        ]
    );

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pid");
    let command = format!("echo $$ > {0}.new; mv {0}.new {0}; sleep 1000", file.display());
    let endless = stream::iter([json!({ "command": command })]).chain(stream::pending());
    let results = session.bidi("runCommand", endless).await.unwrap();
    wait_for_file(&file).await;
    let pid = std::fs::read_to_string(&file).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    assert!(test_kill_process(pid).is_ok());
    drop(results);
    guarded(async {
        while test_kill_process(pid).is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(run(&["echo on"]).await.unwrap()[0]["stdout"], "on\n");
}

async fn wait_for_file(path: &Path) {
    guarded(async {
        while !path.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_roles_play_together() {
    let server = Server::start().await;
    let address = &*server.address;

    let agent = output(["agent", address, "--id", "edge-9", "--capability", "gpu", "--once"]).await;
    assert!(agent.status.success(), "{}", text(&agent.stderr));
    assert_eq!(text(&agent.stdout), "edge-9: assigned train-42: python train.py\n");

    let control = server.control().await;
    submit(&control, "edge-9", "warn", "bell \u{7} and \u{1b}[31mred").await;
    submit(&control, "edge-9", "debug", "unwanted").await;
    submit(&control, "edge-9", "error", "gone").await;
    let logs = output(["logs", address, "--level", "warn", "-n", "2"]).await;
    assert!(logs.status.success());
    let lines: Vec<_> = text(&logs.stdout).lines().collect();
    assert!(lines[0].ends_with("warn  edge-9: bell \u{fffd} and \u{fffd}[31mred"), "{lines:?}");
    assert!(lines[1].ends_with("error edge-9: gone"), "{lines:?}");

    let metrics = output(["metrics", address, "--count", "2500"]).await;
    assert!(metrics.status.success());
    assert_eq!(text(&metrics.stdout), "Accepted: 2500\n");

    let operator = output(["operator", address, "echo $AGENT_ID", "echo no >&2; exit 7"]).await;
    assert_eq!(operator.status.code(), Some(7));
    assert_eq!(text(&operator.stdout), "operator\n");
    assert_eq!(text(&operator.stderr), "no\n");
}

#[tokio::test]
async fn an_operator_reads_commands_from_standard_input() {
    let server = Server::start().await;
    let mut operator = program(["operator", &server.address])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = operator.stdin.take().unwrap();
    input.write_all(b"echo one\n\necho two\n").await.unwrap();
    let mut lines = BufReader::new(operator.stdout.take().unwrap()).lines();
    for wanted in ["one", "two"] {
        assert_eq!(guarded(lines.next_line()).await.unwrap().unwrap(), wanted);
    }
    input.write_all(b"exit\n").await.unwrap();
    let mut rest = String::new();
    guarded(lines.into_inner().read_to_string(&mut rest)).await.unwrap();
    assert_eq!(rest, "");
    assert!(guarded(operator.wait()).await.unwrap().success());
}

#[tokio::test]
async fn mistakes_are_told_on_standard_error_with_an_exit_code() {
    for (arguments, code, wanted) in [
        (&["logs", "nonsense"][..], 1, "not an address"),
        (&["logs", "aster1abc"], 1, "not a valid ticket"),
        (&["logs"], 2, "<ADDRESS>"),
        (&["logs", "x", "--level", "loud"], 2, "use debug, info, warn or error"),
        (&["--bind", "here"], 2, "--bind"),
        (&["dance"], 2, "dance"),
    ] {
        let output = output(arguments).await;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(text(&output.stdout), "");
        let told = text(&output.stderr);
        assert!(told.contains(wanted), "{arguments:?}: {told}");
    }
}
