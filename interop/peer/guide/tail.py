"""Chapter 2: follows the logs and prints each entry as one line of JSON.

    python tail.py ADDR [LEVEL] [N]      LEVEL: least severe level wanted (info); N: stop after N entries (never)
"""

import asyncio
import json
import sys

from aster import AsterClient


async def main(address: str, level: str, count: int) -> None:
    async with AsterClient(address=address) as client:
        control = client.proxy("MissionControl")
        seen = 0
        async for entry in control.tailLogs.stream({"level": level}):
            print(json.dumps(entry), flush=True)
            seen += 1
            if seen == count:
                break


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: tail.py ADDR [LEVEL] [N]")
    address, level, count = (sys.argv[1:] + ["info", "0"][len(sys.argv) - 2 :])[:3]
    try:
        asyncio.run(main(address, level, int(count)))
    except KeyboardInterrupt:
        pass
