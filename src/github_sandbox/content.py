"""Stores the bytes of assets: small ones in memory, others in files, block by block."""

import hashlib
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SMALL = 64 * 1024  # bytes; content up to this size stays in memory
BLOCK = 1024 * 1024  # bytes moved at once
AHEAD = 4  # blocks that may be read before the first of them is hashed and written


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Stored bytes with their size and digest."""

    size: int  # bytes
    sha256: str  # hex
    data: bytes | None  # if they are in memory
    path: Path | None  # if they are in a file; if neither is set, the bytes were not kept

    @property
    def kept(self) -> bool:
        """Whether the bytes themselves were kept."""
        return self.data is not None or self.path is not None

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """Yield the bytes from start on, in blocks."""
        if self.data is not None:
            yield self.data[start : start + length]
            return
        with self.open() as file:
            file.seek(start)
            while length > 0 and (block := file.read(min(BLOCK, length))):
                length -= len(block)
                yield block

    def open(self) -> BinaryIO:
        """Open the file of content that is not in memory."""
        if self.path is None:
            raise ValueError("this content is in memory")
        return self.path.open("rb")

    def discard(self) -> None:
        """Delete the file; those who are reading it still have it open."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class ContentStore:
    """A directory of contents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> Content:
        """Store bytes that are in memory."""
        digest = hashlib.sha256(data).hexdigest()
        if len(data) <= SMALL:
            return Content(size=len(data), sha256=digest, data=data, path=None)
        path = self._new_path()
        path.write_bytes(data)
        return Content(size=len(data), sha256=digest, data=None, path=path)

    def put_zeros(self, size: int) -> Content:
        """Store that many zero bytes, in a sparse file if they are many."""
        if size <= SMALL:
            return self.put(bytes(size))
        path = self._new_path()
        with path.open("wb") as file:
            file.truncate(size)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Content(size=size, sha256=digest, data=None, path=path)

    def receive(
        self,
        size: int,
        read_into: Callable[[memoryview], int],
        corruption: "Corruption | None" = None,
        *,
        keep: bool = True,
    ) -> Content:
        """Store size bytes that read_into delivers; its exceptions pass through.

        keep: whether to store a large content; otherwise only its digest is computed.
        """
        corruption = corruption or Corruption()
        if size <= SMALL:
            return _receive_in_memory(size, read_into, corruption)
        if not keep:
            digest = _Pipe(None, corruption).run(size, read_into)
            return Content(size=size, sha256=digest, data=None, path=None)
        path = self._new_path()
        try:
            with path.open("wb", buffering=0) as file:
                digest = _Pipe(file, corruption).run(size, read_into)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Content(size=size, sha256=digest, data=None, path=path)

    def _new_path(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """One byte to change while it is stored; without a position, none."""

    at: int | None = None  # position of the byte
    hidden: bool = False  # True: after hashing, so that the digest is that of the sent bytes

    def before_hash(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        """Return the block to hash; start is its position."""
        return block if self.hidden else self._flip(start, block)

    def after_hash(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        """Return the block to write."""
        return self._flip(start, block) if self.hidden else block

    def _flip(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        if self.at is not None and start <= self.at < start + len(block):
            block[self.at - start] ^= 1
        return block


class _Pipe:
    """Reads blocks in one thread, and hashes and writes them in another.

    Both release the interpreter's lock, so that on two cores an upload takes as long as the slower
    of the two.
    """

    def __init__(self, file: BinaryIO | None, corruption: Corruption) -> None:
        self._file = file
        self._corruption = corruption
        self._hash = hashlib.sha256()
        self._free: queue.SimpleQueue[bytearray] = queue.SimpleQueue()
        self._full: queue.SimpleQueue[tuple[bytearray, int] | None] = queue.SimpleQueue()
        self._error: OSError | None = None

    def run(self, size: int, read_into: Callable[[memoryview], int]) -> str:
        for _ in range(AHEAD):
            self._free.put(bytearray(BLOCK))
        worker = threading.Thread(target=self._work, daemon=True)
        worker.start()
        try:
            while size > 0 and self._error is None:
                block = self._free.get()
                length = min(BLOCK, size)
                _fill(memoryview(block)[:length], read_into)
                self._full.put((block, length))
                size -= length
        finally:
            self._full.put(None)
            worker.join()
        if self._error is not None:
            raise self._error
        return self._hash.hexdigest()

    def _work(self) -> None:
        position = 0
        while (item := self._full.get()) is not None:
            block, length = item
            view = memoryview(block)[:length]
            try:
                self._hash.update(self._corruption.before_hash(position, view))
                if self._file is not None:
                    _write(self._file, self._corruption.after_hash(position, view))
            except OSError as error:  # a full disk: the reader raises it
                self._error = error
            position += length
            self._free.put(block)


def _receive_in_memory(
    size: int, read_into: Callable[[memoryview], int], corruption: Corruption
) -> Content:
    data = bytearray(size)
    _fill(memoryview(data), read_into)
    digest = hashlib.sha256(corruption.before_hash(0, data)).hexdigest()
    stored = bytes(corruption.after_hash(0, data))
    return Content(size=size, sha256=digest, data=stored, path=None)


def _fill(view: memoryview, read_into: Callable[[memoryview], int]) -> None:
    position = 0
    while position < len(view):
        position += read_into(view[position:])


def _write(file: BinaryIO, block: bytearray | memoryview) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(file.fileno(), view) :]
