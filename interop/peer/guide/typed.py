"""Every MissionControl method through a typed client made from the local classes.

    python typed.py ADDR
"""

import asyncio
import sys
import time

from aster import AsterClient

from control import LogEntry, MetricPoint, MissionControl, StatusRequest, TailRequest

POINTS = 500


async def points():
    for i in range(POINTS):
        yield MetricPoint(name="temp", value=20.0 + i / 8, timestamp=time.time(), tags={"room": "lab", "slot": i})


async def main(address: str) -> None:
    async with AsterClient(address=address) as client:
        control = await client.client(MissionControl)

        status = await control.getStatus(StatusRequest(agent_id="edge-node-7"))
        print(f"getStatus: {status}", flush=True)
        assert status.agent_id == "edge-node-7" and status.status == "running" and status.uptime_secs >= 0

        # An agent name of its own, so that entries of earlier runs are filtered away by the server.
        agent = f"typed-{time.time_ns()}"
        seen = []

        async def follow() -> None:
            async for entry in control.tailLogs(TailRequest(agent_id=agent, level="warn")):
                seen.append(entry)
                if len(seen) == 2:
                    return

        tail = asyncio.create_task(follow())
        await asyncio.sleep(0.5)
        sent = [LogEntry(1700000000.5 + i, level, f"{level} line", agent) for i, level in enumerate(["info", "warn", "error"])]
        for entry in sent:
            assert (await control.submitLog(entry)).accepted is True
        await asyncio.wait_for(tail, 10)
        assert seen == sent[1:], seen
        print(f"submitLog, tailLogs: {[entry.level for entry in seen]}", flush=True)

        result = await control.ingestMetrics(points())
        assert (result.accepted, result.dropped) == (POINTS, 0), result
        print(f"ingestMetrics: {result}", flush=True)
        print("ok", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: typed.py ADDR")
    asyncio.run(main(sys.argv[1]))
