"""Hostile names and answers in all reports of a run."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.escape import harmless
from release_assets.light_dataclasses import replace
from release_assets.models import Fingerprint, LocalFile, Result
from release_assets.plan.assets import Plan
from release_assets.plan.cost import Cost
from release_assets.plan.steps import Upload
from release_assets.report.outcome import Outcome
from release_assets.report.plan_report import plan_lines
from release_assets.report.run_report import annotation, result_line, step_outputs, totals_line
from release_assets.summary.document import job_summary
from tests.support.samples import A, asset, local_file, release

HOSTILE = (
    "::error::x",
    "\n::add-mask::x\n",
    "##[group]x",
    "a|b|c",
    "</a><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "@octocat #1 GH-1",
    "app@1.0.zip",
    "https",
    "`` ` ``",
    "<!--",
    "\x1b[2J\x1b]0;x\x07",
    "\u202egpj.exe",
    "a\r\nb",
    "| --- |\n| x |",
    "$\\frac{1}{2}$",
    "\ud800",
    "&lt;b&gt;",
    "</table>",
    "</code>",
)
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=20)
TAGS = {
    "a": {"href"},
    "code": {"title"},
    **{key: set[str]() for key in ("br", "details", "sub", "summary", "wbr")},
}


def outcome(name: str, label: str, url: str, text: str) -> Outcome:
    """A run in which all foreign text is hostile, and that reports everything."""
    base = local_file("app.zip")
    file = LocalFile(
        path=base.path,
        shown=label,
        requested_name=label,
        name=name,
        label=label,
        content_type=base.content_type,
        size=10,
        fingerprint=Fingerprint(device=1, inode=1, size=1, modified_ns=0, changed_ns=0),
    )
    there = asset(name, label=label, digest=Digest(text), url=url)
    error = ReleaseAssetsError(f"`{text}` is bad", where=text, fix=f"fix `{text}`")
    return Outcome(
        tag=text,
        release=release(tag=text),
        plan=Plan(steps=(Upload(file=file),), prune=(there,)),
        results=(Result(file=file, status="uploaded", asset=there, digest=A, error=error),),
        pruned=(there,),
        missing=(text, name),
        warnings=(f"`{text}`",),
        errors=(error,),
    )


def planned(name: str) -> Outcome:
    """A dry run in which all foreign text is hostile."""
    ended = outcome(name, name, name, name)
    cost = Cost(calls=1, uploads=1, size=1)
    return replace(ended, planned_only=True, cost=cost)


class Reader(HTMLParser):
    """Parses a summary like a browser, without its Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def without_block(shown: str) -> str:
    """Return a summary without its block of digests, after a check of every line in it."""
    before, fence, rest = shown.partition("```sh\n")
    if not fence:
        return shown
    block, fence, after = rest.partition("\n```\n")
    assert fence
    start, *lines, end = block.split("\n")
    assert (start, end) == ("sha256sum --ignore-missing -c <<'END'", "END")
    assert all(re.fullmatch(r"[0-9a-f]{64}  [\w+@.][\w+@.-]*", line, re.ASCII) for line in lines)
    return before + after


def check_summary(ended: Outcome) -> None:
    shown = without_block(job_summary(ended))
    reader = Reader()
    reader.feed(shown)
    reader.close()
    assert {tag for tag, _ in reader.found} <= TAGS.keys()
    assert reader.comments == []
    for tag, attributes in reader.found:
        assert set(attributes) <= TAGS[tag]
        address = attributes.get("href") or "https://"
        assert re.match(r"https?://", address)
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert {line.count("|") for line in rows} == {5}
    plain = re.sub(r"&#?[a-z0-9]+;|<[^>]*>", "", shown)
    assert not re.search(r"[\[\]`]|(?<!\*)\*(?!\*)|@|https?://|!", plain)
    shown.encode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_foreign_name_adds_nothing_to_the_summary(hostile: str) -> None:
    check_summary(outcome(hostile, hostile, hostile, hostile))
    check_summary(planned(hostile))
    check_summary(outcome(hostile, hostile, f"https://h/{hostile}", hostile))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@settings(max_examples=200)
def test_no_foreign_text_adds_anything_to_the_summary(
    name: str, label: str, url: str, text: str
) -> None:
    check_summary(outcome(name, label, url, text))


@given(TEXTS, TEXTS, TEXTS)
def test_json_outputs_are_ascii(name: str, label: str, text: str) -> None:
    outputs = step_outputs(outcome(name, label, "https://h", text))
    for key in ("assets", "asset-urls", "plan"):
        assert outputs[key].isascii()
        assert "\n" not in outputs[key]


@given(TEXTS, TEXTS, TEXTS)
def test_escaped_lines_are_no_workflow_commands(name: str, label: str, text: str) -> None:
    ended = outcome(name, label, "https://h", text)
    assert ended.plan is not None
    lines = [
        *plan_lines(ended.plan),
        *map(result_line, ended.results),
        totals_line(ended),
        *annotation(ended.errors),
    ]
    for line in lines:
        for shown in harmless(line).split("\n"):
            assert not shown.lstrip().startswith("::")
            assert "##[" not in shown
