"""Calls the control plane through the client that `aster contract gen-client` made.

    generated.py ADDR DIRECTORY PACKAGE
"""

import asyncio
import dataclasses
import importlib
import json
import sys

from aster import AsterClient


async def main() -> None:
    address, directory, package = sys.argv[1:4]
    sys.path.insert(0, directory)
    services = importlib.import_module(f"{package}.services.mission_control_v1")
    types = importlib.import_module(f"{package}.types.mission_control_v1")
    client = AsterClient(address=address)
    await client.connect()
    control = await services.MissionControlClient.from_connection(client)
    status = await control.getStatus(types.StatusRequest(agent_id="x"))
    print(json.dumps(dataclasses.asdict(status)))
    await client.close()


if __name__ == "__main__":
    asyncio.run(main())
