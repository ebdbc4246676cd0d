"""The files that are removed from the base image, and those that must stay."""

from pathlib import Path

import pytest

from scripts.pack_image import drop_installers, make_timeless

FILES = {
    "usr/bin/apt": "apt",
    "usr/bin/sh": "sh",
    "usr/lib/libapt-pkg.so": "apt",
    "usr/lib/libc.so": "libc",
    "usr/share/doc/apt/copyright": "GPL",
    "usr/local/bin/pip3": "pip",
    "usr/local/bin/python3": "python",
    "usr/local/lib/python3.14/site-packages/pip/__init__.py": "pip",
    "usr/local/lib/python3.14/json/__init__.py": "json",
    "etc/apt/sources.list": "deb",
    "var/log/apt/history.log": "log",
    "var/lib/dpkg/info/apt.list": "/.\n/bin\n/bin/apt\n/lib\n/usr/lib\n/usr/share/doc/apt/copyright\n/out/file\n",
    "var/lib/dpkg/info/apt.md5sums": "sum",
    "var/lib/dpkg/info/libapt-pkg7.0:arm64.list": "/lib/libapt-pkg.so\n/gone\n",
    "var/lib/dpkg/info/libc6:arm64.list": "/lib/libc.so\n",
    "var/lib/dpkg/info/apt-listchanges.list": "/usr/bin/sh\n",
    "var/lib/dpkg/status": "Package: apt\nVersion: 3\n\nPackage: libc6\nVersion: 2\n\nPackage: libapt-pkg7.0\n\n",
    "var/lib/dpkg/status-old": "Package: apt\n",
}
STAY = {
    *("usr/bin/sh", "usr/lib/libc.so", "usr/share/doc/apt/copyright", "usr/local/bin/python3"),
    *("usr/local/lib/python3.14/json/__init__.py", "var/lib/dpkg/status"),
    *("var/lib/dpkg/info/libc6:arm64.list", "var/lib/dpkg/info/apt-listchanges.list"),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base image whose /bin and /lib are links, like in Debian, and with a link that leads out of it."""
    root = tmp_path / "base"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "bin").symlink_to("usr/bin")
    (root / "lib").symlink_to("usr/lib")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("of somebody else")
    (root / "out").symlink_to(tmp_path / "elsewhere")
    return root


def test_only_installers_are_removed(base: Path) -> None:
    drop_installers(base)
    left = {
        path.relative_to(base).as_posix()
        for path in base.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert left == STAY
    assert (base / "bin").is_symlink()
    assert (base / "lib/libc.so").read_text() == "libc"
    assert (base.parent / "elsewhere/file").is_file()
    assert (base / "var/lib/dpkg/status").read_text() == "Package: libc6\nVersion: 2\n\n"


def test_a_base_of_another_distribution_can_be_packed(base: Path) -> None:
    for name in ("status", "status-old"):
        (base / "var/lib/dpkg" / name).unlink()
    for path in (base / "var/lib/dpkg/info").iterdir():
        path.unlink()
    (base / "var/lib/dpkg/info").rmdir()
    (base / "var/lib/dpkg").rmdir()
    drop_installers(base)
    assert (base / "usr/bin/sh").is_file()
    assert not (base / "usr/local/bin/pip3").exists()


def test_all_files_have_the_same_time(base: Path) -> None:
    make_timeless(base)
    assert {path.lstat().st_mtime for path in (base, *base.rglob("*"))} == {0}
    assert (base.parent / "elsewhere/file").stat().st_mtime > 0
