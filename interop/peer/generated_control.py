"""Generated clients of the guide's services, against any control plane that answers a command with one result or more.

    PYTHONPATH=aster-cli/tests/generated/python python generated_control.py ADDR
"""

import asyncio
import dataclasses
import sys
import time

from aster import AsterClient

from mission_control import types
from mission_control._client import ContractMismatch
from mission_control.agent_session_v1 import AgentSessionClient
from mission_control.mission_control_v1 import MissionControlClient

POINTS = 300


async def points():
    for i in range(POINTS):
        yield types.MetricPoint(name="temp", value=20.0 + i / 8, timestamp=time.time(), tags={"room": "lab", "slot": i})


async def commands(*texts):
    for text in texts:
        yield types.Command(text)


async def control_plane(client: AsterClient) -> None:
    control = await MissionControlClient.connect(client)
    status = await control.getStatus(types.StatusRequest("edge-node-7"), timeout=10)
    assert isinstance(status, types.StatusResponse) and status.agent_id == "edge-node-7", status

    agent = f"generated-{time.time_ns()}"
    seen = []

    async def follow() -> None:
        stream = control.tailLogs(types.TailRequest(agent_id=agent, level="warn"))
        async for entry in stream:
            seen.append(entry)
            if len(seen) == 2:
                break
        await stream.aclose()

    tail = asyncio.create_task(follow())
    await asyncio.sleep(0.5)
    sent = [types.LogEntry(1700000000.5 + i, level, f"{level} line", agent) for i, level in enumerate(["info", "warn", "error"])]
    for entry in sent:
        result = await control.submitLog(entry)
        assert result == types.SubmitLogResult(accepted=True), result
    await asyncio.wait_for(tail, 10)
    assert seen == sent[1:], seen

    counted = await control.ingestMetrics(points())
    assert counted == types.IngestResult(accepted=POINTS, dropped=0), counted


async def sessions(client: AsterClient) -> None:
    first, second = await AgentSessionClient.connect(client), await AgentSessionClient.connect(client)
    task = await first.register(types.Heartbeat(agent_id="edge-1", capabilities=["gpu"], load_avg=0.3))
    assert task == types.Assignment(task_id="train-42", command="python train.py"), task
    assert (await second.register(types.Heartbeat(agent_id="edge-2"))).task_id == "idle"
    for text, wanted in [("echo one", "one\n"), ("printf 'a\\nb\\n'", "a\nb\n")]:
        results = await first.runCommand(commands(text))
        assert all(isinstance(result, types.CommandResult) for result in results), results
        assert "".join(result.stdout for result in results) == wanted, results
        assert results[-1].exit_code == 0, results
    await first.close()
    await second.close()


async def another_contract(client: AsterClient) -> None:
    class Other(MissionControlClient):
        CONTRACT_ID = "0" * 64

    try:
        await Other.connect(client)
    except ContractMismatch as mismatch:
        assert mismatch.offered == MissionControlClient.CONTRACT_ID, mismatch
    else:
        raise AssertionError("another contract was not noticed")
    await Other.connect(client, check_contract=False)


async def main(address: str) -> None:
    assert dataclasses.fields(types.MetricPoint)[-1].type is dict
    async with AsterClient(address=address) as client:
        await control_plane(client)
        await sessions(client)
        await another_contract(client)
    print("ok", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generated_control.py ADDR")
    asyncio.run(main(sys.argv[1]))
