"""The operating system of the runner, with Node's names."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

# Name of uname or Windows -> Node's name, https://nodejs.org/api/os.html#osarch.
_ARCHITECTURES = {
    "x86_64": "x64",
    "amd64": "x64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "ia32",
    "i486": "ia32",
    "i586": "ia32",
    "i686": "ia32",
    "x86": "ia32",
    "armv6l": "arm",
    "armv7l": "arm",
    "ppc64le": "ppc64",
    "loongarch64": "loong64",
}


def _machine() -> str:
    if sys.platform == "win32":
        return os.environ.get("PROCESSOR_ARCHITECTURE", "")
    return os.uname().machine


platform: str = sys.platform.rstrip("0123456789") if sys.platform != "win32" else "win32"
arch: str = _ARCHITECTURES.get(_machine().lower(), _machine())
is_windows: bool = platform == "win32"
is_mac_os: bool = platform == "darwin"
is_linux: bool = platform == "linux"


class PlatformDetails(NamedTuple):
    """The operating system with its name and version, such as "Ubuntu" and "24.04"."""

    name: str
    version: str
    platform: str
    arch: str
    is_windows: bool
    is_mac_os: bool
    is_linux: bool


def get_details() -> PlatformDetails:
    """Return name and version of the operating system; runs another program, which takes time.

    On a Linux without lsb_release, such as most containers, /etc/os-release is read instead.

    Raises:
        OSError: the program is missing, on Linux also the file.
        subprocess.CalledProcessError: the program failed.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/platform.ts
    """
    name, version = _windows() if is_windows else _mac_os() if is_mac_os else _linux()
    return PlatformDetails(name, version, platform, arch, is_windows, is_mac_os, is_linux)


def _windows() -> tuple[str, str]:
    query = "(Get-CimInstance -ClassName Win32_OperatingSystem)"
    name, version = (
        _run("powershell", "-command", f"{query}.{field}") for field in ("Caption", "Version")
    )
    return name, version


def _mac_os() -> tuple[str, str]:
    fields = _fields(_run("sw_vers"), ":")
    return fields.get("ProductName", ""), fields.get("ProductVersion", "")


def _linux() -> tuple[str, str]:
    try:
        name, _, version = _run("lsb_release", "-i", "-r", "-s").partition("\n")
    except FileNotFoundError:
        fields = _fields(Path("/etc/os-release").read_text(encoding="utf-8"), "=")
        return fields.get("NAME", ""), fields.get("VERSION_ID", "")
    return name, version


def _run(*command: str) -> str:
    import subprocess

    answer = subprocess.run(  # noqa: S603 - the commands above, none of the user
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return answer.stdout.strip()


def _fields(text: str, separator: str) -> dict[str, str]:
    pairs = (line.partition(separator) for line in text.splitlines())
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
