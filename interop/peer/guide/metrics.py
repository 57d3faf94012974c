"""Chapter 3: pushes metric points over one client stream.

    python metrics.py ADDR [COUNT]       COUNT: 10000
"""

import asyncio
import random
import sys
import time

from aster import AsterClient


async def points(count: int):
    for i in range(count):
        yield {
            "name": "cpu.load",
            "value": random.random(),
            "timestamp": time.time(),
            "tags": {"agent": "edge-node-7", "core": i % 8},
        }


async def main(address: str, count: int) -> None:
    async with AsterClient(address=address) as client:
        control = client.proxy("MissionControl")
        answer = await control.ingestMetrics(points(count))
        print(f"Accepted: {answer['accepted']}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: metrics.py ADDR [COUNT]")
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000))
