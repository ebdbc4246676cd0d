import hashlib
from pathlib import Path

import pytest

from github_sandbox.content import AHEAD, BLOCK, SMALL, ContentStore
from github_sandbox.request_body import DisconnectedError


class Reader:
    """A source that gives bytes in steps like a socket, and disconnects at the end."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data = data
        self.step = step

    def __call__(self, view: memoryview) -> int:
        piece = self.data[: min(self.step, len(view))]
        if not piece:
            raise DisconnectedError
        view[: len(piece)] = piece
        self.data = self.data[len(piece) :]
        return len(piece)


@pytest.mark.parametrize("step", [777, 10_000_000])
@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, BLOCK, BLOCK + 1, (AHEAD + 2) * BLOCK])
def test_received_bytes_are_read_back_unchanged(tmp_path: Path, size: int, step: int) -> None:
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    content = ContentStore(tmp_path).receive(size, Reader(data, step))
    assert content.sha256 == hashlib.sha256(data).hexdigest()
    assert b"".join(content.read(0, size)) == data
    assert b"".join(content.read(size // 2, 10)) == data[size // 2 : size // 2 + 10]
    assert (content.path is None) is (size <= SMALL)


@pytest.mark.parametrize("size", [10, 10 * BLOCK])
def test_an_interrupted_upload_leaves_no_file(tmp_path: Path, size: int) -> None:
    with pytest.raises(DisconnectedError):
        ContentStore(tmp_path).receive(size, Reader(b"x" * (size - 1), 100_000))
    assert list(tmp_path.iterdir()) == []


def test_zeros_take_no_space_on_the_disk(tmp_path: Path) -> None:
    content = ContentStore(tmp_path).put_zeros(10_000_000)
    assert content.path is not None
    assert content.path.stat().st_blocks == 0
    assert content.sha256 == hashlib.sha256(bytes(10_000_000)).hexdigest()
