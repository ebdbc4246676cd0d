"""Results, plan and checksums -> the tables and the code block of the job summary. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from release_assets import text
from release_assets.digest import Digest
from release_assets.models import Result
from release_assets.plan import Plan
from release_assets.report import action_of, status_word
from release_assets.summary import markdown
from release_assets.summary.page import Page

MAX_BYTES = 1_000_000
"""Of a summary. The runner rejects a summary of more than 1 MiB.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

MAX_ROWS = 1000
_MAX_OPEN_ROWS = 30  # a longer table is folded
_MAX_BYTES_WITH_ROWS = 900_000  # leaves room for the checksums
_HEAD = "Result | Asset | Size | SHA-256"
_FAILED_HEAD, _PLAN_HEAD = "Result | Asset | Size | From", "To do | Asset | Size | From"

_ICONS: Mapping[str, str] = {
    "uploaded": "✅",
    "replaced": "🔁",
    "unchanged": "☑️",
    "skipped": "⏭️",
    "failed": "❌",
    "not started": "➖",
    "cancelled": "🛑",
    # Of a plan
    "upload": "⬆️",
    "keep": "☑️",
    "relabel": "🏷️",
    "replace": "🔁",
    "restore": "↩️",
    "skip": "⏭️",
    "refuse": "❌",
    "delete": "🗑️",
}
# The names that GitHub gives to assets. No shell treats a character in them specially.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_+@.][A-Za-z0-9_+@.-]*")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def add_results(page: Page, results: Sequence[Result]) -> None:
    """Add a table with a row for each file; if it is folded, show the files that failed first."""
    rows = [_result_row(result) for result in results]
    failed = [_failed_row(result) for result in results if status_word(result) == "failed"]
    if len(rows) > _MAX_OPEN_ROWS and 0 < len(failed) < len(rows):
        _add_table(page, _FAILED_HEAD, failed, noun="files that failed", output="assets")
    _add_table(page, _HEAD, rows, noun="files", output="assets")


def add_plan(page: Page, plan: Plan) -> None:
    """Add a table with a row for each step, and for each asset that will be deleted."""
    _add_table(page, _PLAN_HEAD, list(_plan_rows(plan)), noun="steps", output="plan")


def add_checksums(page: Page, digests: Iterable[tuple[str, Digest]]) -> None:
    """Add a command to copy that verifies downloads."""
    lines = [
        f"{found[1]}  {name}"
        for name, digest in digests
        if (found := _DIGEST.fullmatch(digest)) and _PLAIN_NAME.fullmatch(name)
    ]
    if not lines:
        return
    # The code block needs no escapes: it contains hexadecimal digits and plain names only.
    block = ["```sh", "sha256sum --ignore-missing -c <<'END'", *lines, "END", "```", ""]
    section = ["<details>", "<summary>Verify downloads by SHA-256</summary>", "", *block]
    section += ["On macOS, use <code>shasum -a 256</code> instead of <code>sha256sum</code>.", ""]
    section += ["</details>", ""]
    if len(page.fitting(section, MAX_BYTES)) < len(section):
        note = "There are too many digests to show here"
        section = [f"{note}; the file that <code>checksums-file</code> names lists them.", ""]
    page.add(*section)


def _result_row(result: Result) -> str:
    asset = result.asset
    name = asset.name if asset else result.file.name
    cell = markdown.link(name, asset.browser_download_url) if asset else markdown.name(name)
    if result.file.requested_name != name:
        # Users may search the page for the name of their file.
        cell += f"<br><sub>{markdown.name(result.file.requested_name)}</sub>"
    digest = asset.digest if asset else None
    short = ""
    if digest:
        whole = markdown.attribute(digest)
        short = f'<code title="{whole}">{markdown.escaped(digest[7:19])}…</code>'
    return _row(status_word(result), cell, result.file.size, short)


def _failed_row(result: Result) -> str:
    """Return a row that shows the path: a file that failed has no digest on GitHub."""
    file = result.file
    return _row("failed", markdown.name(file.name), file.size, markdown.name(file.shown))


def _plan_rows(plan: Plan) -> Iterator[str]:
    for step in plan.steps:
        name, origin = markdown.name(step.file.name), markdown.name(step.file.shown)
        yield _row(action_of(step), name, step.file.size, origin)
    for asset in plan.prune:
        yield _row("delete", markdown.link(asset.name, asset.browser_download_url), asset.size, "")


def _row(word: str, name_cell: str, size: int, last_cell: str) -> str:
    # Spaces that do not break keep an icon and its word, or a number and its unit, on one line.
    status = f"{_ICONS[word]} {word}".replace(" ", "&nbsp;")
    amount = text.size(size).replace(" ", "&nbsp;")
    return f"| {status} | {name_cell} | {amount} | {last_cell} |"


def _add_table(page: Page, head: str, rows: Sequence[str], *, noun: str, output: str) -> None:
    """Add a table; where it is cut, name the output that has all rows.

    noun: what the rows are. output: name of the output.
    """
    if not rows:
        return
    is_folded = len(rows) > _MAX_OPEN_ROWS
    if is_folded:
        page.add("<details>", f"<summary>{len(rows)} {noun}</summary>", "")
    page.add(f"| {head} |", "| :--- | :--- | ---: | :--- |")
    kept = page.fitting(rows[:MAX_ROWS], _MAX_BYTES_WITH_ROWS)
    page.add(*kept, "")
    if len(kept) < len(rows):
        left = len(rows) - len(kept)
        page.add(f"… and {left} more; the <code>{output}</code> output lists them all.", "")
    if is_folded:
        page.add("</details>", "")
