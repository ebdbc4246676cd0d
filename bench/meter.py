"""Measures a command from a process so small that it does not affect the measurement."""

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    """Print when the command began, how long it took, and its peak memory."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    # The command's standard output goes to standard error: standard output is for the measurements.
    streams = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, 2, 1)]
    began = time.time()
    at = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=streams)
    _, status, usage = os.wait4(process, 0)
    measured = {
        "began": began,  # seconds since the epoch
        "seconds": time.perf_counter() - at,
        "cpu": usage.ru_utime + usage.ru_stime,  # seconds
        "peak": usage.ru_maxrss * 1024,  # bytes
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1:])
