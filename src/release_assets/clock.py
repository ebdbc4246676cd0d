"""The sources of time and randomness, passed in so that tests need not wait."""

import random
import time
from collections.abc import Callable

from release_assets.light_dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Functions that return the time, wait, and return random numbers."""

    now: Callable[[], float] = time.time  # seconds since the epoch
    elapsed: Callable[[], float] = time.monotonic  # seconds, from any start
    sleep: Callable[[float], None] = time.sleep  # seconds
    chance: Callable[[], float] = random.random  # 0 <= x < 1, to spread waits
