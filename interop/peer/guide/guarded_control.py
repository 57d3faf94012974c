"""The guide's control plane of chapter 5: the services of control.py behind capabilities, and one more.

    python guarded_control.py ROOT_PUB

Trusts the root key in the file ROOT_PUB. The first line on standard output is the address, alone. Serves until it is
killed.
"""

import asyncio
import sys
from dataclasses import dataclass
from enum import Enum
from typing import AsyncIterator

from aster import (
    AsterServer,
    all_of,
    any_of,
    bidi_stream,
    client_stream,
    rpc,
    server_stream,
    service,
    wire_type,
)
from aster.config import AsterConfig

import control
from control import (
    Assignment,
    Command,
    CommandResult,
    Heartbeat,
    IngestResult,
    LogEntry,
    MetricPoint,
    StatusRequest,
    StatusResponse,
    SubmitLogResult,
    TailRequest,
)


class Role(str, Enum):
    STATUS = "ops.status"
    LOGS = "ops.logs"
    INGEST = "ops.ingest"
    ADMIN = "ops.admin"


@wire_type("mission/AdminStatus")
@dataclass
class AdminStatus:
    log_entries: int = 0
    followers: int = 0


open_control = control.MissionControl()


@service(name="MissionControl", version=1)
class MissionControl:
    @rpc(requires=Role.STATUS)
    async def getStatus(self, req: StatusRequest) -> StatusResponse:
        return await open_control.getStatus(req)

    @rpc()
    async def submitLog(self, req: LogEntry) -> SubmitLogResult:
        return await open_control.submitLog(req)

    @server_stream(requires=any_of(Role.LOGS, Role.ADMIN))
    async def tailLogs(self, req: TailRequest) -> AsyncIterator[LogEntry]:
        async for entry in open_control.tailLogs(req):
            yield entry

    @client_stream(requires=Role.INGEST)
    async def ingestMetrics(self, points: AsyncIterator[MetricPoint]) -> IngestResult:
        return await open_control.ingestMetrics(points)


@service(name="AgentSession", version=1, scoped="session")
class AgentSession:
    def __init__(self, peer=None) -> None:
        self.session = control.AgentSession(peer)

    @rpc(requires=Role.INGEST)
    async def register(self, req: Heartbeat) -> Assignment:
        return await self.session.register(req)

    @bidi_stream(requires=Role.ADMIN)
    async def runCommand(self, commands: AsyncIterator[Command]) -> AsyncIterator[CommandResult]:
        async for result in self.session.runCommand(commands):
            yield result


@service(name="Administration", version=1)
class Administration:
    @rpc(requires=all_of(Role.STATUS, Role.ADMIN))
    async def adminStatus(self, req: StatusRequest) -> AdminStatus:
        logs = open_control.logs
        kept = [entry for entry in logs.recent if req.agent_id in ("", entry.agent_id)]
        return AdminStatus(log_entries=len(kept), followers=len(logs.readers))


async def main(root_pub: str) -> None:
    config = AsterConfig.from_env()
    config.root_pubkey_file = root_pub
    config.allow_all_consumers = False
    services = [MissionControl(), AgentSession, Administration()]
    async with AsterServer(services=services, config=config) as server:
        print(server.address, flush=True)
        await server.serve()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: guarded_control.py ROOT_PUB")
    try:
        asyncio.run(main(sys.argv[1]))
    except KeyboardInterrupt:
        pass
