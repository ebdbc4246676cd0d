"""Pytest plugin of `make coverage`: also measures processes that tests start with their own `env`."""

import os
import subprocess
from collections.abc import Mapping
from typing import Any

_VARIABLE = "COVERAGE_PROCESS_CONFIG"  # configures coverage in child processes
_start = subprocess.Popen.__init__


def _start_measured(
    self: "subprocess.Popen[Any]",
    *arguments: Any,
    env: Mapping[str, str] | None = None,
    **options: Any,
) -> None:
    if env is not None and _VARIABLE in os.environ:
        env = {**env, _VARIABLE: os.environ[_VARIABLE]}
    _start(self, *arguments, env=env, **options)  # type: ignore[call-overload]


subprocess.Popen.__init__ = _start_measured  # type: ignore[assignment]
