"""Serves Matrix and MatrixSession until it is killed; the first line on standard output is the address, alone.

    python matrix_server.py [--json-only]

--json-only makes it look like a server that knows no XLANG: it announces the modes ["json"] and reads every payload
as JSON. The reference has no setting for that. It sends the mode list that the service summaries hold, which are
filled in here before the first client is admitted, and takes a codec for the server as a whole.
"""

import argparse
import asyncio

from aster import AsterServer
from aster.json_codec import JsonProxyCodec

from matrix_types import Matrix, MatrixSession


async def main(json_only: bool) -> None:
    server = AsterServer(services=[Matrix(), MatrixSession], codec=JsonProxyCodec() if json_only else None)
    await server.start()
    if json_only:
        for summary in server.services:
            summary.serialization_modes = ["json"]
    try:
        print(server.address, flush=True)
        await server.serve()
    finally:
        await server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json-only", action="store_true")
    try:
        asyncio.run(main(parser.parse_args().json_only))
    except KeyboardInterrupt:
        pass
