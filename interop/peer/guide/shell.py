"""Drives the published `aster shell` against an address, as a person would.

    shell.py ADDR            ls, getStatus, in the directory of MissionControl
    shell.py ADDR --tail N   tailLogs until N entries came, then Ctrl+C

Prints what the shell prints. The shell reads commands from a pipe line by line.
"""

import os
import signal
import subprocess
import sys
import threading

LIMIT_S = 40
END_S = 5
SHELL = os.path.join(os.path.dirname(sys.executable), "aster")


def start(address: str) -> subprocess.Popen:
    shell = subprocess.Popen(
        [SHELL, "shell", address, "--air-gapped", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
    )
    watchdog = threading.Timer(LIMIT_S, shell.kill)
    watchdog.daemon = True
    watchdog.start()
    return shell


def say(shell: subprocess.Popen, *lines: str) -> None:
    shell.stdin.write("".join(line + "\n" for line in lines))
    shell.stdin.flush()


def main() -> int:
    address = sys.argv[1]
    shell = start(address)
    say(shell, "ls /services", "cd /services/MissionControl", "ls")
    if "--tail" not in sys.argv:
        say(shell, './getStatus agent_id="x"', "exit")
        print(shell.stdout.read(), end="")
        return shell.wait()
    wanted = int(sys.argv[sys.argv.index("--tail") + 1])
    say(shell, './tailLogs agent_id="" level="info"')
    for line in shell.stdout:
        print(line, end="", flush=True)
        wanted -= '"message"' in line
        if wanted == 0:
            break
    shell.send_signal(signal.SIGINT)
    shell.stdin.close()
    # Now and then it does not end by that.
    end = threading.Timer(END_S, shell.kill)
    end.daemon = True
    end.start()
    print(shell.stdout.read(), end="")
    # What counts is what it showed.
    shell.wait()
    return 0 if wanted == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
