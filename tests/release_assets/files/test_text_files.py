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
    with pytest.raises(InputFileError) as caught:
        read_text("notes-file", path, MOST)
    assert "input `notes-file` names " in str(caught.value)
    assert f"{str(path)!r}" in str(caught.value)
    assert "at most 1,000 bytes" in caught.value.fix
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
    assert refusal(tmp_path / "a") == "it is not UTF-8 text: see byte 3"
    assert read_text("ca-bundle", tmp_path / "a", MOST, errors="replace") == "abc\ufffd"


def test_a_file_of_5_gb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as stream:
        stream.truncate(5_000_000_000)
    assert refusal(tmp_path / "a") == "it has 5,000,000,000 bytes"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a") == "No such file or directory"


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    assert refusal(Path(f"{tmp_path}/a\x00b")) == "no file has such a name"


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "it is a directory, not a regular file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_blocking(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    assert refusal(tmp_path / "a") == "it is a pipe, not a regular file"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket may have about 100 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a")
        assert refusal(Path("a")) == "it is a socket, not a regular file"


@linux_only
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dev/zero", "it is a device, not a regular file"),
        ("/proc/self/environ", "it is below /proc, where the system keeps its own"),
        ("/proc/self/root/proc/self/environ", "it is below /proc, where the system keeps its own"),
        ("/sys/kernel/mm/transparent_hugepage/enabled", "it is below /sys, where the system"),
    ],
)
def test_system_files_are_refused_even_through_links(tmp_path: Path, path: str, why: str) -> None:
    if not Path(path).exists():
        pytest.skip(f"there is no {path} here")
    assert refusal(Path(path)).startswith(why)
    (tmp_path / "notes.md").symlink_to(path)
    (tmp_path / "further").symlink_to("notes.md")
    assert refusal(tmp_path / "further").startswith(why)


@linux_only
def test_a_regular_file_below_dev_is_refused(tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        pytest.skip("there is no /dev/shm that this user may write")
    file = shared / f"release-assets-test-{os.getpid()}"
    file.write_bytes(b"text")
    try:
        (tmp_path / "link").symlink_to(file)
        assert refusal(tmp_path / "link") == "it is below /dev, where the system keeps its own"
    finally:
        file.unlink()
