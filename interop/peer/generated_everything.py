"""The generated client of a service with everything that a contract can hold, against the Rust server of it.

    PYTHONPATH=aster-cli/tests/generated/python python generated_everything.py ADDR
"""

import asyncio
import datetime
import sys

from aster import AsterClient, RpcError, StatusCode

from everything import types
from everything.every_thing_x_v1 import EveryThingXClient


async def each(*values):
    for value in values:
        yield value


def full() -> types.Request:
    """A request with something in every field."""
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=datetime.timezone.utc)
    item = types.AlphaItem("bolt", 12)
    return types.Request(
        scalars=types.Scalars(
            flag=False, tiny=-128, small=32767, medium=-(2**31), large=2**63 - 1, utiny=255, usmall=65535,
            umedium=2**32 - 1, ularge=2**63 + 7, single=0.25, double=-1e-300, text="grüße 世界 🚀", raw=bytes(range(256)),
            day=datetime.date(2024, 2, 29), moment=moment,
        ),
        containers=types.Containers(
            items=[item, types.AlphaItem()], others=[1, None, -3], table={"a": types.BetaItem(1.5), "b": types.BetaItem()},
            by_number={-1: ["x"], 2**40: []}, tags={"one", "two"}, colors=[types.Color.CLASS, types.Color.RED],
            maybe_list=[1, -2], maybe_text=None, maybe_item=item, weights={}, color=types.Color.CLASS,
            maybe_color=types.Color.DARK_BLUE, widths=[0, 65535], times=[moment],
        ),
        dynamic=types.Dynamic(anything={"a": [1, "x", None]}, list=["a", "b"], dict={"n": 1}, maybe={"k": "v"}),
        strange=types.Strange(**{"class": "c", "agentId": "id", "größe": 3, "a-b": "dash", "str": "s", "self": "me", "type": 9, "__x": True}),
        tree=types.Node("root", [types.Node("leaf"), types.Node("branch", [types.Node("twig")])], types.Node("next")),
        left=item,
        right=types.BetaItem(2.25),
    )


def defaults() -> None:
    """What the contract says about missing fields."""
    scalars, containers = types.Scalars(), types.Containers()
    assert (scalars.flag, scalars.tiny, scalars.large, scalars.ularge) == (True, -128, -(2**63), 2**64 - 1)
    assert (scalars.single, scalars.double, scalars.raw) == (0.5, 1e300, b"\x00\x01\x22\xff\x5c\x6e")
    assert scalars.text == 'a "quoted" \\ line\nand another \u202e é'
    assert (containers.defaults, containers.weights, containers.maybe_text) == ([1, 2, 3], {"a": 1.5}, "given")
    assert containers.item == types.AlphaItem("x", 1) and containers.color is types.Color.DARK_BLUE
    assert containers.items is not types.Containers().items
    assert getattr(types.Strange(), "a-b") == "x" and getattr(types.Strange(), "class") == ""
    assert types.Strange() == types.Strange() and types.Strange() != types.Strange(**{"a-b": "y"})
    for wrong in ({"id": "x"}, {"id": "x", "level": 1, "other": 2}):
        try:
            types.Needs(**wrong)
        except TypeError:
            continue
        raise AssertionError(f"{wrong} was accepted")


async def main(address: str) -> None:
    defaults()
    async with AsterClient(address=address) as client:
        service = await EveryThingXClient.connect(client)
        for sent in (types.Request(), full()):
            got = await service.echo(sent)
            for part in ("scalars", "containers", "dynamic", "strange", "tree", "left", "right"):
                assert getattr(got, part) == getattr(sent, part), (part, getattr(got, part), getattr(sent, part))
        assert await service.import_(types.Needs(id="a", level=2)) == types.Nothing()
        replies = [reply.left.count async for reply in service.countUp(types.Needs(id="a", level=3), timeout=10)]
        assert replies == [0, 1, 2], replies
        assert await service.collect(each(full(), full())) == types.Needs(id="bolt", note="", level=2)
        async with service.close2() as channel:
            await channel.send(full())
            assert await channel.recv() == full()
            await channel.close()
            assert await channel.recv() is None
        # The method's own timeout of half a second is the client's too.
        try:
            async for _ in service.countUp(types.Needs(id="slow", level=1)):
                raise AssertionError("a reply in time")
        except RpcError as error:
            assert error.code == StatusCode.DEADLINE_EXCEEDED, error
    print("ok", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generated_everything.py ADDR")
    asyncio.run(main(sys.argv[1]))
