"""The pictures of README.md and docs/cli.md match the output of the program."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from scripts.pictures import PICTURES, ROOT, TAG, as_action, session
from tests.support.job import Job
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

NAMES = ("log", "session", "summary", "terminal")
FILES = [PICTURES / f"{name}-{theme}.svg" for name in NAMES for theme in ("light", "dark")]


def words(markup: str) -> str:
    """Return the visible text of HTML or SVG, without spaces and without folded parts."""
    folded = re.sub(
        r"(?s)</summary>.*?</details>|<style>.*?</style>|<title>.*?</title>", "", markup
    )
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", folded)))


def test_the_pictures_match_the_output_of_the_program(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_with("--tag", TAG)
    job = Job.at(tmp_path / "runner", sandbox, TAG)
    for picture in as_action(job, sandbox):
        for theme in ("light", "dark"):
            shown = (PICTURES / f"{picture.name}-{theme}.svg").read_text("utf-8")
            # Pictures and page have their texts in the same order: from the top, cell by cell.
            assert words(shown) == words(picture.body), "run `make pictures`"
    sandbox.reset()
    again = words(session(job, sandbox))
    for theme in ("light", "dark"):
        assert words((PICTURES / f"session-{theme}.svg").read_text("utf-8")) == again


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_picture_is_small_and_without_active_content(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text) < 50_000
    assert {*re.findall(r"<(\w+)", text)} <= {"svg", "title", "style", "rect", "text"}
    # No trace of the machine that made it, and nothing to load.
    assert not re.search(r"127\.0\.0\.1|localhost|ghs_|/tmp|url\(|href", text)


def test_the_documents_show_each_picture_in_light_and_dark_with_a_description() -> None:
    pages = [(ROOT / name).read_text("utf-8") for name in ("README.md", "docs/cli.md")]
    shown = re.findall(r'(?:src|srcset)="(?:docs/)?pictures/([^"]+)"', "".join(pages))
    assert sorted(shown) == sorted(path.name for path in FILES)
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(path.name for path in FILES)
    alts = re.findall(r'<img [^>]*alt="([^"]{40,})"', "".join(pages))
    assert len(alts) == len(NAMES)
