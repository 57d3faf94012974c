"""The Python side of the row `python`: an echo server, and a closed loop of calls.

    echo.py serve
    echo.py measure ADDRESS IN_FLIGHT SERVER_PID WARM_UP_SECONDS COUNTED_SECONDS

`serve` prints its address and serves until it is killed; `measure` prints the figures as one line of JSON, with the
names of `figures::Measure`.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from aster import AsterClient, AsterServer, rpc, service, wire_type

TEXT = "x" * 42


@wire_type("bench/Message")
@dataclass
class Message:
    text: str = ""


@service("Echo")
class Echo:
    @rpc
    async def echo(self, message: Message) -> Message:
        return message


async def serve() -> None:
    server = AsterServer(services=[Echo()])
    await server.start()
    try:
        print(server.address, flush=True)
        await server.serve()
    finally:
        await server.close()


def cpu_seconds(process: str) -> float:
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def loopback_packets() -> int:
    for line in Path("/proc/self/net/dev").read_text().splitlines():
        if line.strip().startswith("lo:"):
            return int(line.split()[2])
    return 0


async def measure(address: str, in_flight: int, server: str, warm_up: float, counted: float) -> None:
    async with AsterClient(address=address) as client:
        echo = await client.client(Echo)
        start = time.perf_counter() + warm_up
        end = start + counted
        latencies: list[float] = []

        async def worker() -> None:
            while (began := time.perf_counter()) < end:
                reply = await echo.echo(Message(text=TEXT))
                assert reply.text == TEXT
                if began >= start:
                    latencies.append(time.perf_counter() - began)

        workers = [asyncio.create_task(worker()) for _ in range(in_flight)]
        await asyncio.sleep(warm_up)
        used = cpu_seconds("self"), cpu_seconds(server), loopback_packets()
        began = time.perf_counter()
        await asyncio.gather(*workers)
        took = time.perf_counter() - began
        now = cpu_seconds("self"), cpu_seconds(server), loopback_packets()
    latencies.sort()
    calls = len(latencies)

    def at(quantile: float) -> float:
        return latencies[min(calls - 1, int(quantile * calls))] * 1e6

    figures = {
        "PerSecond": calls / took,
        "P50": at(0.5),
        "P90": at(0.9),
        "P99": at(0.99),
        "P999": at(0.999),
        "ClientCpu": (now[0] - used[0]) * 1e6 / calls,
        "ServerCpu": (now[1] - used[1]) * 1e6 / calls,
        "Packets": (now[2] - used[2]) / calls,
    }
    print(json.dumps(figures), flush=True)


def main() -> None:
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["measure", address, in_flight, server, warm_up, counted]:
            asyncio.run(measure(address, int(in_flight), server, float(warm_up), float(counted)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
