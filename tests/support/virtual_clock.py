"""Runs a Python program in virtual time: `virtual_clock.py SIGNAL [python -I] PROGRAM`.

`virtual_clock.py SIGNAL -- ARGUMENTS` runs the command line instead. Time advances only by
waiting, which takes no real time, and nothing is random. If SIGNAL is not 0, the program gets that
signal when it waits for the first time.
"""

import os
import random
import runpy
import sys
import threading
import time
from datetime import UTC, datetime

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


def main() -> None:
    """Run the program that the command line names."""
    number = int(sys.argv[1])
    passed = 0.0
    wait_for_event = threading.Event.wait

    def wait(event: threading.Event, timeout: float | None = None) -> bool:
        nonlocal number, passed
        if timeout is None:
            return wait_for_event(event)
        if number:
            os.kill(os.getpid(), number)
            number = 0
            return wait_for_event(event, timeout)
        passed += timeout
        return event.is_set()

    def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    # None of this is our own code.
    vars(threading)["Event"].wait = wait
    vars(time)["sleep"] = sleep
    time.monotonic = lambda: passed
    time.time = lambda: START + passed
    random.random = lambda: 0.5
    if sys.argv[2] == "--":
        sys.argv = [sys.argv[0], *sys.argv[3:]]
        runpy.run_module("release_assets", run_name="__main__")
    else:
        sys.argv = [sys.argv[-1]]
        runpy.run_path(sys.argv[0], run_name="__main__")


main()
