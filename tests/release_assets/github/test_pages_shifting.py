"""Lists that change while they are read, and servers with other page sizes."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from release_assets.github.client import GitHub
from release_assets.github.errors import UnexpectedAnswerError
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox


def asset_body(number: int, name: str = "") -> dict[str, Any]:
    return {
        "id": number,
        "name": name or f"{number}.txt",
        "label": "",
        "state": "uploaded",
        "size": 1,
        "url": "https://api.github.com/x",
    }


class Pages:
    """A list of assets whose pages the test sets."""

    def __init__(self, engine: Engine, sandbox: Sandbox) -> None:
        self.github: GitHub = engine.github(max_attempts="2")
        self._sandbox = sandbox
        self.url = f"{sandbox.api_url}/repos/{sandbox.repository}/releases/1/assets"

    def add(self, ids: Sequence[int], *, last: int, is_last: bool = False, **more: Any) -> None:
        """Set the ids of the next page that is requested."""
        link = f'<{self.url}?page=2>; rel="next", <{self.url}?page={last}>; rel="last"'
        headers = {} if is_last else {"Link": link}
        body = json.dumps([asset_body(number, **more) for number in ids])
        self._sandbox.fault(do="status", status=200, body=body, headers=headers)

    def found(self) -> list[int]:
        return [asset.id for asset in self.github.list_assets(1)]


@pytest.fixture
def pages(engine: Engine, sandbox: Sandbox) -> Pages:
    return Pages(engine, sandbox)


def test_a_list_with_an_id_on_two_pages_is_read_again(pages: Pages, sandbox: Sandbox) -> None:
    pages.add([1, 2], last=2)
    pages.add([2, 4], last=2, is_last=True)
    pages.add([1, 2], last=2)
    pages.add([3, 4], last=2, is_last=True)
    assert pages.found() == [1, 2, 3, 4]
    assert len(sandbox.requests()) == 4


def test_a_list_that_gets_shorter_during_a_read_is_read_again(pages: Pages) -> None:
    pages.add([1, 2], last=4)
    pages.add([4, 5], last=3)
    pages.add([6], last=3, is_last=True)
    pages.add([2, 3, 4, 5, 6], last=1, is_last=True)
    assert pages.found() == [2, 3, 4, 5, 6]


def test_a_list_that_changes_during_every_read_is_the_union_of_the_reads(
    pages: Pages, sandbox: Sandbox
) -> None:
    for number in (3, 4, 5):
        pages.add([1, 2], last=2)
        pages.add([2, number], last=2, is_last=True)
    assert pages.found() == [1, 2, 3, 4, 5]
    assert len(sandbox.requests()) == 6


def test_an_id_twice_on_a_page_is_listed_once(pages: Pages) -> None:
    for _ in range(3):
        pages.add([1, 1, 2], last=1, is_last=True)
    assert pages.found() == [1, 2]


def test_a_list_in_smaller_pages_than_requested_is_read_to_its_end(
    pages: Pages, sandbox: Sandbox
) -> None:
    for first in range(0, 250, 2):
        pages.add([first + 1, first + 2], last=125, is_last=first == 248)
    assert pages.found() == list(range(1, 251))
    assert len(sandbox.requests()) == 125


def test_a_page_with_more_items_than_requested_is_unexpected(pages: Pages) -> None:
    for _ in range(2):
        pages.add(range(1, 102), last=1, is_last=True)
    with pytest.raises(UnexpectedAnswerError, match="101"):
        pages.found()


def test_a_release_on_two_pages_is_listed_once(engine: Engine, sandbox: Sandbox) -> None:
    github = engine.github()
    releases = [github.create_release({"tag_name": f"v{n}", "draft": True}) for n in range(2)]
    url = f"{sandbox.api_url}/repos/{sandbox.repository}/releases"
    first = [one for page in github.list_releases() for one in page]
    assert len(first) == len(releases)
    body = [
        {
            "id": one.id,
            "tag_name": one.tag,
            "draft": True,
            "prerelease": False,
            "html_url": one.html_url,
            "upload_url": one.upload_url,
        }
        for one in first
    ]
    headers = {"Link": f'<{url}?page=2>; rel="next"'}
    sandbox.fault(do="status", status=200, body=body[:1], headers=headers)
    sandbox.fault(do="status", status=200, body=body)
    found = [[one.id for one in page] for page in github.list_releases()]
    assert found == [[first[0].id], [first[1].id]]
