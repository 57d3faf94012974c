"""The messages and the two services of the interop matrix, and the values that both sides compare.

The two services have the same methods. `Matrix` is shared; `MatrixSession` makes one instance per session.
"""

import asyncio
import dataclasses
from dataclasses import dataclass, field
from typing import AsyncIterator, Optional

from aster import (
    RpcError,
    StatusCode,
    bidi_stream,
    client_stream,
    rpc,
    server_stream,
    service,
    wire_type,
)


@wire_type("matrix/Inner")
@dataclass
class Inner:
    label: str = ""
    value: int = 0


@wire_type("matrix/Request")
@dataclass
class Request:
    text: str = ""
    n: int = 0
    ratio: float = 0.0
    flag: bool = False
    items: list[str] = field(default_factory=list)
    table: dict[str, int] = field(default_factory=dict)
    note: Optional[str] = None
    inner: Inner = field(default_factory=Inner)


@wire_type("matrix/Reply")
@dataclass
class Reply:
    index: int = 0
    request: Request = field(default_factory=Request)


@wire_type("matrix/Total")
@dataclass
class Total:
    count: int = 0
    sum: int = 0
    texts: list[str] = field(default_factory=list)


# Bytes have a message of their own: the reference cannot put them into JSON.
@wire_type("matrix/Blob")
@dataclass
class Blob:
    name: str = ""
    raw: bytes = b""


ABORT_NOTE = "abort"


def failure(req: Request) -> RpcError:
    return RpcError(
        StatusCode.NOT_FOUND,
        f'nothing is called "{req.text}"',
        {"text": req.text, "n": str(req.n)},
    )


async def counted(req: Request) -> AsyncIterator[Reply]:
    for index in range(req.n):
        yield Reply(index, req)
    if req.note == ABORT_NOTE:
        raise RpcError(StatusCode.ABORTED, f"stopped after {req.n}")


async def totalled(requests: AsyncIterator[Request]) -> Total:
    total = Total()
    async for req in requests:
        total.count += 1
        total.sum += req.n
        total.texts.append(req.text)
    return total


async def answered(requests: AsyncIterator[Request]) -> AsyncIterator[Reply]:
    index = 0
    async for req in requests:
        yield Reply(index, req)
        index += 1


async def slept(req: Request) -> Reply:
    await asyncio.sleep(req.n / 1000)
    return Reply(0, req)


@service(name="Matrix", version=1)
class Matrix:
    def __init__(self) -> None:
        self.counting = 0

    @rpc()
    async def echo(self, req: Request) -> Reply:
        return Reply(0, req)

    @rpc()
    async def blob(self, req: Blob) -> Blob:
        return req

    @server_stream()
    async def count(self, req: Request) -> AsyncIterator[Reply]:
        self.counting += 1
        try:
            async for reply in counted(req):
                yield reply
        finally:
            self.counting -= 1

    @client_stream()
    async def total(self, requests: AsyncIterator[Request]) -> Total:
        return await totalled(requests)

    @bidi_stream()
    async def chat(self, requests: AsyncIterator[Request]) -> AsyncIterator[Reply]:
        async for reply in answered(requests):
            yield reply

    @rpc()
    async def fail(self, req: Request) -> Reply:
        raise failure(req)

    @rpc()
    async def slow(self, req: Request) -> Reply:
        return await slept(req)

    @rpc()
    async def active(self, req: Request) -> Total:
        """How many `count` handlers are running now, so that a client can see its cancellation arrive."""
        return Total(count=self.counting)


@service(name="MatrixSession", version=1, scoped="session")
class MatrixSession:
    def __init__(self, peer=None) -> None:
        self.peer = peer
        self.echoes = 0
        self.counting = 0

    @rpc()
    async def echo(self, req: Request) -> Reply:
        """The index says how many echoes this session has answered before."""
        reply = Reply(self.echoes, req)
        self.echoes += 1
        return reply

    @rpc()
    async def blob(self, req: Blob) -> Blob:
        return req

    @server_stream()
    async def count(self, req: Request) -> AsyncIterator[Reply]:
        self.counting += 1
        try:
            async for reply in counted(req):
                yield reply
        finally:
            self.counting -= 1

    @client_stream()
    async def total(self, requests: AsyncIterator[Request]) -> Total:
        return await totalled(requests)

    @bidi_stream()
    async def chat(self, requests: AsyncIterator[Request]) -> AsyncIterator[Reply]:
        async for reply in answered(requests):
            yield reply

    @rpc()
    async def fail(self, req: Request) -> Reply:
        raise failure(req)

    @rpc()
    async def slow(self, req: Request) -> Reply:
        return await slept(req)

    @rpc()
    async def active(self, req: Request) -> Total:
        return Total(count=self.counting)


def samples() -> list[Request]:
    """Requests that between them hold the awkward values of every field."""
    return [
        Request(),
        Request(
            text="plain",
            n=42,
            ratio=1.5,
            flag=True,
            items=["a", "b", "c"],
            table={"one": 1, "two": 2},
            note="seen",
            inner=Inner("inside", 7),
        ),
        Request(
            text="grüße, 世界, \U0001f680 \"quoted\" \\ \n\t\u0000 end",
            n=-1,
            ratio=-0.1,
            items=["", "é", "日本語", "\U0001f600" * 3, "x" * 300],
            table={"": 0, "ключ": -5, "\U0001f511": 1 << 40},
            note="",
            inner=Inner("внутри", -(1 << 33)),
        ),
        Request(
            text="l\u00e4tin only \u00ff",
            n=(1 << 63) - 1,
            ratio=1.7976931348623157e308,
            flag=True,
            items=[str(i) for i in range(300)],
            table={f"key-{i}": i * i for i in range(300)},
            inner=Inner("max", (1 << 53) + 1),
        ),
        Request(text="small", n=-(1 << 63), ratio=5e-324, note="n" * 5000, inner=Inner("", -(1 << 63))),
        Request(text="third", ratio=1 / 3, n=1 << 31, items=["only"], table={"only": -1}),
    ]


def numbered(index: int) -> Request:
    """The index-th item of a stream."""
    return Request(
        text=f"item {index}",
        n=index * 3 - 7,
        ratio=index / 8,
        flag=index % 2 == 0,
        items=[f"{index}"] * (index % 4),
        table={f"k{index % 5}": index},
        note=None if index % 3 else f"note {index}",
        inner=Inner(f"inner {index}", -index),
    )


def plain(value):
    """A message as dicts and lists, whichever form the client handed it over in."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value


def difference(got, want, path: str = "value") -> Optional[str]:
    """Where two plain values first differ, types included; None when they are equal."""
    if isinstance(want, float) and type(got) is int and float(got) == want:
        return None  # JSON has one kind of number
    if type(got) is not type(want):
        return f"{path}: {got!r} is {type(got).__name__}, expected {want!r}"
    if isinstance(want, dict):
        for key in want:
            if key not in got:
                return f"{path}: no {key!r}"
        for key in got:
            if key not in want:
                return f"{path}: unexpected {key!r}"
        return next(filter(None, (difference(got[k], want[k], f"{path}.{k}") for k in want)), None)
    if isinstance(want, list):
        if len(got) != len(want):
            return f"{path}: {len(got)} items, expected {len(want)}"
        return next(filter(None, (difference(g, w, f"{path}[{i}]") for i, (g, w) in enumerate(zip(got, want)))), None)
    if got != want:
        return f"{path}: {got!r:.200}, expected {want!r:.200}"
    return None
