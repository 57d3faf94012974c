# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional

from aster import AsterClient
from aster.rpc_types import SerializationMode
from aster.service import MethodInfo, ServiceInfo

from . import _client, types

_SERVICE = ServiceInfo(
    name="MissionControl",
    version=1,
    scoped="shared",
    serialization_modes=[SerializationMode.XLANG],
    methods={
        "getStatus": MethodInfo(
            name="getStatus",
            pattern="unary",
            request_type=types.StatusRequest,
            response_type=types.StatusResponse,
        ),
        "ingestMetrics": MethodInfo(
            name="ingestMetrics",
            pattern="client_stream",
            request_type=types.MetricPoint,
            response_type=types.IngestResult,
        ),
        "submitLog": MethodInfo(
            name="submitLog",
            pattern="unary",
            request_type=types.LogEntry,
            response_type=types.SubmitLogResult,
        ),
        "tailLogs": MethodInfo(
            name="tailLogs",
            pattern="server_stream",
            request_type=types.TailRequest,
            response_type=types.LogEntry,
        ),
    },
)


class MissionControlClient:
    """A client of MissionControl.

    service = await MissionControlClient.connect(client)
    """

    CONTRACT_ID = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530"

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    @classmethod
    async def connect(
        cls,
        client: AsterClient,
        *,
        interceptors: Optional[list[Any]] = None,
        check_contract: bool = True,
    ) -> MissionControlClient:
        """The service at the server that the client is connected to.

        Raises ContractMismatch if the server's service is another one than this code's.
        """
        stub = await _client.open_stub(
            client, _SERVICE, types.TYPES, cls.CONTRACT_ID, interceptors, check_contract
        )
        return cls(stub)

    async def getStatus(
        self,
        request: types.StatusRequest,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.StatusResponse:
        """Says that the control plane runs, and since when."""
        return _client.message(await self._stub.getStatus(request, metadata=metadata, timeout=timeout), types.StatusResponse)

    async def ingestMetrics(
        self,
        requests: AsyncIterator[types.MetricPoint],
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.IngestResult:
        """Takes measurements as they come and counts them."""
        return _client.message(await self._stub.ingestMetrics(requests, metadata=metadata, timeout=timeout), types.IngestResult)

    async def submitLog(
        self,
        request: types.LogEntry,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.SubmitLogResult:
        """Adds a log entry, for all who follow the logs."""
        return _client.message(await self._stub.submitLog(request, metadata=metadata, timeout=timeout), types.SubmitLogResult)

    def tailLogs(
        self,
        request: types.TailRequest,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> AsyncIterator[types.LogEntry]:
        """Sends the latest log entries that match, then each new one."""
        return _client.messages(self._stub.tailLogs(request, metadata=metadata, timeout=timeout), types.LogEntry)
