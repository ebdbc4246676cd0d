"""Checks how many requests a limiter allows at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

from release_assets.github.limiter import Limiter


def check_slots(limiter: Limiter, slots: int) -> None:
    """Check that one request more than there are slots has to wait until a slot is free."""
    entered = threading.Semaphore(0)
    leave = threading.Event()

    def hold_slot() -> None:
        with limiter.slot():
            entered.release()
            leave.wait(30)

    with ThreadPoolExecutor(slots + 1) as pool:
        for _ in range(slots + 1):
            pool.submit(hold_slot)
        try:
            assert all(entered.acquire(timeout=30) for _ in range(slots))
            assert not entered.acquire(timeout=0.02), "more requests than slots"
        finally:
            leave.set()
        assert entered.acquire(timeout=30), "a slot was not released"
