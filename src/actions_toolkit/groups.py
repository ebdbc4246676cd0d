"""Groups of lines in the log, which the reader can fold."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, overload

from actions_toolkit.command import issue

T = TypeVar("T")


def start_group(name: str) -> None:
    """Start a group of lines; end_group ends it. Groups do not nest."""
    issue("group", name)


def end_group() -> None:
    """End the group."""
    issue("endgroup")


@overload
def group(name: str) -> AbstractContextManager[None]: ...
@overload
async def group(name: str, fn: Callable[[], Awaitable[T]]) -> T: ...
@overload
async def group(name: str, fn: Callable[[], T]) -> T: ...
def group(name: str, fn: Callable[[], Any] | None = None) -> Any:
    """Return a context manager that logs its lines in a group.

    Given fn, a function that may be async, return an awaitable instead: it calls fn in such a
    group, and returns what fn returns.
    """
    return _Group(name) if fn is None else _call_in_group(name, fn)


class _Group:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        start_group(self.name)

    def __exit__(self, *_: object) -> None:
        end_group()


async def _call_in_group(name: str, fn: Callable[[], object]) -> object:
    with _Group(name):
        result = fn()
        return await result if isinstance(result, Awaitable) else result
