"""The bytes of assets: in memory while small, in files when not, never whole in a buffer."""

import hashlib
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SMALL = 64 * 1024  # bytes; what is not larger stays in memory
BLOCK = 1024 * 1024  # bytes moved at once
AHEAD = 4  # blocks read while earlier ones are hashed and written


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Stored bytes, and what is known about them."""

    size: int  # bytes
    sha256: str  # hex
    data: bytes | None  # when in memory
    path: Path | None  # when in a file; neither: only size and hash were kept

    @property
    def kept(self) -> bool:
        """Whether the bytes themselves are there."""
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
        """Give up the space; whoever reads on still has the open file."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class ContentStore:
    """A folder of contents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> Content:
        """Store bytes that are at hand."""
        if len(data) <= SMALL:
            return Content(
                size=len(data), sha256=hashlib.sha256(data).hexdigest(), data=data, path=None
            )
        path = self._new_path()
        path.write_bytes(data)
        return Content(
            size=len(data), sha256=hashlib.sha256(data).hexdigest(), data=None, path=path
        )

    def put_zeros(self, size: int) -> Content:
        """Store so many zero bytes in a file that takes no space."""
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
        spoil: "Spoil | None" = None,
        *,
        keep: bool = True,
    ) -> Content:
        """Store size bytes as read_into delivers them; its exceptions pass through.

        The bytes are hashed and written in a thread beside the one that reads: both let go of the
        interpreter's lock, so that on two cores an upload takes as long as the slower of the two.
        """
        spoil = spoil or Spoil()
        if size <= SMALL:
            data = bytearray(size)
            _fill(memoryview(data), read_into)
            digest = hashlib.sha256(spoil.before_hash(0, data)).hexdigest()
            stored = bytes(spoil.after_hash(0, data))
            return Content(size=size, sha256=digest, data=stored, path=None)
        if not keep:
            digest = _Pipe(None, spoil).run(size, read_into)
            return Content(size=size, sha256=digest, data=None, path=None)
        path = self._new_path()
        try:
            with path.open("wb", buffering=0) as file:
                digest = _Pipe(file, spoil).run(size, read_into)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Content(size=size, sha256=digest, data=None, path=path)

    def _new_path(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """Flips one byte on the way to storage, on request."""

    at: int | None = None  # position of the byte
    hidden: bool = False  # True: after hashing, so that the digest vouches for what was sent

    def before_hash(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        """Return the block as it is hashed; start is its position."""
        return block if self.hidden else self._flip(start, block)

    def after_hash(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        """Return the block as it is written."""
        return self._flip(start, block) if self.hidden else block

    def _flip(self, start: int, block: bytearray | memoryview) -> bytearray | memoryview:
        if self.at is not None and start <= self.at < start + len(block):
            block[self.at - start] ^= 1
        return block


class _Pipe:
    """Blocks from a reader, through a hash, into a file, with a thread at either end."""

    def __init__(self, file: BinaryIO | None, spoil: Spoil) -> None:
        self._file = file
        self._spoil = spoil
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
                self._hash.update(self._spoil.before_hash(position, view))
                if self._file is not None:
                    _write(self._file, self._spoil.after_hash(position, view))
            except OSError as error:  # a full disk: the reader raises it
                self._error = error
            position += length
            self._free.put(block)


def _fill(view: memoryview, read_into: Callable[[memoryview], int]) -> None:
    position = 0
    while position < len(view):
        position += read_into(view[position:])


def _write(file: BinaryIO, block: bytearray | memoryview) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(file.fileno(), view) :]
