//! The extra cases: errors, deadlines, cancellation, size, parallel calls,
//! sessions.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use aster::{AsterClient, Code, Status, service};
use aster_interop::matrix::{ABORT_NOTE, Blob, Reply, Request, samples};
use clap::ValueEnum;
use futures::StreamExt;
use futures::future::{join, join_all};
use serde_json::json;

use crate::caller::{Caller, Codec, Kind, Scope, Unary};
use crate::cells::{exchange, usual_echo};
use crate::check::{Explain, Failed, check, refused, same, soon};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Case {
    NotFoundMethod,
    NotFoundService,
    ErrorDetails,
    StreamError,
    Deadline,
    UnknownField,
    #[value(name = "large_1mib")]
    Large1Mib,
    CancelStream,
    #[value(name = "parallel_64")]
    Parallel64,
    SessionPipelined,
    SessionBidiDuplex,
    SessionProxyBidi,
    TwoSessions,
}

pub(crate) async fn run(case: Case, client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    match case {
        Case::NotFoundMethod => not_found_method(client, scope).await,
        Case::NotFoundService => not_found_service(client, scope).await,
        Case::ErrorDetails => error_details(client, scope).await,
        Case::StreamError => stream_error(client, scope).await,
        Case::Deadline => deadline(client, scope).await,
        Case::UnknownField => unknown_field(client, scope).await,
        Case::Large1Mib => large(client, scope).await,
        Case::CancelStream => cancel_stream(client, scope).await,
        Case::Parallel64 => parallel(client).await,
        Case::SessionPipelined => session_pipelined(client).await,
        Case::SessionBidiDuplex => session_bidi_duplex(client).await,
        Case::SessionProxyBidi => session_proxy_bidi(client).await,
        Case::TwoSessions => two_sessions(client).await,
    }
}

/// A typed and a dynamic client.
async fn both(client: &AsterClient, scope: Scope) -> Result<[Caller; 2], Failed> {
    Ok([
        Caller::open(client, scope, Kind::Typed, Codec::Xlang).await?,
        Caller::open(client, scope, Kind::Dynamic, Codec::Json).await?,
    ])
}

async fn not_found_method(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let caller = Caller::open(client, scope, Kind::Dynamic, Codec::Json).await?;
    let call = caller.dynamic("noSuchMethod", json!({ "text": "x" }));
    refused(call, &[Code::Unimplemented], "an unknown method").await?;
    Ok(())
}

/// Services that no server here has.
#[allow(dead_code, reason = "only the clients are used")]
mod missing {
    use super::*;

    pub(super) struct Missing;

    #[service(name = "NoSuchService")]
    impl Missing {
        #[rpc]
        async fn echo(&self, request: Request) -> Result<Reply, Status> {
            Ok(Reply { index: 0, request })
        }
    }

    pub(super) struct MissingSession;

    #[service(name = "NoSuchService", scope = "session")]
    impl MissingSession {
        #[rpc]
        async fn echo(&self, request: Request) -> Result<Reply, Status> {
            Ok(Reply { index: 0, request })
        }
    }
}

async fn not_found_service(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let codes = [Code::NotFound];
    let statuses = match scope {
        Scope::Shared => [
            refused(async { client.proxy("NoSuchService") }, &codes, "an unknown service, dynamic")
                .await?,
            refused(
                async { missing::MissingClient::new(client) },
                &codes,
                "an unknown service, typed",
            )
            .await?,
        ],
        Scope::Session => [
            refused(
                client.proxy_session("NoSuchService"),
                &codes,
                "an unknown session service, dynamic",
            )
            .await?,
            refused(
                missing::MissingSessionClient::open(client),
                &codes,
                "an unknown session service, typed",
            )
            .await?,
        ],
    };
    // The client knows what there is; it says so.
    for status in statuses {
        let text = status.message();
        check(
            text.contains("NoSuchService") && text.contains("MatrixSession v1"),
            format!("the error does not help: {text}"),
        )?;
    }
    Ok(())
}

async fn error_details(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let request = Request { text: "the Ω key".into(), n: -12, ..Request::default() };
    for caller in both(client, scope).await? {
        let what = format!("fail, {:?}", caller.kind);
        let call = caller.unary(Unary::Fail, &request, None);
        let status = refused(call, &[Code::NotFound], &what).await?;
        check(
            status.message() == "nothing is called \"the Ω key\"",
            format!("{what}: message {:?}", status.message()),
        )?;
        let details = status.details();
        // The reference's server sends none.
        if !details.is_empty() {
            let right = details.len() == 2
                && status.detail("text") == Some("the Ω key")
                && status.detail("n") == Some("-12");
            check(right, format!("{what}: details {details:?}"))?;
        }
        usual_echo(&caller, 0, "echo after the error").await?;
        caller.close().await;
    }
    Ok(())
}

