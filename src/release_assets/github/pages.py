"""Read lists page by page, and in smaller pages where GitHub fails with large ones."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, Self, TypeVar

import requests

from release_assets.github import decode
from release_assets.github.http import origins
from release_assets.github.http.request import Answer, Request
from release_assets.github.session import Session
from release_assets.light_dataclasses import dataclass, replace
from release_assets.limits import MAX_PAGE_SIZE


class Item(Protocol):
    """An item of a list."""

    @property
    def id(self) -> int:
        """Its id on GitHub."""


Value = TypeVar("Value", bound=Item)

_SHRINK = 5  # page sizes are 100, 20, 4 and 1: each divides the one before
_MAX_READS = 3  # of a list that changes while it is read
_MAX_EMPTY_PAGES = 100  # in a row
_MAX_ITEMS = 10_000  # ten times as many as GitHub lists
_PAGE = r"[?&]page=(\d+)"


class Lister:
    """Reads lists of one kind of item, and remembers which page size works.

    GitHub spends at most 10 seconds on an answer, and a list of releases holds their assets. When
    each release has hundreds of assets, 30 releases already take longer.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    ("Timeouts"), https://github.com/astral-sh/python-build-standalone/pull/1083
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._page_size = MAX_PAGE_SIZE

    def list_all(
        self, request: Request, parse: Callable[[object, str], Value]
    ) -> tuple[Value, ...]:
        """Return all items, each id once, in its most recent version.

        Other jobs may add and delete items while the list is read. An id is then listed twice, or
        the number of pages changes, and an item may be missed. In that case read the list again,
        a limited number of times, and return what any of the reads found.

        Raises: GitHubError.
        """
        all_found: dict[int, Value] = {}
        for _ in range(_MAX_READS):
            seen = _SeenItems()
            found = {item.id: item for page in self._read(request, parse, seen) for item in page}
            if not seen.has_changed:
                return tuple(found.values())
            all_found |= found
        return tuple(all_found.values())

    def pages(
        self, request: Request, parse: Callable[[object, str], Value]
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the items page by page, each id once.

        request: for the list, without a page. The next page is taken from the link to it.

        Raises: GitHubError.
        """
        yield from self._read(request, parse, _SeenItems())

    def _read(
        self, request: Request, parse: Callable[[object, str], Value], seen: "_SeenItems"
    ) -> Iterator[tuple[Value, ...]]:
        link: str | None = None
        start, size, empty_pages = 0, self._page_size, 0
        while start < _MAX_ITEMS and empty_pages < _MAX_EMPTY_PAGES:
            page = _Page(request, start, size, link)
            variant = replace(request, variant_for_attempt=page.request_for_attempt)
            items, links = self._session.send(variant, partial(_parse_page, page, parse))
            self._page_size = size = page.size
            yield seen.add(items, links, size, overlaps=page.start < start)
            link = links.next
            if link is None:
                return
            self._check_link(link, request.where)
            # A server may return smaller pages than requested, so count the items.
            start = page.start + len(items)
            empty_pages = 0 if items else empty_pages + 1
        raise decode.unexpected("the list does not end", request.where)

    def _check_link(self, link: str, where: str) -> None:
        api_origin = origins.origin(self._session.api_url)
        if not origins.is_address(link) or origins.origin(link) != api_origin:
            raise decode.unexpected("the next page is on another host", where)


class _SeenItems:
    """The ids that one read of a list has found, and whether the list changed during the read."""

    def __init__(self) -> None:
        self.has_changed = False
        self._ids: set[int] = set()
        self._last_page: tuple[int, str | None] | None = None  # page size, number of the last page

    def add(
        self, items: tuple[Value, ...], links: "_Links", size: int, *, overlaps: bool
    ) -> tuple[Value, ...]:
        """Return the items of a page whose ids are new.

        overlaps: whether the page starts before the end of the previous one.
        """
        new = {item.id: item for item in items if item.id not in self._ids}
        # The last page itself has no link to the last page.
        if links.last is not None:
            before, self._last_page = self._last_page, (size, links.last)
            has_moved = before is not None and before[0] == size and before[1] != links.last
            self.has_changed = self.has_changed or has_moved
        self.has_changed = self.has_changed or (len(new) < len(items) and not overlaps)
        self._ids |= new.keys()
        return tuple(new.values())


@dataclass(frozen=True, kw_only=True)
class _Links:
    """The links from one page to others.

    Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """

    next: str | None
    last: str | None  # the number of the last page

    @classmethod
    def of(cls, header: str) -> Self:
        """Return the links of a `link` header."""
        links = requests.utils.parse_header_links(header)
        urls = {link.get("rel"): link["url"] for link in reversed(links)}
        number = re.search(_PAGE, urls.get("last", ""))
        return cls(next=urls.get("next"), last=number[1] if number else None)


class _Page:
    """The next page to request: the linked one at first, then a smaller one at each attempt."""

    def __init__(self, request: Request, offset: int, size: int, link: str | None) -> None:
        """offset: the number of items read before. size: of the page behind the link."""
        self.where = request.where
        self._request = request
        self._offset = offset
        self._max_size = size
        self._link = link
        self.size = size  # of the page requested last
        self.start = offset  # the number of items before that page

    def request_for_attempt(self, attempt: int) -> Request:
        """Return the request to send at an attempt, from 1."""
        self.size = max(1, self._max_size // _SHRINK ** (attempt - 1))
        self.start = self._offset
        if self._link and attempt == 1:
            return replace(self._request, url=self._link)
        # Round down, so that no item is skipped; those that come twice are dropped later.
        pages_before = self._offset // self.size
        self.start = pages_before * self.size
        params = {"per_page": str(self.size), "page": str(pages_before + 1)}
        return replace(self._request, params=params)


def _parse_page(
    page: _Page, parse: Callable[[object, str], Value], answer: Answer
) -> tuple[tuple[Value, ...], _Links]:
    items = decode.items(decode.json_of(answer.body, page.where), page.where)
    if len(items) > page.size:
        raise decode.unexpected(f"a page of at most {page.size} items has {len(items)}", page.where)
    links = _Links.of(answer.headers.get("link", ""))
    return tuple(parse(item, page.where) for item in items), links
