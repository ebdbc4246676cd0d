import os
import stat
import sys
from pathlib import Path

import pytest

from actions_toolkit import core
from actions_toolkit.platform import PlatformDetails, _mac_os, _windows

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux programs")


def test_platform_and_arch_have_the_values_of_node() -> None:
    assert core.platform.platform in {"linux", "darwin", "win32", "freebsd", "openbsd", "aix"}
    assert core.platform.arch in {"x64", "arm64", "ia32", "arm", "ppc64", "s390x", "riscv64"}
    kinds = (core.platform.is_linux, core.platform.is_mac_os, core.platform.is_windows)
    assert sum(kinds) <= 1


def _details(name: str, version: str) -> PlatformDetails:
    here = core.platform
    kinds = (here.is_windows, here.is_mac_os, here.is_linux)
    return PlatformDetails(name, version, here.platform, here.arch, *kinds)


@linux_only
def test_lsb_release_gives_name_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_substitute(
        tmp_path / "lsb_release", '[ "$*" = "-i -r -s" ] && echo Ubuntu && echo 24.04'
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert core.platform.get_details() == _details("Ubuntu", "24.04")


@linux_only
def test_the_programs_of_macos_and_windows_give_name_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = "ProductName:\\t\\tmacOS\\nProductVersion:\\t\\t14.5\\nBuildVersion:\\t23F79\\n"
    _write_substitute(tmp_path / "sw_vers", f"printf '{mac}'")
    windows = 'case "$2" in *.Caption) echo " Microsoft Windows ";; *.Version) echo 10.0;; esac'
    _write_substitute(tmp_path / "powershell", windows)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert _mac_os() == ("macOS", "14.5")
    assert _windows() == ("Microsoft Windows", "10.0")


def _write_substitute(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@linux_only
@pytest.mark.skipif(not Path("/etc/os-release").exists(), reason="no /etc/os-release")
def test_without_lsb_release_os_release_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    details = core.platform.get_details()
    assert details == _details(details.name, details.version)
    assert f'NAME="{details.name}"' in Path("/etc/os-release").read_text().replace("'", '"')
