# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional

from aster import AsterClient
from aster.rpc_types import SerializationMode
from aster.service import MethodInfo, ServiceInfo

from . import _client, types

_SERVICE = ServiceInfo(
    name="MatrixSession",
    version=1,
    scoped="session",
    serialization_modes=[SerializationMode.XLANG],
    methods={
        "active": MethodInfo(
            name="active",
            pattern="unary",
            request_type=types.Request,
            response_type=types.Total,
        ),
        "blob": MethodInfo(
            name="blob",
            pattern="unary",
            request_type=types.Blob,
            response_type=types.Blob,
        ),
        "chat": MethodInfo(
            name="chat",
            pattern="bidi_stream",
            request_type=types.Request,
            response_type=types.Reply,
        ),
        "count": MethodInfo(
            name="count",
            pattern="server_stream",
            request_type=types.Request,
            response_type=types.Reply,
        ),
        "echo": MethodInfo(
            name="echo",
            pattern="unary",
            request_type=types.Request,
            response_type=types.Reply,
        ),
        "fail": MethodInfo(
            name="fail",
            pattern="unary",
            request_type=types.Request,
            response_type=types.Reply,
        ),
        "slow": MethodInfo(
            name="slow",
            pattern="unary",
            request_type=types.Request,
            response_type=types.Reply,
        ),
        "total": MethodInfo(
            name="total",
            pattern="client_stream",
            request_type=types.Request,
            response_type=types.Total,
        ),
    },
)


class MatrixSessionClient:
    """A client of MatrixSession.

    session = await MatrixSessionClient.connect(client)
    """

    CONTRACT_ID = "7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1"

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    @classmethod
    async def connect(
        cls,
        client: AsterClient,
        *,
        interceptors: Optional[list[Any]] = None,
        check_contract: bool = True,
    ) -> MatrixSessionClient:
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

    async def active(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Total:
        return _client.message(await self._stub.active(request, metadata=metadata), types.Total)

    async def blob(
        self,
        request: types.Blob,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Blob:
        return _client.message(await self._stub.blob(request, metadata=metadata), types.Blob)

    async def chat(
        self,
        requests: AsyncIterator[types.Request],
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> list[types.Reply]:
        """The sessions of aster-rpc 0.1.2 hand over all responses at the end."""
        return await self._stub.chat(requests, metadata=metadata)

    async def count(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> list[types.Reply]:
        """The sessions of aster-rpc 0.1.2 hand over all responses at the end."""
        return await self._stub.count(request, metadata=metadata)

    async def echo(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.echo(request, metadata=metadata), types.Reply)

    async def fail(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.fail(request, metadata=metadata), types.Reply)

    async def slow(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.slow(request, metadata=metadata), types.Reply)

    async def total(
        self,
        requests: AsyncIterator[types.Request],
        *,
        metadata: Optional[dict[str, str]] = None,
    ) -> types.Total:
        return _client.message(await self._stub.total(requests, metadata=metadata), types.Total)
