"""Chapter 4: one agent session: register, then three commands in a row.

    python session.py ADDR [--proxy]

The dynamic session, `client.session("AgentSession")`, offers unary calls only: it sends one request, never says that
the input is over, and reads exactly one frame, so after one runCommand its stream is out of step with the server.
Here it does what it can (register), and the three commands go through the typed client made from the local classes,
which sends a list of requests and hands back the list of replies.

With --proxy the commands go through the dynamic session all the same. The reference's own server fails at the second
one; a server passes that takes the next call as the end of the input, and answers each command with one result.
"""

import asyncio
import sys

from aster import AsterClient

from control import AgentSession, Command, Heartbeat

COMMANDS = ["echo one", "echo two; echo oops >&2; exit 3", "printf 'a\\nb\\n'"]
WANTED = [("one\n", "", 0), ("two\n", "oops\n", 3), ("a\nb\n", "", 0)]


async def only(command: Command):
    yield command


def show(command: str, got: tuple, wanted: tuple) -> None:
    print(f"$ {command}\n  stdout={got[0]!r} stderr={got[1]!r} exit_code={got[2]}", flush=True)
    if got != wanted:
        sys.exit(f"{command!r}: expected {wanted}, got {got}")


async def main(address: str, use_proxy: bool) -> None:
    async with AsterClient(address=address) as client:
        dynamic = await client.session("AgentSession")
        task = await dynamic.register({"agent_id": "edge-1", "capabilities": ["gpu", "arm64"], "load_avg": 0.3})
        print(f"assigned {task['task_id']}: {task['command']}", flush=True)
        if use_proxy:
            for command, wanted in zip(COMMANDS, WANTED):
                result = await asyncio.wait_for(dynamic.runCommand({"command": command}), 10)
                show(command, (result["stdout"], result["stderr"], result["exit_code"]), wanted)
            await dynamic.close()
            return
        await dynamic.close()

        agent = await client.client(AgentSession)
        task = await agent.register(Heartbeat(agent_id="edge-2", capabilities=["arm64"], load_avg=0.7))
        print(f"assigned {task.task_id}: {task.command}", flush=True)
        for command, wanted in zip(COMMANDS, WANTED):
            results = await agent.runCommand(only(Command(command)))
            stdout = "".join(result.stdout for result in results)
            stderr = "".join(result.stderr for result in results)
            show(command, (stdout, stderr, results[-1].exit_code), wanted)
        await agent.close()


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--proxy"]
    if len(arguments) != 1:
        sys.exit("usage: session.py ADDR [--proxy]")
    asyncio.run(main(arguments[0], "--proxy" in sys.argv[1:]))
