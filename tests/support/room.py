"""How many requests a pacer lets be under way at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from release_assets.github.limiter import Limiter


def check_room(limiter: Limiter, places: int) -> None:
    """Let one more than there are places ask for a turn: all but one get it, then that one too."""
    entered = threading.Semaphore(0)
    leave = threading.Event()

    def take_turn() -> None:
        with limiter.slot():
            entered.release()
            leave.wait(30)

    with ThreadPoolExecutor(places + 1) as pool:
        for _ in range(places + 1):
            pool.submit(take_turn)
        try:
            assert all(entered.acquire(timeout=30) for _ in range(places))
            assert not entered.acquire(timeout=0.02), "one too many"
        finally:
            leave.set()
        assert entered.acquire(timeout=30), "a place was not given back"
