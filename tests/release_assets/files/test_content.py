"""Bytes and digests of files, and detection of files that change."""

import hashlib
import os
from pathlib import Path

import pytest

from release_assets.files.content import hash_file, hash_files, read_blocks
from release_assets.files.errors import FileChangedError, FileRefusedError
from release_assets.files.find import find_files
from release_assets.models import LocalFile
from tests.support.samples import inputs


def one_file(root: Path, content: bytes = b"content", name: str = "app.zip") -> LocalFile:
    (root / name).write_bytes(content)
    (found,) = find_files(inputs(root, files=name)).files
    return found


def test_the_digest_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    file = one_file(tmp_path, content)
    assert hash_file(file) == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize(
    "sizes",
    [[], [100, 10, 1_000], [3_000_000, 2_000_000, 300_000], [10, 3_000_000, 1_000, 300_000]],
    ids=["none", "small", "large", "mixed"],
)
def test_digests_come_in_the_order_of_the_files(tmp_path: Path, sizes: list[int]) -> None:
    contents = [bytes([number]) * size for number, size in enumerate(sizes)]
    files = [one_file(tmp_path, content, f"{len(content)}.zip") for content in contents]
    expected = [f"sha256:{hashlib.sha256(content).hexdigest()}" for content in contents]
    assert hash_files(files) == expected


@pytest.mark.parametrize(("size", "blocks"), [(1, [1]), (9, [9]), (10, [10]), (25, [10, 10, 5])])
def test_a_file_is_read_in_blocks_of_the_given_size(
    tmp_path: Path, size: int, blocks: list[int]
) -> None:
    content = os.urandom(size)
    read = [bytes(block) for block in read_blocks(one_file(tmp_path, content), 10)]
    assert [len(block) for block in read] == blocks
    assert b"".join(read) == content


@pytest.mark.parametrize("buffer_count", [1, 2, 3])
def test_the_latest_blocks_keep_their_bytes(tmp_path: Path, buffer_count: int) -> None:
    content = os.urandom(95)
    read: list[memoryview] = []
    for block in read_blocks(one_file(tmp_path, content), 10, buffer_count):
        read.append(block)
        end = sum(map(len, read))
        latest = b"".join(read[-buffer_count:])
        assert latest == content[end - len(latest) : end]


@pytest.mark.parametrize(
    "content",
    [b"content and more", b"short", b"", b"changed"],
    ids=["grown", "shrunk", "emptied", "the same size"],
)
def test_a_file_that_changed_since_it_was_found_is_refused(tmp_path: Path, content: bytes) -> None:
    file = one_file(tmp_path)
    (tmp_path / "app.zip").write_bytes(content)
    os.utime(tmp_path / "app.zip", ns=(0, file.fingerprint.modified_ns + 1))
    for block in (1, 1000):
        with pytest.raises(FileChangedError):
            list(read_blocks(file, block))
    with pytest.raises(FileChangedError):
        hash_file(file)


def test_a_file_that_changes_while_it_is_read_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = one_file(tmp_path, b"x" * 30)
    blocks = read_blocks(file, 10)
    read = [next(blocks), next(blocks)]
    with (tmp_path / "app.zip").open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(FileChangedError):
        read += blocks
    assert sum(map(len, read)) < file.size


def test_a_deleted_file_is_refused(tmp_path: Path) -> None:
    file = one_file(tmp_path)
    file.path.unlink()
    with pytest.raises(FileRefusedError):
        hash_file(file)


def test_a_file_replaced_by_a_directory_is_refused_as_changed(tmp_path: Path) -> None:
    file = one_file(tmp_path)
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(FileChangedError):
        hash_file(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_file_replaced_by_a_pipe_is_refused_as_changed_without_blocking(tmp_path: Path) -> None:
    file = one_file(tmp_path)
    file.path.unlink()
    os.mkfifo(file.path)
    with pytest.raises(FileChangedError):
        hash_file(file)


def test_another_file_of_the_same_size_and_time_is_refused_as_changed(tmp_path: Path) -> None:
    file = one_file(tmp_path, b"content")
    other = tmp_path / "other"
    other.write_bytes(b"CONTENT")
    os.utime(other, ns=(0, file.fingerprint.modified_ns))
    other.replace(file.path)
    assert file.path.stat().st_mtime_ns == file.fingerprint.modified_ns
    with pytest.raises(FileChangedError):
        next(read_blocks(file, 1))  # before its first byte


@pytest.mark.skipif(os.name == "nt", reason="Windows has no time of the last status change")
def test_rewritten_content_with_its_time_set_back_is_refused_as_changed(tmp_path: Path) -> None:
    file = one_file(tmp_path, b"content")
    file.path.write_bytes(b"CONTENT")
    os.utime(file.path, ns=(0, file.fingerprint.modified_ns))
    with pytest.raises(FileChangedError):
        hash_file(file)
