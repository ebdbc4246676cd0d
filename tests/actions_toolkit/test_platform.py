import os
import stat
import sys
from pathlib import Path

import pytest

from actions_toolkit import core
from actions_toolkit.platform import PlatformDetails

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux programs")


def test_the_words_are_nodes() -> None:
    assert core.platform.platform in {"linux", "darwin", "win32", "freebsd", "openbsd", "aix"}
    assert core.platform.arch in {"x64", "arm64", "ia32", "arm", "ppc64", "s390x", "riscv64"}
    kinds = (core.platform.is_linux, core.platform.is_mac_os, core.platform.is_windows)
    assert sum(kinds) <= 1


def _details(name: str, version: str) -> PlatformDetails:
    here = core.platform
    kinds = (here.is_windows, here.is_mac_os, here.is_linux)
    return PlatformDetails(name, version, here.platform, here.arch, *kinds)


@linux_only
def test_lsb_release_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lsb_release"
    program.write_text('#!/bin/sh\n[ "$*" = "-i -r -s" ] && echo Ubuntu && echo 24.04\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert core.platform.get_details() == _details("Ubuntu", "24.04")


@linux_only
@pytest.mark.skipif(not Path("/etc/os-release").exists(), reason="no /etc/os-release")
def test_without_lsb_release_the_file_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    details = core.platform.get_details()
    assert details == _details(details.name, details.version)
    assert f'NAME="{details.name}"' in Path("/etc/os-release").read_text().replace("'", '"')
