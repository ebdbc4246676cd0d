"""Pages of a list: their order, their Link header, and the wrong pages that a fault asks for."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from github_sandbox.answers import json_response
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.messages import Response

DEFAULT_SIZE = 30
LARGEST_SIZE = 100


class Listed(Protocol):
    """An item of a list."""

    @property
    def id(self) -> int:
        """Its id."""


Item = TypeVar("Item", bound=Listed)


def in_list_order(call: Call, items: Sequence[Item], name: Callable[[Item], str]) -> list[Item]:
    """Return items in the order of the setting `list_order`.

    items: in the order of "made". name: what to sort by for "name".
    """
    order = call.world.settings.list_order
    if order == "name":
        return sorted(items, key=name)
    if order == "made":
        return list(items)
    return sorted(items, key=lambda item: item.id, reverse=order == "id-desc")


def page_response(
    call: Call,
    items: Sequence[Item],
    show: Callable[[Item], Any],
    *,
    has_result_limit: bool = False,
    count_assets: Callable[[Any], int] = lambda _: 0,
) -> Response:
    """Return the requested page of a list.

    show: item -> JSON. has_result_limit: whether only the first results are available.
    count_assets: JSON of an item -> the number of assets in it.

    Raises:
        ApiError: 422, the page is past the limit; 502, the page has too many assets.

    Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    and https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api (Timeouts)
    """
    settings = call.world.settings
    size = min(LARGEST_SIZE, settings.most_per_page, _get_number(call, "per_page", DEFAULT_SIZE))
    page = _get_number(call, "page", 1)
    limit = settings.most_results
    if has_result_limit and (page - 1) * size >= limit:
        raise ApiError(422, f"Only the first {limit} results are available.")
    offset = _offset_by_faults(call, page)
    start, end = (max(0, number * size + offset) for number in (page - 1, page))
    shown = [show(item) for item in items[start:end]]
    if sum(count_assets(item) for item in shown) > settings.most_shown:
        raise ApiError(502, "Server Error")
    shown = _changed_page(shown, call.request.alterations.list_change)
    link = _link_header(call, page, -(-(len(items) - offset) // size))
    return json_response(200, shown, *([("Link", link)] if link else []))


def _changed_page(shown: list[Any], change: str | None) -> list[Any]:
    """Return a page as a fault changes it: with its first item again at its end, and so on."""
    if change == "repeat":
        return [*shown, *shown[:1]]
    if change == "reverse":
        return shown[::-1]
    return [] if change == "empty" else shown


def _offset_by_faults(call: Call, page: int) -> int:
    """Return by how many items a page begins later than it should; below zero: earlier.

    With the change "shift", this page and those after it begin with the last item of the page
    before, as if an item had been added in front; on page 1 it shows from page 2 on. With
    "shrink", this page and those after it begin one item later, as if one in front had been
    deleted. Both last until the token's next request for page 1 of the list.
    """
    offsets = call.world.store.list_offsets
    key = (call.repository.id, _path_in_repository(call), call.request.headers.get("authorization"))
    before = offsets.get(key, 0) if page > 1 else 0
    after = before + {"shift": -1, "shrink": 1}.get(call.request.alterations.list_change or "", 0)
    offsets[key] = after
    return max(after, 0) if page == 1 else after


def _path_in_repository(call: Call) -> str:
    """Return the part of the path that comes after the repository."""
    path = call.request.route_path
    segments = 3 if path.startswith("/repositories/") else 4
    return path.split("/", segments)[segments]


def _get_number(call: Call, name: str, default: int) -> int:
    text = call.request.arguments.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() else default
    return number if number > 0 else default


def _link_header(call: Call, page: int, last: int) -> str:
    """Return the header's value; its URLs name the repository by id, as GitHub's do."""
    path = _path_in_repository(call)
    base = f"{call.world.origins.api_url}/repositories/{call.repository.id}/{path}"
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
