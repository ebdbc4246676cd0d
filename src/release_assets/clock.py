"""Time, passed in so that tests need not wait."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where time and chance come from."""

    now: Callable[[], float] = time.time  # seconds since the epoch
    elapsed: Callable[[], float] = time.monotonic  # seconds, from any start
    sleep: Callable[[float], None] = time.sleep  # seconds
    chance: Callable[[], float] = random.random  # 0 <= x < 1, spreads waits
