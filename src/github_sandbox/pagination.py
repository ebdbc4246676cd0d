"""Pages of a list, and the Link header that leads from one to the next."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from github_sandbox.answers import json_response
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.messages import Response

DEFAULT_SIZE = 30
LARGEST_SIZE = 100

Item = TypeVar("Item")


def paged(
    call: Call,
    items: Sequence[Item],
    show: Callable[[Item], Any],
    *,
    limited: bool = False,
    told: Callable[[Any], int] = lambda _: 0,
) -> Response:
    """Return the page that a request asks for; a failure where it takes too long.

    told: how many assets an item tells besides, as it is shown.

    Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    and https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api (Timeouts)
    """
    settings = call.world.settings
    largest = min(LARGEST_SIZE, settings.most_per_page)
    size = min(largest, _number(call, "per_page", DEFAULT_SIZE))
    page = _number(call, "page", 1)
    most = settings.most_results
    if limited and (page - 1) * size >= most:
        raise ApiError(422, f"Only the first {most} results are available.")
    moved = _moved_by(call, page)
    start, end = (max(0, number * size + moved) for number in (page - 1, page))
    shown = [show(item) for item in items[start:end]]
    if sum(told(item) for item in shown) > settings.most_shown:
        raise ApiError(502, "Server Error")
    shown = _CHANGES.get(call.request.change or "", list)(shown)
    link = _link(call, page, -(-(len(items) - moved) // size))
    return json_response(200, shown, *([("Link", link)] if link else []))


class Listed(Protocol):
    """What lists hold."""

    @property
    def id(self) -> int:
        """Its id."""


Kind = TypeVar("Kind", bound=Listed)


def ordered(call: Call, made: Sequence[Kind], name: Callable[[Kind], str]) -> list[Kind]:
    """Return items in the order of the setting `list_order`; they are given as they were made."""
    order = call.world.settings.list_order
    if order == "name":
        return sorted(made, key=name)
    if order == "made":
        return list(made)
    return sorted(made, key=lambda item: item.id, reverse=order == "id-desc")


def _moved_by(call: Call, page: int) -> int:
    """Return by how many items a page begins later than it should; below zero: earlier.

    The change "shift" lets this page and those after it begin with the last item of the page
    before, as if an item had been added in front meanwhile; on page 1 it shows from page 2 on.
    "shrink" lets this page and those after it begin one item later, as if one in front had been
    deleted. Both last until the token's next request for page 1 of the list.
    """
    moved = call.world.store.moved_lists
    key = (call.repository.id, _own_path(call), call.request.headers.get("authorization", ""))
    before = moved.get(key, 0) if page > 1 else 0
    after = before + {"shift": -1, "shrink": 1}.get(call.request.change or "", 0)
    moved[key] = after
    return max(after, 0) if page == 1 else after


def _own_path(call: Call) -> str:
    """Return the part of the path that comes after the repository."""
    path = call.request.route_path
    segments = 3 if path.startswith("/repositories/") else 4
    return path.split("/", segments)[segments]


def _repeated(shown: list[Any]) -> list[Any]:
    return [*shown, *shown[:1]]


def _reversed(shown: list[Any]) -> list[Any]:
    return shown[::-1]


def _empty(shown: list[Any]) -> list[Any]:
    del shown
    return []


_CHANGES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "repeat": _repeated,  # the first item of the page stands at its end once more
    "reverse": _reversed,
    "empty": _empty,
}


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.arguments.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() else default
    return number if number > 0 else default


def _link(call: Call, page: int, last: int) -> str:
    """Return the header's value; its URLs name the repository by id, as GitHub's do."""
    base = f"{call.world.origins.api_url}/repositories/{call.repository.id}/{_own_path(call)}"
    pages = {}
    if page > 1:
        pages["prev"] = min(page - 1, last) or 1
    if page < last:
        pages |= {"next": page + 1, "last": last}
    if page > 1:
        pages["first"] = 1
    arguments = call.request.arguments
    return ", ".join(
        f'<{base}?{urlencode(arguments | {"page": str(number)})}>; rel="{relation}"'
        for relation, number in pages.items()
    )
