"""Lists, page by page; in smaller pages where large ones fail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import requests

from release_assets.github import decode, origins
from release_assets.github.errors import UnexpectedAnswerError
from release_assets.github.request import Answer, Request
from release_assets.github.session import Session

Value = TypeVar("Value")

LARGEST = 100
"""Items on a page, the most there are.

Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

_SHRINK = 5  # so that 100, 20, 4 and 1 each begin where a larger one would
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

    def pages(
        self, request: Request, understand: Callable[[object, str], Value]
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the items page by page, following links whose form is GitHub's own matter.

        request: for the list, without the page.

        Raises: GitHubError.
        """

        def page(answer: Answer) -> tuple[tuple[Value, ...], str | None]:
            items = decode.items(decode.json_of(answer.body, where), where)
            links = requests.utils.parse_header_links(answer.headers.get("link", ""))
            following = next((link["url"] for link in links if link.get("rel") == "next"), None)
            return tuple(understand(item, where) for item in items), following

        where = request.where
        following: str | None = None
        start, size = 0, self._size
        while start < _MOST_ITEMS:
            place = _Place(request, start, size, following)
            items, following = self._session.send(replace(request, again=place.at), page)
            self._size = size = place.size
            yield items
            if following is None:
                return
            if origins.origin(following) != origins.origin(self._session.api_url):
                raise UnexpectedAnswerError(
                    "the next page is on another host", where=where, fix=decode.NOT_THE_API
                )
            start += size
        raise UnexpectedAnswerError("the list does not end", where=where, fix=decode.NOT_THE_API)


class _Place:
    """Where in a list to go on: with the page that GitHub links to, and else with a smaller one."""

    def __init__(self, request: Request, start: int, size: int, link: str | None) -> None:
        """start: how many items there are before; size: of the page that the link leads to."""
        self._request = request
        self._start = start
        self._largest = size
        self._link = link
        self.size = size  # of the page asked for last

    def at(self, attempt: int) -> Request:
        """Return what to ask for at a try, from 1."""
        self.size = max(1, self._largest // _SHRINK ** (attempt - 1))
        if self._link and attempt == 1:
            return replace(self._request, url=self._link)
        page = self._start // self.size + 1
        return replace(self._request, params={"per_page": str(self.size), "page": str(page)})
