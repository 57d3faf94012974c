"""Chapter 2: submits three log entries, one of each usual level.

    python logs.py ADDR
"""

import asyncio
import sys
import time

from aster import AsterClient

ENTRIES = [
    ("info", "agent started"),
    ("warn", "disk 92% full"),
    ("error", "lost the sensor on /dev/ttyUSB0"),
]


async def main(address: str) -> None:
    async with AsterClient(address=address) as client:
        control = client.proxy("MissionControl")
        accepted = 0
        for level, message in ENTRIES:
            answer = await control.submitLog(
                {"timestamp": time.time(), "level": level, "message": message, "agent_id": "edge-node-7"}
            )
            accepted += bool(answer["accepted"])
        print(f"Submitted: {accepted}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: logs.py ADDR")
    asyncio.run(main(sys.argv[1]))
