"""Release pages and job summaries in a real browser."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from release_assets.digest import Digest
from release_assets.summary.document import job_summary
from scripts.pictures import STYLE, as_html
from tests.release_assets.report.test_hostile import HOSTILE, TAGS, outcome, planned
from tests.support.browser import DESK, PHONE, Window, find_browser, running_browser
from tests.support.engine import Engine
from tests.support.outcomes import outcome as ended_as
from tests.support.outcomes import result
from tests.support.samples import asset, local_file
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)><a href=javascript:alert(3)>x"
LONG = f"application-{'x' * 150}-linux-x86_64.tar.gz"
OURS_ON_A_PAGE = {
    *("main", "nav", "article", "header", "h1", "h2", "h3", "p", "div", "ul", "li"),
    *("a", "span", "code", "time"),
}
# Elements that GitHub's Markdown adds to those in a summary.
OURS_IN_A_SUMMARY = {*TAGS, "h3", "p", "blockquote", "strong", "pre"} | {
    *("table", "thead", "tbody", "tr", "th", "td")
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser(find_browser()) as started:
        yield started


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    opened = Window(browser)
    yield opened
    opened.close()


def test_a_published_asset_can_be_downloaded_from_its_page(
    engine: Engine, window: Window, tmp_path: Path
) -> None:
    contents = {"app one.zip": b"one" * 100_000, "app-2.zip": b"two", "ümlaut.txt": b"3"}
    engine.write({f"dist/{name}": content for name, content in contents.items()})
    ended = engine.publish_well(checksums="SHA256SUMS")
    assert ended.release
    window.page.goto(ended.release.html_url)
    links = window.page.locator("li a")
    assert len(links.all_inner_texts()) == 4
    for one in ended.results:
        assert one.asset
        link = links.get_by_text(one.asset.label or one.asset.name, exact=True)
        with window.page.expect_download() as waiting:
            link.click()
        saved = tmp_path / "downloaded"
        waiting.value.save_as(saved)
        assert waiting.value.suggested_filename == one.asset.name
        if content := contents.get(one.file.requested_name):
            assert saved.read_bytes() == content
        assert one.digest == Digest.of(sha256(saved.read_bytes()))
    assert window.messages == []


def seed_hostile(sandbox: Sandbox) -> list[str]:
    """Fill the sandbox with hostile text, and return the URLs of the pages that show it."""
    assets = [
        {"name": EVIL, "label": EVIL, "text": "x"},
        {"name": f"2{EVIL}", "label": None, "state": "starter"},
        {"name": LONG, "label": None, "text": "x"},
        {"name": "labelled", "label": "y" * 200, "text": "x"},
    ]
    hostile_fields = {
        "name": EVIL,
        "body": f"{EVIL}\nhttps://example.com/{'a' * 300}",
        "assets": assets,
    }
    releases = [
        {"tag": "v1", **hostile_fields},
        {"tag": "v2", **hostile_fields, "draft": True, "prerelease": True},
        {"tag": "v3", "name": "T" * 150, "prerelease": True, "assets": []},
    ]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": releases}]})
    page = f"{sandbox.server_url}/{sandbox.repository}/releases"
    return [f"{sandbox.server_url}/", page, f"{page}/tag/v1", f"{page}/tag/v3"]


def test_hostile_text_stays_text_on_a_page(sandbox: Sandbox, window: Window) -> None:
    for url in seed_hostile(sandbox):
        window.page.goto(url)
        assert window.elements() <= OURS_ON_A_PAGE
        assert window.handlers() == []
    window.page.goto(f"{sandbox.server_url}/{sandbox.repository}/releases/tag/v1")
    assert EVIL in window.page.title()
    assert window.page.locator("li a").first.inner_text() == EVIL
    assert window.messages == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_fit_narrow_and_wide_screens(sandbox: Sandbox, browser: Browser, width: int) -> None:
    window = Window(browser, width=width)
    for url in seed_hostile(sandbox):
        window.page.goto(url)
        assert window.overflow() == 0
        # No element is cut off at the edge of its parent.
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
        assert window.page.eval_on_selector_all("article, header, li, .name, .notes", cut) == 0
    window.close()


def test_pages_have_a_dark_mode(sandbox: Sandbox, browser: Browser) -> None:
    seed_hostile(sandbox)
    seen = []
    for scheme in ("light", "dark"):
        window = Window(browser, color_scheme=scheme)
        window.page.goto(f"{sandbox.server_url}/{sandbox.repository}/releases/tag/v1")
        script = "body => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]"
        seen.append(window.page.eval_on_selector("body", script))
        window.close()
    (light, ink), (dark, chalk) = seen
    assert _brightness(light) - _brightness(ink) > 150
    assert _brightness(chalk) - _brightness(dark) > 150


def _brightness(colour: str) -> float:
    """Return the brightness of `rgb(1, 2, 3)`, from 0 to 255."""
    parts = colour.partition("(")[2].rstrip(")").split(",")
    return sum(float(part) for part in parts) / len(parts)


def test_hostile_text_stays_text_in_a_summary(window: Window) -> None:
    for hostile in HOSTILE:
        ended = outcome(hostile, hostile, f"https://h.example/{hostile}", hostile)
        for shown in (job_summary(ended), job_summary(planned(hostile))):
            window.page.set_content(as_html(shown))
            assert window.elements() <= OURS_IN_A_SUMMARY, hostile
            assert window.handlers() == []
            links = "all => all.map(one => one.getAttribute('href'))"
            found = window.page.eval_on_selector_all("a", links)
            assert all(
                url.startswith(("https://h.example/", "https://github.com/")) for url in found
            )
            cells = "all => all.map(one => one.cells.length)"
            assert set(window.page.eval_on_selector_all("tr", cells)) == {4}
    assert window.messages == []


def test_a_long_name_does_not_hide_other_columns_of_a_summary(window: Window) -> None:
    published = ended_as(result(file=local_file(LONG), there=asset(LONG)))
    page = as_html(job_summary(published))
    window.page.set_content(f'<!doctype html><style>{STYLE}</style><div class="page">{page}</div>')
    # GitHub's tables scroll when they are too wide: size and digest would be out of sight.
    hidden = "table => table.scrollWidth - table.clientWidth"
    assert window.page.eval_on_selector("table", hidden) == 0
    assert window.page.locator("td a").inner_text() == LONG