async fn stream_error(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let request = Request {
        text: "breaks".into(),
        n: 4,
        note: Some(ABORT_NOTE.into()),
        ..Request::default()
    };
    for caller in both(client, scope).await? {
        let what = format!("count, {:?}", caller.kind);
        let mut replies = caller.count(&request).await.explain(&what)?;
        for index in 0..4 {
            let what = format!("{what}: reply {index}");
            let reply = soon(replies.next(), &what).await?;
            let reply = reply.ok_or_else(|| Failed::new(format!("{what}: the stream ended")))?;
            let request = request.clone();
            same(&reply.explain(&what)?, &Reply { index, request }, what)?;
        }
        let end = async { replies.next().await.transpose() };
        let status = refused(end, &[Code::Aborted], &what).await?;
        check(
            status.message() == "stopped after 4",
            format!("{what}: message {:?}", status.message()),
        )?;
        let after = soon(replies.next(), "the end").await?;
        check(after.is_none(), format!("{what}: {after:?} after the error"))?;
        usual_echo(&caller, 0, "echo after the error").await?;
        caller.close().await;
    }
    Ok(())
}

async fn deadline(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let nap = |n| Request { n, ..Request::default() };
    let (long, short) = (nap(5000), nap(20));
    let exceeded = [Code::DeadlineExceeded];
    for caller in both(client, scope).await? {
        let began = Instant::now();
        let call = caller.unary(Unary::Slow, &long, Some(Duration::from_millis(300)));
        refused(call, &exceeded, "slow").await?;
        let spent = began.elapsed();
        check(
            (0.2..2.5).contains(&spent.as_secs_f64()),
            format!("the deadline of 0.3 s took {spent:?}"),
        )?;
        usual_echo(&caller, 0, "echo after the deadline").await?;
        let enough = Some(Duration::from_secs(5));
        let reply = caller.unary(Unary::Slow, &short, enough).await;
        let want = Reply { index: 0, request: short.clone() };
        same(&reply.explain("slow")?, &want, "slow within its deadline")?;
        let call = caller.unary(Unary::Echo, &short, Some(Duration::ZERO));
        refused(call, &exceeded, "a deadline that has passed").await?;
        caller.close().await;
    }
    Ok(())
}

async fn unknown_field(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let caller = Caller::open(client, scope, Kind::Dynamic, Codec::Json).await?;
    let codes: &[Code] = match scope {
        Scope::Shared => &[Code::ContractViolation],
        // There the reference reports undecodable requests as INTERNAL.
        Scope::Session => &[Code::ContractViolation, Code::Internal],
    };
    for (message, name) in [
        (json!({ "text": "x", "txet": "y" }), "txet"),
        (json!({ "inner": { "label": "x", "valeu": 1 } }), "valeu"),
    ] {
        let what = format!("the unknown field {name}");
        let status = refused(caller.dynamic("echo", message), codes, &what).await?;
        check(
            status.message().contains(name),
            format!("the error does not name {name}: {status}"),
        )?;
    }
    let reply = caller.dynamic("echo", json!({ "text": "rest" })).await;
    let want = Reply { index: 0, request: Request { text: "rest".into(), ..Request::default() } };
    let reply = reply.explain("echo with one field")?;
    same(&reply, &json!(want), "missing fields")
}

