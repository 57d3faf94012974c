# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional

from aster import AsterClient
from aster.rpc_types import SerializationMode
from aster.service import MethodInfo, ServiceInfo

from . import _client, types

_SERVICE = ServiceInfo(
    name="Matrix",
    version=1,
    scoped="shared",
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


class MatrixClient:
    """A client of Matrix.

    service = await MatrixClient.connect(client)
    """

    CONTRACT_ID = "909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a"

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    @classmethod
    async def connect(
        cls,
        client: AsterClient,
        *,
        interceptors: Optional[list[Any]] = None,
        check_contract: bool = True,
    ) -> MatrixClient:
        """The service at the server that the client is connected to.

        Raises ContractMismatch if the server's service is another one than this code's.
        """
        stub = await _client.open_stub(
            client, _SERVICE, types.TYPES, cls.CONTRACT_ID, interceptors, check_contract
        )
        return cls(stub)

    async def active(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Total:
        return _client.message(await self._stub.active(request, metadata=metadata, timeout=timeout), types.Total)

    async def blob(
        self,
        request: types.Blob,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Blob:
        return _client.message(await self._stub.blob(request, metadata=metadata, timeout=timeout), types.Blob)

    def chat(
        self,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> _client.Channel[types.Request, types.Reply]:
        return _client.Channel(self._stub.chat(metadata=metadata, timeout=timeout), types.Reply)

    def count(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> AsyncIterator[types.Reply]:
        return _client.messages(self._stub.count(request, metadata=metadata, timeout=timeout), types.Reply)

    async def echo(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.echo(request, metadata=metadata, timeout=timeout), types.Reply)

    async def fail(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.fail(request, metadata=metadata, timeout=timeout), types.Reply)

    async def slow(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Reply:
        return _client.message(await self._stub.slow(request, metadata=metadata, timeout=timeout), types.Reply)

    async def total(
        self,
        requests: AsyncIterator[types.Request],
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Total:
        return _client.message(await self._stub.total(requests, metadata=metadata, timeout=timeout), types.Total)
