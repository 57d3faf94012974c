# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional

from aster import AsterClient
from aster.rpc_types import SerializationMode
from aster.service import MethodInfo, ServiceInfo

from . import _client, types

_SERVICE = ServiceInfo(
    name="Every.Thing_*/_\"x\"",
    version=1,
    scoped="shared",
    serialization_modes=[SerializationMode.XLANG, SerializationMode.JSON],
    methods={
        "close2": MethodInfo(
            name="close",
            pattern="bidi_stream",
            request_type=types.Request,
            response_type=types.Request,
        ),
        "collect": MethodInfo(
            name="collect",
            pattern="client_stream",
            request_type=types.Request,
            response_type=types.Needs,
        ),
        "countUp": MethodInfo(
            name="countUp",
            pattern="server_stream",
            request_type=types.Needs,
            response_type=types.Request,
            timeout=0.5,
        ),
        "echo": MethodInfo(
            name="echo",
            pattern="unary",
            request_type=types.Request,
            response_type=types.Request,
            timeout=30.0,
            idempotent=True,
        ),
        "import_": MethodInfo(
            name="import",
            pattern="unary",
            request_type=types.Needs,
            response_type=types.Nothing,
        ),
    },
)


class EveryThingXClient:
    """Ends */ every `comment` \"\"\" and ''' \\ in \\u0022 it.
    ```
    fn main() { std::process::exit(1) }
    ```
    </script><script>alert(1)</script>
    // @ts-expect-error �back
    /// # coding: utf-7

    service = await EveryThingXClient.connect(client)
    """

    CONTRACT_ID = "dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170"

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    @classmethod
    async def connect(
        cls,
        client: AsterClient,
        *,
        interceptors: Optional[list[Any]] = None,
        check_contract: bool = True,
    ) -> EveryThingXClient:
        """The service at the server that the client is connected to.

        Raises ContractMismatch if the server's service is another one than this code's.
        """
        stub = await _client.open_stub(
            client, _SERVICE, types.TYPES, cls.CONTRACT_ID, interceptors, check_contract
        )
        return cls(stub)

    def close2(
        self,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> _client.Channel[types.Request, types.Request]:
        """A name that clients have themselves.

        Open to any admitted peer.
        """
        return _client.Channel(self._stub.close2(metadata=metadata, timeout=timeout), types.Request)

    async def collect(
        self,
        requests: AsyncIterator[types.Request],
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Needs:
        """Needs the capabilities a and b."""
        return _client.message(await self._stub.collect(requests, metadata=metadata, timeout=timeout), types.Needs)

    def countUp(
        self,
        request: types.Needs,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = 0.5,
    ) -> AsyncIterator[types.Request]:
        """Takes at most 0.5 s.
        Needs one of the capabilities a, b "c".
        """
        return _client.messages(self._stub.countUp(request, metadata=metadata, timeout=timeout), types.Request)

    async def echo(
        self,
        request: types.Request,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = 30.0,
    ) -> types.Request:
        """Ends */ every `comment` \"\"\" and ''' \\ in \\u0022 it.
        ```
        fn main() { std::process::exit(1) }
        ```
        </script><script>alert(1)</script>
        // @ts-expect-error �back
        /// # coding: utf-7

        Idempotent: calling twice does what calling once does.
        Takes at most 30 s.
        Open to any admitted peer.
        """
        return _client.message(await self._stub.echo(request, metadata=metadata, timeout=timeout), types.Request)

    async def import_(
        self,
        request: types.Needs,
        *,
        metadata: Optional[dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> types.Nothing:
        """A keyword somewhere.

        Needs the capability ops.import.
        """
        return _client.message(await self._stub.import_(request, metadata=metadata, timeout=timeout), types.Nothing)
