"""Performs one cell of the interop matrix, or one extra case, against any server of Matrix and MatrixSession.

    python matrix_client.py ADDR --scope shared|session --client typed|dynamic --codec xlang|json --pattern PATTERN
    python matrix_client.py ADDR --case CASE [--scope shared|session]

PATTERN is unary, server_stream, client_stream or bidi. Prints `ok` and exits 0, or exits 1 with one line on standard
error that says what was wrong. A cell that the reference cannot do is tried the way a user would try it, so that the
line on standard error is the reason; `--list` prints the names of the cases.
"""

import argparse
import asyncio
import os
import random
import sys
import time
from typing import Any, AsyncIterator, Callable

from aster import AsterClient, IrohTransport, RpcError, SerializationMode, StatusCode
from aster.framing import CALL, HEADER, TRAILER, read_frame, write_frame
from aster.json_codec import JsonProxyCodec
from aster.protocol import CallHeader, RpcStatus, StreamHeader

from matrix_types import (
    ABORT_NOTE,
    Blob,
    Matrix,
    MatrixSession,
    Reply,
    Request,
    Total,
    difference,
    numbered,
    plain,
    samples,
)


class Failed(Exception):
    """A check that did not hold."""


def check(holds: bool, what: str) -> None:
    if not holds:
        raise Failed(what)


def same(got: Any, want: Any, what: str) -> None:
    found = difference(plain(got), plain(want), what)
    if found:
        raise Failed(found)


async def each(requests: list) -> AsyncIterator[Any]:
    for request in requests:
        yield request


async def soon(awaitable: Any, what: str, seconds: float = 10) -> Any:
    try:
        return await asyncio.wait_for(awaitable, seconds)
    except asyncio.TimeoutError:
        raise Failed(f"{what} did not come within {seconds:g} s") from None


class Caller:
    """One way of calling: scope, kind of client and encoding, with the four patterns behind the same four methods."""

    def __init__(self, client: AsterClient, scope: str, kind: str, codec: str, json_via: str = "codec") -> None:
        self.client, self.scope, self.kind, self.codec = client, scope, kind, codec
        self.json_via = json_via
        self.options: dict = {}
        self.stub: Any = None

    async def open(self) -> "Caller":
        shared = self.scope == "shared"
        name = "Matrix" if shared else "MatrixSession"
        if self.kind == "dynamic":
            if self.codec == "xlang":
                raise Failed("proxy() and session() have no choice of encoding: they speak JSON to every server")
            self.stub = self.client.proxy(name) if shared else await self.client.session(name)
            return self
        codec = None
        if self.codec == "json":
            if self.json_via == "codec":
                # Nobody told the client that this server prefers JSON, so the user asks for it: the codec for the
                # payload and, on shared services, the mode for the header.
                codec = JsonProxyCodec()
                if shared:
                    self.options = {"serialization": SerializationMode.JSON}
            else:
                modes = next(s.serialization_modes for s in self.client.services if s.name == name)
                check(modes == ["json"], f"the server announces the modes {modes}, not JSON alone")
        self.stub = await self.client.client(Matrix if shared else MatrixSession, codec=codec)
        return self

    async def close(self) -> None:
        if self.scope == "session":
            await self.stub.close()

    def out(self, message: Any) -> Any:
        return plain(message) if self.kind == "dynamic" else message

    def typed_reply(self, reply: Any, cls: type) -> Any:
        # On shared services the typed client decodes JSON without looking at the declared type: users get a dict.
        if self.kind == "typed" and not (self.codec == "json" and self.scope == "shared"):
            check(isinstance(reply, cls), f"got {type(reply).__name__} where {cls.__name__} was declared")
        else:
            check(isinstance(reply, dict), f"got {type(reply).__name__} where a dict was expected")
        return reply

    async def unary(self, method: str, message: Any, cls: type = Reply, **options: Any) -> Any:
        return self.typed_reply(await getattr(self.stub, method)(self.out(message), **self.options, **options), cls)

    async def server_stream(self, message: Request) -> AsyncIterator[Any]:
        if self.kind == "dynamic" and self.scope == "shared":
            stream = self.stub.count.stream(self.out(message))
        elif self.kind == "dynamic":
            reply = await self.stub.count(self.out(message))
            if message.n != 1:
                raise Failed(f"session() reads one frame per call: asked for {message.n} replies, was handed {reply!r:.60}")
            stream = each([reply])
        elif self.scope == "session":
            stream = each(await self.stub.count(message))
        else:
            stream = self.stub.count(message, **self.options)
        try:
            async for reply in stream:
                yield self.typed_reply(reply, Reply)
        finally:
            await stream.aclose()

    async def client_stream(self, messages: list) -> Any:
        try:
            reply = await self.stub.total(each([self.out(m) for m in messages]), **self.options)
        except TypeError as error:
            raise Failed(f"session() takes one dict per call, not a stream of requests: {error}") from error
        return self.typed_reply(reply, Total)

    async def bidi_list(self, messages: list) -> list:
        """The session client's form: all requests, then all replies."""
        if self.kind == "dynamic":
            try:
                return await self.stub.chat(each([self.out(m) for m in messages]))
            except TypeError as error:
                raise Failed(f"session() takes one dict per call, not a stream of requests: {error}") from error
        return [self.typed_reply(reply, Reply) for reply in await self.stub.chat(each(messages))]


