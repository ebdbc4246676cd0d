"""Pages of a list, and the Link header that leads from one to the next."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
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
    size = min(LARGEST_SIZE, _number(call, "per_page", DEFAULT_SIZE))
    page = _number(call, "page", 1)
    most = call.world.settings.most_results
    if limited and (page - 1) * size >= most:
        raise ApiError(422, f"Only the first {most} results are available.")
    shown = [show(item) for item in items[(page - 1) * size : page * size]]
    if sum(told(item) for item in shown) > call.world.settings.most_told:
        raise ApiError(502, "Server Error")
    link = _link(call, page, -(-len(items) // size))
    return json_response(200, shown, *([("Link", link)] if link else []))


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.arguments.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() else default
    return number if number > 0 else default


def _link(call: Call, page: int, last: int) -> str:
    """Return the header's value; its URLs name the repository by id, as GitHub's do."""
    path = call.request.route_path
    segments = 3 if path.startswith("/repositories/") else 4  # before what is the list's own
    rest = path.split("/", segments)[segments]
    base = f"{call.world.origins.api_url}/repositories/{call.repository.id}/{rest}"
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
