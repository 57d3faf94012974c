"""Generated clients of Matrix and MatrixSession, against any server of them: every pattern, every awkward value.

    PYTHONPATH=aster-cli/tests/generated/python python generated_matrix.py [json] ADDR

With `json` for a server that announces JSON alone, which makes it another contract.
"""

import asyncio
import dataclasses
import sys

from aster import AsterClient, RpcError, StatusCode

import matrix_types
from matrix import types
from matrix.matrix_session_v1 import MatrixSessionClient
from matrix.matrix_v1 import MatrixClient


def request(value: matrix_types.Request) -> types.Request:
    """The same request in the generated class."""
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    fields["inner"] = types.Inner(value.inner.label, value.inner.value)
    return types.Request(**fields)


async def each(values):
    for value in values:
        yield value


def count_request(n: int) -> types.Request:
    counted = request(matrix_types.numbered(n))
    counted.n = n
    return counted


async def unary(service, in_session: bool) -> None:
    for i, sample in enumerate(map(request, matrix_types.samples())):
        reply = await service.echo(sample)
        assert reply == types.Reply(i if in_session else 0, sample), (i, reply)
    blob = types.Blob("all bytes", bytes(range(256)))
    if MODE == "xlang":
        assert await service.blob(blob) == blob
    try:
        await service.fail(types.Request(text="x"))
    except RpcError as error:
        assert error.code == StatusCode.NOT_FOUND, error
    else:
        raise AssertionError("fail did not fail")


async def shared(client: AsterClient) -> None:
    service = await MatrixClient.connect(client, check_contract=MODE == "xlang")
    await unary(service, False)
    for n in (0, 1, 40):
        replies = [reply async for reply in service.count(count_request(n))]
        assert replies == [types.Reply(i, count_request(n)) for i in range(n)], replies
    sent = [request(matrix_types.numbered(i)) for i in range(20)]
    total = await service.total(each(sent))
    assert total == types.Total(20, sum(r.n for r in sent), [r.text for r in sent]), total
    async with service.chat() as channel:
        for i, message in enumerate(sent[:5]):
            await channel.send(message)
            assert await channel.recv() == types.Reply(i, message)
        await channel.send(sent[5])
        await channel.close()
        assert [reply async for reply in channel] == [types.Reply(5, sent[5])]
    try:
        await service.slow(types.Request(n=5000), timeout=0.2)
    except RpcError as error:
        assert error.code == StatusCode.DEADLINE_EXCEEDED, error
    else:
        raise AssertionError("the deadline did not pass")


async def session(client: AsterClient) -> None:
    service = await MatrixSessionClient.connect(client, check_contract=MODE == "xlang")
    await unary(service, True)
    assert await service.count(count_request(7)) == [types.Reply(i, count_request(7)) for i in range(7)]
    sent = [request(matrix_types.numbered(i)) for i in range(20)]
    assert (await service.total(each(sent))).count == 20
    assert await service.chat(each(sent)) == [types.Reply(i, message) for i, message in enumerate(sent)]
    await service.close()


async def main(address: str) -> None:
    async with AsterClient(address=address) as client:
        await shared(client)
        await session(client)
    print("ok", flush=True)


MODE = "json" if sys.argv[1:2] == ["json"] else "xlang"

if __name__ == "__main__":
    arguments = sys.argv[2:] if MODE == "json" else sys.argv[1:]
    if len(arguments) != 1:
        sys.exit("usage: generated_matrix.py [json] ADDR")
    asyncio.run(main(arguments[0]))