async def cell_unary(caller: Caller) -> None:
    for ordinal, request in enumerate(samples()):
        index = ordinal if caller.scope == "session" else 0
        same(await caller.unary("echo", request), Reply(index, request), f"echo {ordinal}")
    if caller.codec == "xlang":
        for raw in (b"", bytes(range(256)), b"\x00" * 9, os.urandom(5000)):
            sent = Blob(f"{len(raw)} bytes", raw)
            same(await caller.unary("blob", sent, Blob), sent, "blob")


async def cell_server_stream(caller: Caller) -> None:
    for n in (5, 0, 1, 300):
        request = numbered(n)
        request.n = n
        seen = 0
        async for reply in caller.server_stream(request):
            same(reply, Reply(seen, request), f"reply {seen} of {n}")
            seen += 1
        check(seen == n, f"{seen} replies, expected {n}")


async def cell_client_stream(caller: Caller) -> None:
    for n in (0, 1, 257):
        sent = [numbered(i) for i in range(n)]
        want = Total(n, sum(r.n for r in sent), [r.text for r in sent])
        same(await caller.client_stream(sent), want, f"total of {n}")


async def cell_bidi(caller: Caller) -> None:
    if caller.scope == "session":
        for n in (0, 1, 120):
            sent = [numbered(i) for i in range(n)]
            same(await caller.bidi_list(sent), [Reply(i, r) for i, r in enumerate(sent)], f"chat of {n}")
        return
    if caller.kind == "dynamic":
        channel = caller.stub.chat.bidi()
        await channel.open()
        await channel.send(caller.out(numbered(0)))
        try:
            async for reply in channel:
                same(reply, Reply(0, numbered(0)), "reply 0")
                break
        except AttributeError as error:
            raise Failed(f"bidi() sends, but reading from its channel raises AttributeError: {error}") from error
        await channel.close()
        return

    channel = caller.stub.chat(**caller.options)
    for i in range(5):  # each reply before the next request: neither side may wait for the other to finish
        await channel.send(numbered(i))
        reply = caller.typed_reply(await soon(channel.recv(), f"reply {i} in lockstep"), Reply)
        same(reply, Reply(i, numbered(i)), f"reply {i} in lockstep")
    for i in range(5, 60):
        await channel.send(numbered(i))
    await channel.close()
    for i in range(5, 60):
        same(caller.typed_reply(await channel.recv(), Reply), Reply(i, numbered(i)), f"reply {i}")
    check(await channel.recv() is None, "more replies than requests")
    check(await channel.wait_for_trailer() == (0, ""), "the stream did not end with OK")

    silent = caller.stub.chat(**caller.options)
    async with silent:
        await silent.close()
        check(await silent.recv() is None, "a reply to no request")


CELLS: dict[str, Callable] = {
    "unary": cell_unary,
    "server_stream": cell_server_stream,
    "client_stream": cell_client_stream,
    "bidi": cell_bidi,
}


# Extra cases. Each gets the connected client and the scope.


async def refused(call: Any, codes: tuple, what: str) -> RpcError:
    try:
        reply = await soon(call, f"{what}: an answer", 15)
    except RpcError as error:
        names = " or ".join(code.name for code in codes)
        check(error.code in codes, f"{what}: got {error.code.name} ({error.message}), expected {names}")
        return error
    raise Failed(f"{what}: was answered with {plain(reply)!r:.120}")


def ways(client: AsterClient, scope: str) -> list[Caller]:
    return [Caller(client, scope, "typed", "xlang"), Caller(client, scope, "dynamic", "json")]


async def usual_echo(caller: Caller, index: int, what: str) -> None:
    request = samples()[1]
    same(await caller.unary("echo", request), Reply(index if caller.scope == "session" else 0, request), what)


