"""Lists, page by page; in smaller pages where large ones fail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeVar

import requests

from release_assets.github import decode
from release_assets.github.errors import UnexpectedAnswerError
from release_assets.github.http import origins
from release_assets.github.http.request import Answer, Request
from release_assets.github.session import Session


class Item(Protocol):
    """What a list holds."""

    @property
    def id(self) -> int:
        """Which one it is."""


Value = TypeVar("Value", bound=Item)

LARGEST = 100
"""Items on a page, the most there are.

Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

_SHRINK = 5  # so that 100, 20, 4 and 1 each begin where a larger one would
_MOST_READINGS = 3  # of a list that shifts
_MOST_EMPTY = 100  # pages without an item, one after the other
_PAGE = re.compile(r"[?&]page=(\d+)")
_MOST_ITEMS = 10_000  # ten times as many as GitHub shows: a server that never ends is not GitHub


class Lister:
    """Reads lists of one kind, and remembers how large a page may be.

    GitHub gives itself 10 seconds for an answer, and each release is told with its assets: with
    some hundred of them each, 30 releases are more than it can tell.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    ("Timeouts"), https://github.com/astral-sh/python-build-standalone/pull/1083
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._size = LARGEST

    def whole(self, request: Request, parse: Callable[[object, str], Value]) -> tuple[Value, ...]:
        """Return all items, each once; where an id is told twice, as it was told last.

        A list may shift while it is read, since other jobs add and delete: an id is then told
        twice, or the last page is another, and an item may be missed. Then the list is read
        again, a few times at most, and what any reading has shown is returned.

        Raises: GitHubError.
        """
        seen: dict[int, Value] = {}
        for _ in range(_MOST_READINGS):
            reading = _Reading()
            found = {item.id: item for page in self._read(request, parse, reading) for item in page}
            if not reading.has_shifted:
                return tuple(found.values())
            seen |= found
        return tuple(seen.values())

    def pages(
        self, request: Request, parse: Callable[[object, str], Value]
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the items page by page, following links whose form is GitHub's own matter.

        request: for the list, without the page. An id that an earlier page has told is left out.

        Raises: GitHubError.
        """
        yield from self._read(request, parse, _Reading())

    def _read(
        self, request: Request, parse: Callable[[object, str], Value], reading: "_Reading"
    ) -> Iterator[tuple[Value, ...]]:
        def page(answer: Answer) -> tuple[tuple[Value, ...], _Links]:
            items = decode.items(decode.json_of(answer.body, where), where)
            if len(items) > place.size:
                raise UnexpectedAnswerError(
                    f"a page of {place.size} holds {len(items)}",
                    where=where,
                    fix=decode.NOT_THE_API,
                )
            links = _Links.of(answer.headers.get("link", ""))
            return tuple(parse(item, where) for item in items), links

        where = request.where
        following: str | None = None
        start, size, empty = 0, self._size, 0
        while start < _MOST_ITEMS:
            place = _Place(request, start, size, following)
            items, links = self._session.send(replace(request, for_attempt=place.at), page)
            following = links.next
            self._size = size = place.size
            yield reading.new(items, links, size, overlaps=place.begin < start)
            if following is None:
                return
            if not origins.is_address(following) or origins.origin(following) != origins.origin(
                self._session.api_url
            ):
                raise UnexpectedAnswerError(
                    "the next page is on another host", where=where, fix=decode.NOT_THE_API
                )
            # By what came: a server may give smaller pages than it is asked for.
            start = place.begin + len(items)
            empty = 0 if items else empty + 1
            if empty == _MOST_EMPTY:
                break
        raise UnexpectedAnswerError("the list does not end", where=where, fix=decode.NOT_THE_API)


class _Reading:
    """What one reading of a list has shown so far."""

    def __init__(self) -> None:
        self.has_shifted = False
        self._ids: set[int] = set()
        self._last: tuple[int, str | None] | None = None  # size of a page, last page

    def new(
        self, items: tuple[Value, ...], links: "_Links", size: int, *, overlaps: bool
    ) -> tuple[Value, ...]:
        """Return the items that were not told before.

        overlaps: whether the page begins before the end of the one before it.
        """
        fresh = {item.id: item for item in items if item.id not in self._ids}
        # The last page itself has no link to it.
        if links.last is not None:
            before, self._last = self._last, (size, links.last)
            moved = before is not None and before[0] == size and before[1] != links.last
            self.has_shifted = self.has_shifted or moved
        self.has_shifted = self.has_shifted or (len(fresh) < len(items) and not overlaps)
        self._ids |= fresh.keys()
        return tuple(fresh.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Links:
    """Where a page leads to.

    Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """

    next: str | None
    last: str | None  # the number of the last page

    @classmethod
    def of(cls, header: str) -> Self:
        """Return the links of a header."""
        links = requests.utils.parse_header_links(header)
        urls = {link.get("rel"): link["url"] for link in reversed(links)}
        number = _PAGE.search(urls.get("last", ""))
        return cls(next=urls.get("next"), last=number[1] if number else None)


class _Place:
    """Where in a list to go on: with the page that GitHub links to, and else with a smaller one."""

    def __init__(self, request: Request, start: int, size: int, link: str | None) -> None:
        """start: how many items there are before; size: of the page that the link leads to."""
        self._request = request
        self._start = start
        self._largest = size
        self._link = link
        self.size = size  # of the page asked for last
        self.begin = start  # how many items there are before that page

    def at(self, attempt: int) -> Request:
        """Return what to ask for at a try, from 1."""
        self.size = max(1, self._largest // _SHRINK ** (attempt - 1))
        self.begin = self._start
        if self._link and attempt == 1:
            return replace(self._request, url=self._link)
        # Rounded down, so that nothing is skipped: what is told twice is taken once.
        before = self._start // self.size
        self.begin = before * self.size
        params = {"per_page": str(self.size), "page": str(before + 1)}
        return replace(self._request, params=params)
