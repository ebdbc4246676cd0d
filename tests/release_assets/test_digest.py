import hashlib
import threading
import time
from itertools import product

import pytest

from release_assets.digest import Digest


@pytest.mark.parametrize("beside", [False, True])
def test_it_is_the_digest_of_all_blocks_in_their_order(beside: bool) -> None:
    for count in range(5):
        for blocks in product((b"", b"a", b"bc" * 100_000), repeat=count):
            with Digest(beside=beside) as digest:
                for block in blocks:
                    digest.update(block)
                whole = f"sha256:{hashlib.sha256(b''.join(blocks)).hexdigest()}"
                assert digest.end() == whole


@pytest.mark.parametrize("blocks", [0, 1, 20])
def test_no_thread_is_left_when_the_blocks_stop_coming(blocks: int) -> None:
    before = threading.active_count()
    with Digest(beside=True) as digest:
        for _ in range(blocks):
            digest.update(bytes(1_000_000))
    deadline = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_whoever_is_faster_waits_so_that_few_blocks_are_held() -> None:
    held: list[int] = []
    most = 0

    class Block(bytes):
        def __init__(self, _content: bytes) -> None:
            held.append(1)

        def __del__(self) -> None:
            held.pop()

    with Digest(beside=True) as digest:
        for _ in range(50):
            digest.update(Block(bytes(4_000_000)))
            most = max(most, len(held))
        assert digest.end() == f"sha256:{hashlib.sha256(bytes(200_000_000)).hexdigest()}"
    assert most <= 3, "two that are waited for, and one between"