async def rpc_connection(client: AsterClient) -> Any:
    # There is no public way to the connection under the stubs.
    return await client._rpc_conn_for(client.services[0].channels["rpc"])


async def case_not_found_method(client: AsterClient, scope: str) -> None:
    caller = await Caller(client, scope, "dynamic", "json").open()
    await refused(caller.stub.noSuchMethod({"text": "x"}), (StatusCode.UNIMPLEMENTED,), "an unknown method")


async def case_not_found_service(client: AsterClient, scope: str) -> None:
    # proxy() and client() refuse names that the server did not announce, so this one goes below them.
    connection = await rpc_connection(client)
    if scope == "session":
        send, recv = await connection.open_bi()
        codec = JsonProxyCodec()
        header = StreamHeader(service="NoSuchService", method="", version=1, callId="none", serializationMode=3)
        await write_frame(send, codec.encode(header), flags=HEADER)
        payload, flags = await soon(read_frame(recv), "the refusal")
        check(bool(flags & TRAILER), "an unknown session service was not refused")
        code = StatusCode(codec.decode(payload, RpcStatus).code)
        check(code == StatusCode.NOT_FOUND, f"an unknown session service: got {code.name}, expected NOT_FOUND")
        return
    for codec in (None, JsonProxyCodec()):
        transport = IrohTransport(connection, codec=codec)
        message = Request() if codec is None else {}
        if codec is None:
            transport = (await client.client(Matrix))._transport
        await refused(transport.unary("NoSuchService", "echo", message), (StatusCode.NOT_FOUND,), "an unknown service")


async def case_error_details(client: AsterClient, scope: str) -> None:
    request = Request(text="the Ω key", n=-12)
    for caller in ways(client, scope):
        await caller.open()
        error = await refused(caller.unary("fail", request), (StatusCode.NOT_FOUND,), f"fail, {caller.kind}")
        check(error.message == 'nothing is called "the Ω key"', f"fail, {caller.kind}: message {error.message!r}")
        want = {"text": request.text, "n": "-12"}
        # The reference's server sends no details, and its session clients read none.
        check(error.details in ({}, want), f"fail, {caller.kind}: details {error.details!r}")
        print(f"details {caller.kind}: {'arrived' if error.details else 'none'}", file=sys.stderr)
        await usual_echo(caller, 0, "echo after the error")
        await caller.close()


async def case_stream_error(client: AsterClient, scope: str) -> None:
    request = Request(text="breaks", n=4, note=ABORT_NOTE)
    for caller in ways(client, scope):
        if caller.scope == "session" and caller.kind == "dynamic":
            continue  # its client has no streams
        await caller.open()
        seen = []

        async def drain() -> None:
            async for reply in caller.server_stream(request):
                seen.append(reply)

        error = await refused(drain(), (StatusCode.ABORTED,), f"count, {caller.kind}")
        check(error.message == "stopped after 4", f"count, {caller.kind}: message {error.message!r}")
        # The typed session client throws away what came before an error.
        check(len(seen) == (0 if scope == "session" else 4), f"count, {caller.kind}: {len(seen)} replies before the error")
        await usual_echo(caller, 0, "echo after the error")
        await caller.close()


async def case_deadline(client: AsterClient, scope: str) -> None:
    if scope == "session":
        # The session clients ignore timeout=, so the call header is written here.
        async with RawSession(client) as session:
            began = time.monotonic()
            await session.call("slow", Request(n=5000), deadline=int(time.time() * 1000) + 300)
            await session.expect_error(StatusCode.DEADLINE_EXCEEDED)
            spent = time.monotonic() - began
            check(0.2 < spent < 2.5, f"the deadline of 0.3 s took {spent:.2f} s")
            await session.call("echo", Request(text="after"))
            same(await session.reply(), Reply(0, Request(text="after")), "echo after the deadline")
        return
    caller = await Caller(client, "shared", "typed", "xlang").open()
    began = time.monotonic()
    await refused(caller.unary("slow", Request(n=5000), timeout=0.3), (StatusCode.DEADLINE_EXCEEDED,), "slow")
    spent = time.monotonic() - began
    check(0.2 < spent < 2.5, f"the deadline of 0.3 s took {spent:.2f} s")
    same(await caller.unary("slow", Request(n=20), timeout=5.0), Reply(0, Request(n=20)), "slow within its deadline")
    await refused(
        caller.unary("echo", Request(), timeout=-60.0), (StatusCode.DEADLINE_EXCEEDED,), "a deadline long past"
    )