async fn large(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
    let mut state = 7_u64;
    let mut random = move || {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let repeated = "0123456789abcdef".repeat(1 << 16);
    let mixed: String = (0..1 << 20)
        .map(|_| match random() % 70 {
            0 => 'é',
            1 => '世',
            n => char::from(LETTERS[n as usize % LETTERS.len()]),
        })
        .collect();
    let raw: Vec<u8> = (0..1 << 20).map(|_| random() as u8).collect();
    for caller in both(client, scope).await? {
        for (echoes, text) in [&repeated, &mixed].into_iter().enumerate() {
            let request = Request {
                n: text.len() as i64,
                items: vec![text.chars().take(1000).collect(); 50],
                text: text.clone(),
                ..Request::default()
            };
            let index = match scope {
                Scope::Shared => 0,
                Scope::Session => echoes as i64,
            };
            let what = format!("1 MiB, {:?}", caller.kind);
            let reply = soon(caller.echo(&request), &what).await?;
            same(&reply.explain(&what)?, &Reply { index, request }, what)?;
        }
        if caller.kind == Kind::Typed {
            let sent = Blob { name: "random".into(), raw: raw.clone() };
            let got = soon(caller.blob(&sent), "1 MiB of bytes").await?;
            check(got.explain("blob")? == sent, "1 MiB of bytes changed")?;
        }
        caller.close().await;
    }
    Ok(())
}

async fn cancel_stream(client: &AsterClient, scope: Scope) -> Result<(), Failed> {
    let request = Request { text: "endless".into(), n: 10_000_000, ..Request::default() };
    for caller in both(client, scope).await? {
        let mut replies = caller.count(&request).await.explain("count")?;
        for index in 0..3 {
            let what = format!("reply {index}");
            let reply = soon(replies.next(), &what).await?;
            let reply = reply.ok_or_else(|| Failed::new("the stream ended"))?;
            let request = request.clone();
            same(&reply.explain(&what)?, &Reply { index, request }, what)?;
        }
        drop(replies);
        usual_echo(&caller, 0, "echo after the cancelled stream").await?;
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let running = caller.active().await.explain("active")?.count;
            if running == 0 {
                break;
            }
            check(
                Instant::now() < until,
                format!("{running} handlers still run 10 s after the stream was dropped"),
            )?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        caller.close().await;
    }
    Ok(())
}

async fn parallel(client: &AsterClient) -> Result<(), Failed> {
    for caller in both(client, Scope::Shared).await? {
        let began = Instant::now();
        let calls = (0..64).map(|i| {
            let request = Request {
                text: format!("call {i}"),
                n: 300,
                ratio: f64::from(i) / 3.0,
                ..Request::default()
            };
            let caller = &caller;
            async move {
                let reply = caller.unary(Unary::Slow, &request, None).await;
                let what = request.text.clone();
                same(&reply.explain(&what)?, &Reply { index: 0, request }, what)
            }
        });
        for outcome in join_all(calls).await {
            outcome?;
        }
        let spent = began.elapsed();
        check(
            spent < Duration::from_secs(4),
            format!("64 calls of 0.3 s took {spent:?}: they did not run side by side"),
        )?;
    }
    Ok(())
}

/// Calls made at the same time in one session are answered in order.
async fn session_pipelined(client: &AsterClient) -> Result<(), Failed> {
    for caller in both(client, Scope::Session).await? {
        let order = Mutex::new(Vec::new());
        let calls = (0..5).map(|i| {
            let (caller, order) = (&caller, &order);
            async move {
                let request = Request { text: format!("queued {i}"), n: 40, ..Request::default() };
                let reply = caller.unary(Unary::Slow, &request, None).await;
                if let Ok(mut order) = order.lock() {
                    order.push(i);
                }
                let what = request.text.clone();
                same(&reply.explain(&what)?, &Reply { index: 0, request }, what)
            }
        });
        for outcome in join_all(calls).await {
            outcome?;
        }
        let order = order.into_inner().unwrap_or_default();
        check(order == [0, 1, 2, 3, 4], format!("answered in the order {order:?}"))?;
        caller.close().await;
    }
    Ok(())
}

async fn session_bidi_duplex(client: &AsterClient) -> Result<(), Failed> {
    for caller in both(client, Scope::Session).await? {
        // Twice: the first call must leave the session fit for the second.
        exchange(&caller, 6, 6).await?;
        exchange(&caller, 6, 6).await?;
        usual_echo(&caller, 0, "echo after the bidi calls").await?;
        caller.close().await;
    }
    Ok(())
}

async fn session_proxy_bidi(client: &AsterClient) -> Result<(), Failed> {
    let caller = Caller::open(client, Scope::Session, Kind::Dynamic, Codec::Json).await?;
    for _ in 0..3 {
        exchange(&caller, 1, 1).await?;
    }
    usual_echo(&caller, 0, "echo after the bidi calls").await
}

async fn two_sessions(client: &AsterClient) -> Result<(), Failed> {
    for (kind, codec) in [(Kind::Typed, Codec::Xlang), (Kind::Dynamic, Codec::Json)] {
        let first = Caller::open(client, Scope::Session, kind, codec).await?;
        let second = Caller::open(client, Scope::Session, kind, codec).await?;
        for index in 0..3 {
            usual_echo(&first, index, "first session").await?;
        }
        usual_echo(&second, 0, "second session").await?;
        let mut naps = [samples().swap_remove(1), samples().swap_remove(2)];
        for nap in &mut naps {
            nap.n = 600;
        }
        let [left, right] = naps;
        let began = Instant::now();
        let (one, two) =
            join(first.unary(Unary::Slow, &left, None), second.unary(Unary::Slow, &right, None))
                .await;
        let spent = began.elapsed();
        let want = |request| Reply { index: 0, request };
        same(&one.explain("first session")?, &want(left), "first, slow")?;
        same(&two.explain("second session")?, &want(right), "second, slow")?;
        check(
            spent < Duration::from_millis(1100),
            format!("two calls of 0.6 s in two sessions took {spent:?}"),
        )?;
        first.close().await;
        usual_echo(&second, 1, "second session after the first was closed").await?;
        second.close().await;
    }
    Ok(())
}
