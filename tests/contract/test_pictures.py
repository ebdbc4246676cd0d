"""The pictures of README.md match the output of the program."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from scripts.pictures import PICTURES, ROOT, TAG, as_action
from tests.support.job import Job
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

NAMES = ("log", "summary", "terminal")
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_picture_is_small_and_without_active_content(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text) < 50_000
    assert {*re.findall(r"<(\w+)", text)} <= {"svg", "title", "style", "rect", "text"}
    # No trace of the machine that made it, and nothing to load.
    assert not re.search(r"127\.0\.0\.1|localhost|ghs_|/tmp|url\(|href", text)


def test_the_readme_shows_each_picture_in_light_and_dark_with_a_description() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r'(?:src|srcset)="(docs/pictures/[^"]+)"', readme)
    assert sorted(shown) == sorted(str(path.relative_to(ROOT).as_posix()) for path in FILES)
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(path.name for path in FILES)
    alts = re.findall(r'<img [^>]*alt="([^"]{40,})"', readme)
    assert len(alts) == len(NAMES)
