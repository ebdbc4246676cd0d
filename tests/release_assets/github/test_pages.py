"""Lists hold each item once, also when GitHub fails with large pages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from release_assets.github.client import GitHub
from release_assets.github.errors import TransientError
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox

NEWEST = datetime(2025, 7, 1, tzinfo=UTC)
RELEASES = {"method": "GET", "path": "/releases$"}


def seed(sandbox: Sandbox, counts: Sequence[int]) -> list[str]:
    """Create one release per number, with so many assets; return their tags in list order."""
    releases: list[dict[str, Any]] = [
        {
            "tag": f"v{number}",
            "created_at": f"{NEWEST - timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}",
            "assets": [{"name": f"{place}.txt", "size": 1} for place in range(count)],
        }
        for number, count in enumerate(counts)
    ]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": releases}]})
    return [release["tag"] for release in releases]


def tags(github: GitHub) -> list[str]:
    return [release.tag for page in github.list_releases() for release in page]


def sizes(sandbox: Sandbox) -> list[int]:
    """Return the page sizes that were requested."""
    queries = [request.query for request in sandbox.requests()]
    return [int(query.partition("per_page=")[2].partition("&")[0]) for query in queries]


@pytest.fixture
def github(engine: Engine) -> GitHub:
    return engine.github()


@pytest.mark.parametrize(
    ("counts", "most", "requested"),
    [
        pytest.param([2] * 30, 60, [100], id="one page"),
        pytest.param([2] * 30, 59, [100, 20, 20], id="two pages"),
        pytest.param([1] * 130, 99, [100] + [20] * 7, id="smaller pages in place of two"),
        pytest.param(
            [0] * 100 + [9] * 30, 100, [100, 100, 20, 4, *[4] * 7], id="only the second page fails"
        ),
        pytest.param([10] * 9, 40, [100, 20, 4, 4, 4], id="four per page"),
        pytest.param([10] * 6 + [45] * 3, 45, [100, 20, 4, 4, 1, *[1] * 4], id="one per page"),
    ],
)
def test_each_release_is_listed_once(
    counts: list[int], most: int, requested: list[int], github: GitHub, sandbox: Sandbox
) -> None:
    """The page size that works is found once, and remembered."""
    seeded = seed(sandbox, counts)
    expected = tags(github)
    sandbox.settings(most_shown=most)
    sandbox.forget_requests()
    assert tags(github) == expected
    assert expected == seeded
    assert sizes(sandbox) == requested
    sandbox.forget_requests()
    assert tags(github) == expected
    assert [request.status for request in sandbox.requests()] == [200] * len(sizes(sandbox))


def test_a_page_that_fails_once_is_read_in_smaller_pages(github: GitHub, sandbox: Sandbox) -> None:
    seeded = seed(sandbox, [0] * 250)
    sandbox.fault(match=RELEASES, skip=1, do="status", status=502)
    found = tags(github)
    assert found == seeded
    assert sizes(sandbox) == [100, 100] + [20] * 8


def test_a_page_over_the_size_limit_is_read_in_smaller_pages(
    github: GitHub, sandbox: Sandbox
) -> None:
    notes = "\N{CJK UNIFIED IDEOGRAPH-66F8}" * 125_000  # the longest that GitHub accepts
    releases = [{"tag": f"v{number}", "body": notes} for number in range(60)]
    for release in releases:
        sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    assert len(set(tags(github))) == 60
    assert sizes(sandbox) == [100, 20, 20, 20]


def test_smaller_pages_of_releases_do_not_shrink_pages_of_assets(
    github: GitHub, sandbox: Sandbox
) -> None:
    seed(sandbox, [150, 150])
    sandbox.settings(most_shown=150)
    (release, _) = (one for page in github.list_releases() for one in page)
    sandbox.forget_requests()
    assert len(github.list_assets(release.id)) == 150
    assert sizes(sandbox) == [100, 100]


def test_a_release_too_large_for_a_page_of_its_own_fails(engine: Engine, sandbox: Sandbox) -> None:
    seed(sandbox, [60])
    sandbox.settings(most_shown=59)
    with pytest.raises(TransientError, match="502"):
        tags(engine.github(max_attempts="4"))
    assert sizes(sandbox) == [100, 20, 4, 1]
