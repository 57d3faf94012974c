"""Runs every cell and every case of the Python client against one server and compares with interop/cells.toml.

    python matrix_check.py               starts matrix_server.py and tests the reference against itself
    python matrix_check.py --address A   tests the server at A
    python matrix_check.py --json-only   either of the above with a server that announces JSON alone

Prints the matrix, then one line for each difference; exits 1 when there is one.
"""

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATTERNS = ("unary", "server_stream", "client_stream", "bidi")


def perform(address: str, *options: str) -> tuple[bool, str]:
    done = subprocess.run(
        [sys.executable, str(HERE / "matrix_client.py"), address, *options], capture_output=True, text=True, timeout=120
    )
    last = (done.stderr.strip().splitlines() or [""])[-1]
    return done.returncode == 0 and done.stdout.strip() == "ok", last


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address")
    parser.add_argument("--json-only", action="store_true")
    arguments = parser.parse_args()
    book = tomllib.loads((HERE.parent / "cells.toml").read_text())
    impossible = {
        (c["scope"], c["kind"], c["codec"], c["pattern"]) for c in book["impossible"] if c["client"] == "python"
    }

    server = None
    address = arguments.address
    if address is None:
        command = [sys.executable, str(HERE / "matrix_server.py"), *(["--json-only"] if arguments.json_only else [])]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = server.stdout.readline().strip()
    differences = []
    try:
        print(f"{'scope':8} {'client':8} {'codec':6} " + " ".join(f"{p:14}" for p in PATTERNS))
        for scope in ("shared", "session"):
            for kind in ("typed", "dynamic"):
                for codec in ("json",) if arguments.json_only else ("xlang", "json"):
                    row = []
                    for pattern in PATTERNS:
                        options = ["--scope", scope, "--client", kind, "--codec", codec, "--pattern", pattern]
                        if arguments.json_only:
                            options += ["--json-via", "announced"]
                        passed, line = perform(address, *options)
                        listed = (scope, kind, codec, pattern) in impossible
                        row.append("ok" if passed else "impossible" if listed else "FAILED")
                        if passed == listed:
                            differences.append(f"{' '.join(options)}: {'passed, but is listed' if passed else line}")
                    print(f"{scope:8} {kind:8} {codec:6} " + " ".join(f"{r:14}" for r in row), flush=True)
        for case in () if arguments.json_only else book["case"]:
            for scope in case["scopes"]:
                passed, line = perform(address, "--case", case["name"], "--scope", scope)
                wanted = case["python_server"] or server is None
                print(f"{case['name']:22} {scope:8} {'ok' if passed else 'FAILED'} {line}".rstrip(), flush=True)
                if passed != wanted:
                    differences.append(f"case {case['name']} {scope}: {'passed' if passed else line}")
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    for difference in differences:
        print(f"difference: {difference}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
