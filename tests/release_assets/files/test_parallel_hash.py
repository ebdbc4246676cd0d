import hashlib
import os
import threading
import time
from itertools import product

import pytest

from release_assets.files.parallel_hash import ParallelHash

MANY = (os.cpu_count() or 1) + 1


@pytest.mark.parametrize("beside", [False, True])
def test_it_is_the_digest_of_all_blocks_in_their_order(beside: bool) -> None:
    for count in range(5):
        for blocks in product((b"", b"a", b"bc" * 100_000), repeat=count):
            with ParallelHash(beside=beside) as digest:
                for block in blocks:
                    digest.update(memoryview(block))
                whole = f"sha256:{hashlib.sha256(b''.join(blocks)).hexdigest()}"
                assert digest.end() == whole


@pytest.mark.parametrize("beside", [False, True])
def test_as_many_blocks_as_it_says_must_keep_their_bytes(beside: bool) -> None:
    content = os.urandom(40_000_000)
    size = 2_000_000
    with ParallelHash(beside=beside) as digest:
        rooms = [bytearray(size) for _ in range(digest.held)]
        for number, start in enumerate(range(0, len(content), size)):
            room = rooms[number % len(rooms)]
            room[:] = content[start : start + size]
            digest.update(memoryview(room))
        assert digest.end() == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("blocks", [0, 1, 20])
def test_no_thread_is_left_when_the_blocks_stop_coming(blocks: int) -> None:
    before = threading.active_count()
    with ParallelHash(beside=True) as digest:
        for _ in range(blocks):
            digest.update(memoryview(bytes(1_000_000)))
    assert_threads(before)


def test_there_are_fewer_threads_than_cores_and_later_ones_find_room_again() -> None:
    before = threading.active_count()
    for _ in range(2):
        digests = [ParallelHash(beside=True) for _ in range(MANY)]
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
    """Wait until so many threads are there, and no more."""
    deadline = time.monotonic() + 30
    while threading.active_count() > count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == count
