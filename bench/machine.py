"""Describes the machine and the programs that were measured."""

import os
import platform
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.uploads import find


def describe() -> Iterator[str]:
    """Yield lines of Markdown: machine, system, programs, and how busy the machine is."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    yield f"- machine: {_processor()}, {os.cpu_count()} cores, load before {load}"
    yield f"- system: {system}, Linux {platform.release()}"
    yield f"- Python {platform.python_version()}, {ssl.OPENSSL_VERSION}"
    for program, option in (("gh", "version"), ("curl", "--version")):
        if path := find(program):
            yield f"- {_first_line(path, option)}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _first_line(*command: str) -> str:
    with tempfile.TemporaryDirectory() as home:  # where gh writes its state
        output = subprocess.run(
            command, env={"HOME": home}, capture_output=True, check=True, encoding="utf-8"
        ).stdout
    return output.partition("\n")[0].partition(" libcurl")[0]
