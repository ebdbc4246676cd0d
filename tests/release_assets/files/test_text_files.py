"""Text files that inputs name: what is read, and what is refused without blocking."""

import os
import socket
from pathlib import Path

import pytest

from release_assets.files.text_files import read_text
from release_assets.inputs.errors import InputFileError

MOST = 1000
linux_only = pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")


def refusal(path: Path) -> str:
    """Return why the file is refused."""
    with pytest.raises(InputFileError) as caught:
        read_text("notes-file", path, MOST)
    assert all(token in caught.value.what for token in ("`notes-file`", f"{str(path)!r}"))
    fixes = {"no such file": "create", "not UTF-8": "save it as UTF-8"}
    token = next((token for why, token in fixes.items() if why in caught.value.why), "1,000")
    assert token in caught.value.fix
    return caught.value.why


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"a\r\nb", "a\r\nb"),
        ("größer 日本".encode(), "größer 日本"),
        (b"\xef\xbb\xbfa\xef\xbb\xbf", "a\ufeff"),
        (b"x" * MOST, "x" * MOST),
    ],
    ids=["empty", "line ends", "UTF-8", "a byte order mark", "the longest"],
)
def test_the_text_of_a_file_is_read(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "a").write_bytes(content)
    assert read_text("notes-file", tmp_path / "a", MOST) == text


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a")
    assert read_text("notes-file", tmp_path / "link", MOST) == "text"


def test_invalid_utf8_is_refused_unless_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc\xff")
    assert refusal(tmp_path / "a").endswith("byte 3")
    assert read_text("ca-bundle", tmp_path / "a", MOST, errors="replace") == "abc\ufffd"


def test_a_file_of_5_gb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as stream:
        stream.truncate(5_000_000_000)
    assert "5,000,000,000" in refusal(tmp_path / "a")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a")


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    assert refusal(Path(f"{tmp_path}/a\x00b"))


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "directory" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_blocking(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    assert "pipe" in refusal(tmp_path / "a")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket may have about 100 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a")
        assert "socket" in refusal(Path("a"))


@linux_only
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dev/zero", "device"),
        ("/proc/self/environ", "/proc"),
        ("/proc/self/root/proc/self/environ", "/proc"),
        ("/sys/kernel/mm/transparent_hugepage/enabled", "/sys"),
    ],
)
def test_system_files_are_refused_even_through_links(tmp_path: Path, path: str, why: str) -> None:
    if not Path(path).exists():
        pytest.skip(f"there is no {path} here")
    assert why in refusal(Path(path))
    (tmp_path / "notes.md").symlink_to(path)
    (tmp_path / "further").symlink_to("notes.md")
    assert why in refusal(tmp_path / "further")


@linux_only
def test_a_regular_file_below_dev_is_refused(tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        pytest.skip("there is no /dev/shm that this user may write")
    file = shared / f"release-assets-test-{os.getpid()}"
    file.write_bytes(b"text")
    try:
        (tmp_path / "link").symlink_to(file)
        assert "/dev" in refusal(tmp_path / "link")
    finally:
        file.unlink()
