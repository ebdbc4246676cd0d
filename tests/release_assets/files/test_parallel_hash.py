import hashlib
import os
import threading
import time
from itertools import product

import pytest

from release_assets.files.parallel_hash import ParallelHash

MANY = (os.cpu_count() or 1) + 1


@pytest.mark.parametrize("in_thread", [False, True])
def test_the_digest_is_that_of_all_blocks_in_order(in_thread: bool) -> None:
    for count in range(5):
        for blocks in product((b"", b"a", b"bc" * 100_000), repeat=count):
            with ParallelHash(in_thread=in_thread) as digest:
                for block in blocks:
                    digest.update(memoryview(block))
                whole = f"sha256:{hashlib.sha256(b''.join(blocks)).hexdigest()}"
                assert digest.end() == whole


@pytest.mark.parametrize("in_thread", [False, True])
def test_only_the_latest_blocks_must_keep_their_bytes(in_thread: bool) -> None:
    content = os.urandom(40_000_000)
    size = 2_000_000
    with ParallelHash(in_thread=in_thread) as digest:
        buffers = [bytearray(size) for _ in range(digest.buffer_count)]
        for number, start in enumerate(range(0, len(content), size)):
            buffer = buffers[number % len(buffers)]
            buffer[:] = content[start : start + size]
            digest.update(memoryview(buffer))
        assert digest.end() == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("blocks", [0, 1, 20])
def test_the_thread_ends_when_blocks_are_missing(blocks: int) -> None:
    before = threading.active_count()
    with ParallelHash(in_thread=True) as digest:
        for _ in range(blocks):
            digest.update(memoryview(bytes(1_000_000)))
    assert_threads(before)


def test_there_are_fewer_threads_than_cores_and_finished_ones_free_their_core() -> None:
    before = threading.active_count()
    for _ in range(2):
        digests = [ParallelHash(in_thread=True) for _ in range(MANY)]
        for digest in digests:
            digest.__enter__()
            digest.update(memoryview(b"a"))
        assert 0 < threading.active_count() - before < MANY
        assert {digest.end() for digest in digests} == {
            f"sha256:{hashlib.sha256(b'a').hexdigest()}"
        }
        for digest in digests:
            digest.__exit__(None, None, None)
        assert_threads(before)


def assert_threads(count: int) -> None:
    """Wait until there are only `count` threads."""
    deadline = time.monotonic() + 30
    while threading.active_count() > count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == count
