"""Computes the SHA-256 of blocks in a thread, while the caller sends them."""

import os
import threading
from hashlib import sha256
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from release_assets.digest import Digest

_QUEUE_SIZE = 2
"""Blocks that the caller may be ahead of the thread."""

_free_cores = threading.BoundedSemaphore(max((os.cpu_count() or 1) - 1, 1))


class ParallelHash:
    """SHA-256 of a file's blocks as `sha256:<hex>`.

    With `in_thread`, a separate thread hashes while the caller sends. Hashing and sending both
    release the interpreter's lock, so two cores work in parallel, and the faster side waits for
    the slower one. If all cores are in use already, the caller hashes: more threads than cores
    would only cost time.
    """

    def __init__(self, *, in_thread: bool) -> None:
        self._in_thread = in_thread
        self._digest = sha256()
        self._blocks: SimpleQueue[memoryview | None] = SimpleQueue()
        self._queue_slots = threading.Semaphore(_QUEUE_SIZE)
        self._thread: threading.Thread | None = None

    @property
    def buffer_count(self) -> int:
        """How many of the latest blocks must keep their bytes."""
        return 1 if self._thread is None else _QUEUE_SIZE + 1

    def __enter__(self) -> Self:
        """Start the thread, if there is a free core."""
        if self._in_thread and _free_cores.acquire(blocking=False):
            # A daemon: the interpreter does not wait for it at exit.
            self._thread = threading.Thread(target=self._hash_blocks, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the thread, even if some blocks are missing."""
        self._blocks.put(None)

    def update(self, block: memoryview) -> None:
        """Add a block."""
        if self._thread is None:
            self._digest.update(block)
            return
        self._queue_slots.acquire()
        self._blocks.put(block)

    def end(self) -> Digest:
        """Wait for the thread, and return the digest of all blocks."""
        if self._thread is not None:
            self._blocks.put(None)
            self._thread.join()
        return Digest.of(self._digest)

    def _hash_blocks(self) -> None:
        try:
            while (block := self._blocks.get()) is not None:
                self._digest.update(block)
                self._queue_slots.release()
        finally:
            _free_cores.release()
