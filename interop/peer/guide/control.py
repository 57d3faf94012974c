"""The guide's control plane: MissionControl (chapters 1 to 3) and AgentSession (chapter 4).

    python control.py [--whole]

The first line on standard output is the address, alone. Serves until it is killed.
With --whole, runCommand answers each command with a single CommandResult instead of one per line.
"""

import asyncio
import collections
import sys
import time
from dataclasses import dataclass, field
from typing import AsyncIterator

from aster import (
    AsterServer,
    bidi_stream,
    client_stream,
    rpc,
    server_stream,
    service,
    wire_type,
)

LEVELS = {"debug": 0, "info": 1, "warn": 2, "error": 3}
STARTED = time.monotonic()
WHOLE_OUTPUT = "--whole" in sys.argv[1:]


# Chapter 1: a service that answers a question.


@wire_type("mission/StatusRequest")
@dataclass
class StatusRequest:
    agent_id: str = ""


@wire_type("mission/StatusResponse")
@dataclass
class StatusResponse:
    agent_id: str = ""
    status: str = "idle"
    uptime_secs: int = 0


# Chapter 2: live logs.


@wire_type("mission/LogEntry")
@dataclass
class LogEntry:
    timestamp: float = 0.0
    level: str = "info"
    message: str = ""
    agent_id: str = ""


@wire_type("mission/SubmitLogResult")
@dataclass
class SubmitLogResult:
    accepted: bool = True


@wire_type("mission/TailRequest")
@dataclass
class TailRequest:
    agent_id: str = ""
    level: str = "info"


# Chapter 3: telemetry.


@wire_type("mission/MetricPoint")
@dataclass
class MetricPoint:
    name: str = ""
    value: float = 0.0
    timestamp: float = 0.0
    tags: dict = field(default_factory=dict)


@wire_type("mission/IngestResult")
@dataclass
class IngestResult:
    accepted: int = 0
    dropped: int = 0


# Chapter 4: one session per agent.


@wire_type("mission/Heartbeat")
@dataclass
class Heartbeat:
    agent_id: str = ""
    capabilities: list = field(default_factory=list)
    load_avg: float = 0.0


@wire_type("mission/Assignment")
@dataclass
class Assignment:
    task_id: str = ""
    command: str = ""


@wire_type("mission/Command")
@dataclass
class Command:
    command: str = ""


@wire_type("mission/CommandResult")
@dataclass
class CommandResult:
    stdout: str = ""
    stderr: str = ""
    exit_code: int = -1


class LogBook:
    """Keeps the latest entries and hands every new one to every reader."""

    def __init__(self) -> None:
        self.recent = collections.deque(maxlen=1000)
        self.readers: set[asyncio.Queue] = set()

    def add(self, entry: LogEntry) -> None:
        self.recent.append(entry)
        for reader in self.readers:
            reader.put_nowait(entry)

    async def follow(self) -> AsyncIterator[LogEntry]:
        queue: asyncio.Queue = asyncio.Queue()
        for entry in self.recent:
            queue.put_nowait(entry)
        self.readers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self.readers.discard(queue)


@service(name="MissionControl", version=1)
class MissionControl:
    def __init__(self) -> None:
        self.logs = LogBook()

    @rpc()
    async def getStatus(self, req: StatusRequest) -> StatusResponse:
        uptime = int(time.monotonic() - STARTED)
        return StatusResponse(agent_id=req.agent_id, status="running", uptime_secs=uptime)

    @rpc()
    async def submitLog(self, req: LogEntry) -> SubmitLogResult:
        self.logs.add(req)
        return SubmitLogResult(accepted=True)

    @server_stream()
    async def tailLogs(self, req: TailRequest) -> AsyncIterator[LogEntry]:
        least = LEVELS.get(req.level, 0)
        async for entry in self.logs.follow():
            if LEVELS.get(entry.level, 1) < least:
                continue
            if req.agent_id and entry.agent_id != req.agent_id:
                continue
            yield entry

    @client_stream()
    async def ingestMetrics(self, points: AsyncIterator[MetricPoint]) -> IngestResult:
        accepted = dropped = 0
        async for point in points:
            if point.name:
                accepted += 1
            else:
                dropped += 1
        return IngestResult(accepted=accepted, dropped=dropped)


async def run_in_shell(command: str) -> AsyncIterator[CommandResult]:
    """Runs a command: a result for each line it prints (exit code -1), then one with its exit code."""
    child = await asyncio.create_subprocess_shell(
        command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    if WHOLE_OUTPUT:
        out, err = await child.communicate()
        yield CommandResult(out.decode(errors="replace"), err.decode(errors="replace"), child.returncode)
        return

    lines: asyncio.Queue = asyncio.Queue()

    async def pump(pipe: asyncio.StreamReader, name: str) -> None:
        async for line in pipe:
            lines.put_nowait(CommandResult(**{name: line.decode(errors="replace")}))
        lines.put_nowait(None)

    pumps = [
        asyncio.create_task(pump(child.stdout, "stdout")),
        asyncio.create_task(pump(child.stderr, "stderr")),
    ]
    try:
        still_open = len(pumps)
        while still_open:
            result = await lines.get()
            if result is None:
                still_open -= 1
            else:
                yield result
        yield CommandResult(exit_code=await child.wait())
    finally:
        for task in pumps:
            task.cancel()
        if child.returncode is None:
            child.kill()


@service(name="AgentSession", version=1, scoped="session")
class AgentSession:
    def __init__(self, peer=None) -> None:
        self.peer = peer
        self.agent_id = ""

    @rpc()
    async def register(self, req: Heartbeat) -> Assignment:
        self.agent_id = req.agent_id
        if "gpu" in req.capabilities:
            return Assignment(task_id="train-42", command="python train.py")
        return Assignment(task_id="idle", command="sleep 60")

    @bidi_stream()
    async def runCommand(self, commands: AsyncIterator[Command]) -> AsyncIterator[CommandResult]:
        async for request in commands:
            async for result in run_in_shell(request.command):
                yield result


async def main() -> None:
    async with AsterServer(services=[MissionControl(), AgentSession]) as server:
        print(server.address, flush=True)
        await server.serve()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
