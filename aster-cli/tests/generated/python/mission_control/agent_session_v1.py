# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional

from aster import AsterClient
from aster.rpc_types import SerializationMode
from aster.service import MethodInfo, ServiceInfo

from . import _client, types

_SERVICE = ServiceInfo(
    name="AgentSession",
    version=1,
    scoped="session",
    serialization_modes=[SerializationMode.XLANG],
    methods={
        "register": MethodInfo(
            name="register",
            pattern="unary",
            request_type=types.Heartbeat,
            response_type=types.Assignment,
        ),
        "runCommand": MethodInfo(
            name="runCommand",
            pattern="bidi_stream",
            request_type=types.Command,
            response_type=types.CommandResult,
        ),
    },
)


class AgentSessionClient:
    """One instance for each session.

    session = await AgentSessionClient.connect(client)
    """

    CONTRACT_ID = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d"

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    @classmethod
    async def connect(
        cls,
        client: AsterClient,
        *,
        interceptors: Optional[list[Any]] = None,
        check_contract: bool = True,
    ) -> AgentSessionClient:
        """Opens a session at the server that the client is connected to.

        Raises ContractMismatch if the server's service is another one than this code's.
        """
        stub = await _client.open_stub(
            client, _SERVICE, types.TYPES, cls.CONTRACT_ID, interceptors, check_contract
        )
        return cls(stub)

    async def close(self) -> None:
        """Ends the session."""
        await self._stub.close()

    async def cancel(self) -> None:
        """Ends the call that runs; the session goes on."""
        await self._stub.cancel()

    async def register(
        self,
        request: types.Heartbeat,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Assignment:
        return _client.message(await self._stub.register(request, metadata=metadata), types.Assignment)

    async def runCommand(
        self,
        requests: AsyncIterator[types.Command],
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> list[types.CommandResult]:
        """The sessions of aster-rpc 0.1.2 hand over all responses at the end."""
        return await self._stub.runCommand(requests, metadata=metadata)
