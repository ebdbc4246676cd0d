"""Runs a Python program with a bug injected into it: `crash.py WHEN LOG [python -I] PROGRAM`.

`crash.py WHEN LOG -- ARGUMENTS` runs the command line instead.

The WHENth request that the library `requests` sends raises an error whose text holds the whole request, including
the token. A line is appended to LOG for each program that is started, and for each fork.
"""

import runpy
import sys
from pathlib import Path
from typing import Any

from requests.adapters import HTTPAdapter


class OversightError(Exception):
    """An error that the program does not expect."""


def main() -> None:
    """Run the program that the command line names."""
    when, log = int(sys.argv[1]), Path(sys.argv[2])
    real, count = HTTPAdapter.send, 0

    def send(self: HTTPAdapter, request: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == when:
            raise OversightError(f"{vars(request)}")
        return real(self, request, **options)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system"}:
            with log.open("a") as file:
                file.write(f"{event} {arguments}\n")

    HTTPAdapter.send = send  # type: ignore[assignment, method-assign] # it is not our own code
    sys.addaudithook(note)
    if sys.argv[3] == "--":
        sys.argv = [sys.argv[0], *sys.argv[4:]]
        runpy.run_module("release_assets", run_name="__main__")
    else:
        sys.argv = [sys.argv[-1]]
        runpy.run_path(sys.argv[0], run_name="__main__")


main()
