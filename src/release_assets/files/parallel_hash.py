"""SHA-256 of blocks, taken beside the one who sends them."""

import os
import threading
from hashlib import sha256
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from release_assets.digest import Digest

_AHEAD = 2
"""Blocks that may wait for their turn or be at it while the caller is at another."""

_spare_cores = threading.BoundedSemaphore(max((os.cpu_count() or 1) - 1, 1))


class ParallelHash:
    """SHA-256 of a file's blocks as `sha256:<hex>`.

    With `beside`, a thread of its own takes it while the caller goes on: hashing and sending both
    let go of the interpreter's lock, so that on two cores it takes as long as the slower of them.
    Whoever is faster waits. Where as many do so as there are cores to spare, the caller does it
    after all: more threads than cores only cost.
    """

    def __init__(self, *, beside: bool) -> None:
        self._beside = beside
        self._digest = sha256()
        self._blocks: SimpleQueue[memoryview | None] = SimpleQueue()
        self._room = threading.Semaphore(_AHEAD)
        self._thread: threading.Thread | None = None

    @property
    def held(self) -> int:
        """How many blocks, from the latest back, must keep their bytes."""
        return 1 if self._thread is None else _AHEAD + 1

    def __enter__(self) -> Self:
        """Begin."""
        if self._beside and _spare_cores.acquire(blocking=False):
            # Not waited for when the program has to end.
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Let the thread end, also when not all blocks came."""
        self._blocks.put(None)

    def update(self, block: memoryview) -> None:
        """Add a block."""
        if self._thread is None:
            self._digest.update(block)
            return
        self._room.acquire()
        self._blocks.put(block)

    def end(self) -> Digest:
        """Return the digest of all blocks, once all are in it."""
        if self._thread is not None:
            self._blocks.put(None)
            self._thread.join()
        return Digest.of(self._digest)

    def _work(self) -> None:
        try:
            while (block := self._blocks.get()) is not None:
                self._digest.update(block)
                self._room.release()
        finally:
            _spare_cores.release()
