//! The four patterns, each with every value, order and count compared.

use aster_interop::matrix::{Blob, Reply, Total, numbered, samples};
use clap::ValueEnum;
use futures::{StreamExt, stream};

use crate::caller::{Caller, Codec, Kind, Scope};
use crate::check::{Explain, Failed, check, same, soon};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Pattern {
    Unary,
    ServerStream,
    ClientStream,
    Bidi,
}

pub(crate) async fn run(pattern: Pattern, caller: &Caller) -> Result<(), Failed> {
    let mut echoes = 0;
    match pattern {
        Pattern::Unary => echoes = unary(caller).await?,
        Pattern::ServerStream => server_stream(caller).await?,
        Pattern::ClientStream => client_stream(caller).await?,
        Pattern::Bidi => bidi(caller).await?,
    }
    // Whatever the pattern, the session must still be in step.
    usual_echo(caller, echoes, "echo at the end").await
}

/// One echo; `before` is how many this session answered already.
pub(crate) async fn usual_echo(caller: &Caller, before: i64, what: &str) -> Result<(), Failed> {
    let request = samples().swap_remove(1);
    let index = if caller.scope == Scope::Session { before } else { 0 };
    let reply = soon(caller.echo(&request), what).await?.explain(what)?;
    same(&reply, &Reply { index, request }, what)
}

/// How many echoes were made.
async fn unary(caller: &Caller) -> Result<i64, Failed> {
    let mut echoes = 0;
    for request in samples() {
        let what = format!("echo {echoes}");
        let index = if caller.scope == Scope::Session { echoes } else { 0 };
        let reply = caller.echo(&request).await.explain(&what)?;
        same(&reply, &Reply { index, request }, what)?;
        echoes += 1;
    }
    if (caller.kind, caller.codec) == (Kind::Typed, Codec::Xlang) {
        let mixed = (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8);
        for raw in [Vec::new(), (0..=255).collect(), vec![0; 9], mixed.collect()] {
            let name = format!("{} bytes", raw.len());
            let sent = Blob { name: name.clone(), raw };
            same(&caller.blob(&sent).await.explain(&name)?, &sent, name)?;
        }
    }
    Ok(echoes)
}

async fn server_stream(caller: &Caller) -> Result<(), Failed> {
    for n in [5, 0, 1, 300] {
        let mut request = numbered(n);
        request.n = n;
        let mut replies = caller.count(&request).await.explain("count")?;
        let mut seen = 0;
        while let Some(reply) = soon(replies.next(), "a reply").await? {
            let what = format!("reply {seen} of {n}");
            let want = Reply { index: seen, request: request.clone() };
            same(&reply.explain(&what)?, &want, what)?;
            seen += 1;
        }
        check(seen == n, format!("{seen} replies, expected {n}"))?;
    }
    Ok(())
}

async fn client_stream(caller: &Caller) -> Result<(), Failed> {
    for n in [0, 1, 257] {
        let sent: Vec<_> = (0..n).map(numbered).collect();
        let want = Total {
            count: n,
            sum: sent.iter().map(|request| request.n).sum(),
            texts: sent.iter().map(|request| request.text.clone()).collect(),
        };
        let what = format!("total of {n}");
        let total = soon(caller.total(stream::iter(sent)), &what).await?;
        same(&total.explain(&what)?, &want, what)?;
    }
    Ok(())
}

async fn bidi(caller: &Caller) -> Result<(), Failed> {
    exchange(caller, 5, 60).await?;
    // Requests that are all there at once, and none at all.
    exchange(caller, 0, 120).await?;
    exchange(caller, 0, 0).await
}

/// One bidi call of `all` requests: the first `lockstep` wait for the reply to
/// the one before, so neither side may wait for the other to finish.
pub(crate) async fn exchange(caller: &Caller, lockstep: i64, all: i64) -> Result<(), Failed> {
    let (sender, receiver) = aster::channel(all.try_into().unwrap_or(1));
    let mut replies = soon(caller.chat(receiver), "the bidi call").await?.explain("chat")?;
    for i in 0..all {
        sender.send(numbered(i)).await.explain("send")?;
        if i < lockstep {
            let what = format!("reply {i} in lockstep");
            let reply = soon(replies.next(), &what).await?;
            let reply = reply.ok_or_else(|| Failed::new(format!("{what}: the stream ended")))?;
            let want = Reply { index: i, request: numbered(i) };
            same(&reply.explain(&what)?, &want, what)?;
        }
    }
    drop(sender);
    let mut seen = lockstep;
    while let Some(reply) = soon(replies.next(), "a reply, or the end").await? {
        let what = format!("reply {seen}");
        let want = Reply { index: seen, request: numbered(seen) };
        same(&reply.explain(&what)?, &want, what)?;
        seen += 1;
    }
    check(seen == all, format!("{seen} replies, expected {all}"))
}