async def case_unknown_field(client: AsterClient, scope: str) -> None:
    caller = await Caller(client, scope, "dynamic", "json").open()
    # In sessions the reference reports every undecodable request as INTERNAL.
    codes = (StatusCode.CONTRACT_VIOLATION,) + ((StatusCode.INTERNAL,) if scope == "session" else ())
    for message, name in (
        ({"text": "x", "txet": "y"}, "txet"),
        ({"inner": {"label": "x", "valeu": 1}}, "valeu"),
    ):
        error = await refused(caller.stub.echo(message), codes, f"the unknown field {name}")
        check(name in error.message, f"the error does not name the field {name}: {error.message!r}")
    # A missing field, on the other hand, takes its default.
    same(await caller.stub.echo({"text": "rest is default"}), Reply(0, Request(text="rest is default")), "echo")


async def case_large_1mib(client: AsterClient, scope: str) -> None:
    random.seed(7)
    repeated = "0123456789abcdef" * (1 << 16)
    mixed = "".join(random.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/é世", k=1 << 20))
    for caller in ways(client, scope):
        await caller.open()
        for index, text in enumerate((repeated, mixed)):
            request = Request(text=text, n=len(text), items=[text[:1000]] * 50)
            got = plain(await caller.unary("echo", request))
            same(got, Reply(index if scope == "session" else 0, request), f"1 MiB, {caller.kind}")
        if caller.codec == "xlang":
            raw = os.urandom(1 << 20)
            same(await caller.unary("blob", Blob("random", raw), Blob), Blob("random", raw), "1 MiB of bytes")
        await caller.close()


async def case_cancel_stream(client: AsterClient, scope: str) -> None:
    check(scope == "shared", "the session client reads a stream to its end before it hands over the first reply")
    for caller in ways(client, scope):
        await caller.open()
        stream = caller.server_stream(Request(text="endless", n=10_000_000))
        seen = 0
        async for reply in stream:
            same(reply, Reply(seen, Request(text="endless", n=10_000_000)), f"reply {seen}")
            seen += 1
            if seen == 3:
                break
        await stream.aclose()
        del stream, reply
        await usual_echo(caller, 0, "echo after the cancelled stream")
        until = time.monotonic() + 10
        while (running := plain(await caller.unary("active", Request(), Total))["count"]) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        check(running == 0, f"{running} handler(s) still run 10 s after the stream was closed")


async def case_parallel_64(client: AsterClient, scope: str) -> None:
    check(scope == "shared", "a session makes one call at a time")
    for caller in ways(client, scope):
        await caller.open()
        requests = [Request(text=f"call {i}", n=300, ratio=i / 3) for i in range(64)]
        began = time.monotonic()
        replies = await asyncio.gather(*(caller.unary("slow", request) for request in requests))
        spent = time.monotonic() - began
        for request, reply in zip(requests, replies):
            same(reply, Reply(0, request), request.text)
        check(spent < 4.0, f"64 calls of 0.3 s took {spent:.1f} s: they did not run side by side")


class RawSession:
    """A JSON session written frame by frame, for what the session clients of the reference never send."""

    def __init__(self, client: AsterClient) -> None:
        self.client, self.codec = client, JsonProxyCodec()

    async def __aenter__(self) -> "RawSession":
        self.send, self.recv = await (await rpc_connection(self.client)).open_bi()
        header = StreamHeader(
            service="MatrixSession", method="", version=1, callId="raw", serializationMode=SerializationMode.JSON.value
        )
        await write_frame(self.send, self.codec.encode(header), flags=HEADER)
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.send.finish()

    async def call(self, method: str, *messages: Request, deadline: int = 0) -> None:
        header = CallHeader(method=method, callId="raw", deadlineEpochMs=deadline)
        await write_frame(self.send, self.codec.encode(header), flags=CALL)
        for message in messages:
            await self.data(message)

    async def data(self, message: Request) -> None:
        await write_frame(self.send, self.codec.encode(message), flags=0)

    async def end_of_input(self) -> None:
        await write_frame(self.send, self.codec.encode(RpcStatus(code=0, message="")), flags=TRAILER)

    async def frame(self) -> tuple[bytes, int]:
        frame = await soon(read_frame(self.recv), "an answer")
        check(frame is not None, "the server ended the session")
        return frame

    async def reply(self) -> Any:
        payload, flags = await self.frame()
        if flags & TRAILER:
            status = self.codec.decode(payload, RpcStatus)
            raise Failed(f"got the status {StatusCode(status.code).name} ({status.message}) where a reply was expected")
        return self.codec.decode(payload)

    async def expect_error(self, code: StatusCode) -> None:
        payload, flags = await self.frame()
        check(bool(flags & TRAILER), f"got a reply where {code.name} was expected")
        status = self.codec.decode(payload, RpcStatus)
        check(status.code == code, f"got {StatusCode(status.code).name} ({status.message}), expected {code.name}")


async def case_session_pipelined(client: AsterClient, scope: str) -> None:
    async with RawSession(client) as session:
        requests = [Request(text=f"queued {i}", n=40) for i in range(5)]
        for request in requests:
            await session.call("slow", request)
        for request in requests:
            same(await session.reply(), Reply(0, request), request.text)


async def case_session_bidi_duplex(client: AsterClient, scope: str) -> None:
    async with RawSession(client) as session:
        for _ in range(2):  # twice: the first call must leave the session fit for the second
            await session.call("chat")
            for i in range(6):
                await session.data(numbered(i))
                same(await session.reply(), Reply(i, numbered(i)), f"reply {i} in lockstep")
            await session.end_of_input()
            await session.expect_error(StatusCode.OK)


async def case_session_proxy_bidi(client: AsterClient, scope: str) -> None:
    """The dynamic session treats a bidi method as unary: one request, no end of input, one reply read."""
    session = await client.session("MatrixSession")
    for i in range(3):
        reply = await soon(session.chat(plain(numbered(i))), f"the reply to call {i}")
        same(reply, Reply(0, numbered(i)), f"reply to call {i}")
    same(await session.echo(plain(numbered(9))), Reply(0, numbered(9)), "echo after the bidi calls")
    await session.close()


async def case_two_sessions(client: AsterClient, scope: str) -> None:
    for kind, codec in (("typed", "xlang"), ("dynamic", "json")):
        first = await Caller(client, "session", kind, codec).open()
        second = await Caller(client, "session", kind, codec).open()
        for index in range(3):
            await usual_echo(first, index, f"first session, echo {index}")
        await usual_echo(second, 0, "second session, echo 0")
        began = time.monotonic()
        naps = [Request(text="left", n=600), Request(text="right", n=600)]
        left, right = await asyncio.gather(first.unary("slow", naps[0]), second.unary("slow", naps[1]))
        spent = time.monotonic() - began
        same(left, Reply(0, naps[0]), "first session, slow")
        same(right, Reply(0, naps[1]), "second session, slow")
        check(spent < 1.1, f"two calls of 0.6 s in two sessions took {spent:.2f} s")
        await first.close()
        await usual_echo(second, 1, "second session, echo 1 after the first was closed")
        await second.close()


CASES = {name[5:]: function for name, function in list(globals().items()) if name.startswith("case_")}


async def run(arguments: argparse.Namespace) -> None:
    async with AsterClient(address=arguments.address) as client:
        if arguments.case:
            await CASES[arguments.case](client, arguments.scope)
            return
        caller = Caller(client, arguments.scope, arguments.client, arguments.codec, arguments.json_via)
        await caller.open()
        await CELLS[arguments.pattern](caller)
        if arguments.scope == "session":  # whatever the pattern, the session must still be in step
            before = len(samples()) if arguments.pattern == "unary" else 0
            await usual_echo(caller, before, "echo at the end of the session")
        await caller.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?")
    parser.add_argument("--scope", choices=("shared", "session"), default="shared")
    parser.add_argument("--client", choices=("typed", "dynamic"))
    parser.add_argument("--codec", choices=("xlang", "json"))
    parser.add_argument("--pattern", choices=tuple(CELLS))
    parser.add_argument(
        "--json-via",
        choices=("codec", "announced"),
        default="codec",
        help="why a typed client speaks JSON: it was given the codec, or the server announces JSON alone",
    )
    parser.add_argument("--case", choices=tuple(CASES))
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for everything (60)")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CASES))
        return 0
    if not arguments.address:
        parser.error("ADDR is missing")
    if not arguments.case and not (arguments.client and arguments.codec and arguments.pattern):
        parser.error("give --case, or all of --client, --codec and --pattern")
    try:
        asyncio.run(asyncio.wait_for(run(arguments), arguments.timeout))
    except Failed as failed:
        reason = str(failed)
    except asyncio.TimeoutError:
        reason = f"not finished after {arguments.timeout:g} s"
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    else:
        print("ok")
        return 0
    print(" ".join(reason.split()), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
