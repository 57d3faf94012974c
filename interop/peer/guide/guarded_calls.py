"""Chapter 5: every method, with every credential it is given.

    python guarded_calls.py ADDR CASES

CASES is a file with a JSON list of [NAME, CREDENTIAL, IDENTITY]: a name, the path of a credential or null, and the path
of an identity file with the node's key or null, if the credential has it. Prints one JSON object that has for each name
either what each method came to, with types and by name: `ok` or the name of the status; or, if the server does not let
the client in, "denied". A client that is denied calls all the same, on a connection that it was not given; if that gets
an answer, it says "denied, then answered".
"""

import asyncio
import json
import sys

from aster import AsterClient, RpcError
from aster.config import AsterConfig
from aster.runtime import AdmissionDeniedError

from control import Command, Heartbeat, LogEntry, MetricPoint, StatusRequest, TailRequest
from guarded_control import Administration, AgentSession, MissionControl

LIMIT_S = 10
AGENT = "edge-node-7"
ENTRY = {"agent_id": AGENT, "message": "here", "level": "error"}


async def each(*items):
    for item in items:
        yield item


async def first(stream):
    async for item in stream:
        return item


async def outcome(call) -> str:
    try:
        answer = await asyncio.wait_for(call, LIMIT_S)
        return "ok" if answer else f"empty: {answer!r}"
    except RpcError as error:
        return error.code.name
    except asyncio.TimeoutError:
        return "no answer"


async def typed(client: AsterClient) -> dict:
    control = await client.client(MissionControl)
    administration = await client.client(Administration)
    asked = StatusRequest(agent_id=AGENT)
    found = {
        "getStatus": await outcome(control.getStatus(asked)),
        "submitLog": await outcome(control.submitLog(LogEntry(**ENTRY))),
        "ingestMetrics": await outcome(control.ingestMetrics(each(MetricPoint(name="cpu.load")))),
        "tailLogs": await outcome(first(control.tailLogs(TailRequest(agent_id=AGENT)))),
        "adminStatus": await outcome(administration.adminStatus(asked)),
    }
    session = await client.client(AgentSession)
    found["register"] = await outcome(session.register(Heartbeat(agent_id=AGENT)))
    await session.close()
    session = await client.client(AgentSession)
    found["runCommand"] = await outcome(session.runCommand(each(Command("echo hello"))))
    await session.close()
    return found


async def by_name(client: AsterClient) -> dict:
    control, administration = client.proxy("MissionControl"), client.proxy("Administration")
    asked = {"agent_id": AGENT}
    found = {
        "getStatus": await outcome(control.getStatus(asked)),
        "submitLog": await outcome(control.submitLog(ENTRY)),
        "ingestMetrics": await outcome(control.ingestMetrics(each({"name": "cpu.load"}))),
        "tailLogs": await outcome(first(control.tailLogs.stream(asked))),
        "adminStatus": await outcome(administration.adminStatus(asked)),
    }
    session = await client.session("AgentSession")
    # A session outlives a denied call: the first and the last of these agree.
    before = await outcome(session.register(asked))
    found["runCommand"] = await outcome(session.runCommand({"command": "echo hello"}))
    found["register"] = await outcome(session.register(asked))
    await session.close()
    if before != found["register"]:
        found["register"] = f"{before}, then {found['register']}"
    return found


async def intrude(client: AsterClient, address: str) -> str:
    """Calls without having been let in."""
    from aster import IrohTransport
    from aster.json_codec import JsonProxyCodec

    try:
        connection = await asyncio.wait_for(client._rpc_conn_for(address), LIMIT_S)
        transport = IrohTransport(connection, codec=JsonProxyCodec())
        await asyncio.wait_for(transport.unary("MissionControl", "submitLog", ENTRY), LIMIT_S)
        return "denied, then answered"
    except asyncio.TimeoutError:
        return "denied, then no answer"
    except Exception:
        return "denied"


async def case(address: str, credential: str | None, identity: str | None):
    client = AsterClient(
        config=AsterConfig.from_env(),
        address=address,
        enrollment_credential_file=credential,
        identity=identity,
    )
    try:
        await asyncio.wait_for(client.connect(), LIMIT_S)
        found = await typed(client)
        again = await by_name(client)
        return found if found == again else {"with types": found, "by name": again}
    except AdmissionDeniedError:
        return await intrude(client, address)
    finally:
        await client.close()


async def main(address: str, cases: str) -> None:
    with open(cases, encoding="utf-8") as file:
        cases = json.load(file)
    print(json.dumps({name: await case(address, *files) for name, *files in cases}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: guarded_calls.py ADDR CASES")
    asyncio.run(main(*sys.argv[1:]))
