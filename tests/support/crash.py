"""Starts a program of Python with a bug in it: `crash.py WHEN LOG [python -I] PROGRAM`.

With `crash.py WHEN LOG -- ARGUMENTS` it is the command line.

Request number WHEN that requests is to prepare ends in an error that tells all it knows, the token too. LOG
takes a line for each program that is started, and for each fork.
"""

import runpy
import sys
from pathlib import Path
from typing import Any

import requests


class OversightError(Exception):
    """What nobody has thought of."""


def main() -> None:
    """Run the program that the command line names."""
    when, log = int(sys.argv[1]), Path(sys.argv[2])
    real, count = requests.Request.prepare, 0

    def prepare(self: Any) -> Any:
        nonlocal count
        count += 1
        if count == when:
            raise OversightError(f"{vars(self)}")
        return real(self)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system"}:
            with log.open("a") as file:
                file.write(f"{event} {arguments}\n")

    requests.Request.prepare = prepare  # type: ignore[method-assign] # it is not our own code
    sys.addaudithook(note)
    if sys.argv[3] == "--":
        sys.argv = [sys.argv[0], *sys.argv[4:]]
        runpy.run_module("release_assets", run_name="__main__")
    else:
        sys.argv = [sys.argv[-1]]
        runpy.run_path(sys.argv[0], run_name="__main__")


main()
