# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#

"""What the clients of this package share."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any, Generic, Optional, TypeVar

from aster import AsterClient
from aster.codec import ForyCodec
from aster.json_codec import JsonProxyCodec, json_decode, json_encode
from aster.rpc_types import SerializationMode
from aster.service import ServiceInfo

Request = TypeVar("Request")
Response = TypeVar("Response")


class ContractMismatch(RuntimeError):
    """The server's service is not the one that this code was made from."""

    def __init__(self, service: str, version: int, expected: str, offered: str) -> None:
        super().__init__(
            f"{service} version {version} has the contract {offered} at this server, and {expected} in this "
            "program: make the client again with `aster contract gen-client`, or connect with check_contract=False"
        )
        self.expected = expected
        self.offered = offered


async def open_stub(
    client: AsterClient,
    info: ServiceInfo,
    types: list[type],
    contract_id: str,
    interceptors: Optional[list[Any]],
    check_contract: bool,
) -> Any:
    """The package's own client of a service, or its session."""
    offered = next((s for s in client.services if s.name == info.name and s.version == info.version), None)
    if check_contract and offered is not None and offered.contract_id not in ("", contract_id):
        raise ContractMismatch(info.name, info.version, contract_id, offered.contract_id)
    announced = list(getattr(offered, "serialization_modes", None) or [])
    modes = announced or [mode.name.lower() for mode in info.serialization_modes]
    codec: Any
    if "json" in modes and "xlang" not in modes:
        codec = JsonProxyCodec()
        info = dataclasses.replace(info, serialization_modes=[SerializationMode.JSON])
    else:
        codec = ForyCodec(types=types)
        info = dataclasses.replace(info, serialization_modes=[SerializationMode.XLANG])
    service = type(info.name, (), {"__aster_service_info__": info})
    return await client.client(service, codec=codec, interceptors=interceptors)


def message(value: Any, cls: Any) -> Any:
    """A response as the message that it is; JSON comes without its class."""
    if value is None or isinstance(value, cls):
        return value
    return json_decode(json_encode(value), cls)


async def messages(source: Any, cls: Any) -> AsyncIterator[Any]:
    """A stream of responses as messages; closing it ends the call."""
    try:
        async for value in source:
            yield message(value, cls)
    finally:
        await source.aclose()


class Channel(Generic[Request, Response]):
    """A call with streams both ways.

    `async with` opens and ends it; `async for` gives the responses.
    """

    def __init__(self, channel: Any, response: Any) -> None:
        self._channel = channel
        self._response = response

    async def send(self, request: Request) -> None:
        """Sends a request."""
        await self._channel.send(request)

    async def recv(self) -> Optional[Response]:
        """The next response; None when there are no more."""
        return message(await self._channel.recv(), self._response)

    async def close(self) -> None:
        """Says that no more requests come; responses still do."""
        await self._channel.close()

    async def __aenter__(self) -> Channel[Request, Response]:
        await self._channel.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._channel.__aexit__(*error)

    def __aiter__(self) -> AsyncIterator[Response]:
        return self

    async def __anext__(self) -> Response:
        response = await self.recv()
        if response is None:
            raise StopAsyncIteration
        return response
