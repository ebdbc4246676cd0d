"""What was done -> the job summary, in Markdown. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from release_assets import text
from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, ReleaseAssetsError
from release_assets.models import Result
from release_assets.plan import Plan
from release_assets.report.outcome import Outcome
from release_assets.report.plan_report import action_of, cost_line, plan_total, release_line
from release_assets.report.run_report import asset_digests, status_word, totals_line

MAX_BYTES = 1_000_000
"""Of a summary: below 1 MiB, at which the runner shows none.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

MAX_ROWS = 1000
_HEAD, _PLAN_HEAD = "Result | Asset | Size | SHA-256", "To do | Asset | Size | From"
_OPEN_ROWS = 30  # more are folded
_OPEN_ERRORS = 5
_OPEN_WARNINGS = 20
# Shares of the room: what went wrong comes first, then what became of each file.
_MOST_FOR_ERRORS, _MOST_FOR_ROWS = 300_000, 900_000

_MARKS: Mapping[str, str] = {
    "uploaded": "✅",
    "replaced": "🔁",
    "unchanged": "☑️",
    "skipped": "⏭️",
    "failed": "❌",
    "not begun": "➖",
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
# What GitHub makes of every name; nothing in it means anything to a shell.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_+@.][A-Za-z0-9_+@.-]*")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def job_summary(outcome: Outcome, explained_at: str = "") -> str:
    """Return the job summary, cut where the runner would show none.

    explained_at: the address of the page that explains each error under its title, if known.
    """
    page = _Page()
    page.add(f"### {_headline(outcome)}", "", *_counts(outcome), "")
    _add_errors(page, [_error(error, explained_at) for error in outcome.errors])
    page.add(*(f"> ⚠️ {text.prose(warning)}\n" for warning in outcome.warnings[:_OPEN_WARNINGS]))
    page.add(*_about_release(outcome))
    if outcome.planned_only and outcome.plan:
        _add_table(page, _PLAN_HEAD, list(_plan_rows(outcome.plan)), of="steps", output="plan")
    else:
        _add_results(page, outcome.results)
        page.add(*_about_pruned(outcome))
        _add_checksums(page, asset_digests(outcome))
    return page.text()


class _Page:
    """Lines of Markdown, and how much room is left for more."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._used = 0

    def add(self, *lines: str) -> None:
        """Add lines."""
        self._lines += lines
        self._used += sum(map(_bytes, lines))

    def fitting(self, lines: Iterable[str], most: int) -> list[str]:
        """Return as many of some lines as fit, so that the page has at most so many bytes."""
        room = most - self._used
        kept: list[str] = []
        for line in lines:
            room -= _bytes(line)
            if room < 0:
                break
            kept.append(line)
        return kept

    def text(self) -> str:
        """Return the page."""
        return "\n".join(self._lines).encode("utf-8", "replace").decode() + "\n"


def _bytes(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1


def _headline(outcome: Outcome) -> str:
    release = outcome.release
    tag = release.tag if release else outcome.tag or ""
    name = text.link(tag, release.html_url) if release else text.markdown(tag)
    mark, state = _state(outcome)
    return f"{mark} Release {name}".rstrip() + f": {state}"


def _counts(outcome: Outcome) -> Iterator[str]:
    if outcome.planned_only and outcome.plan:
        if outcome.release_plan and outcome.release_plan.writes:
            yield f"Release: {text.prose(release_line(outcome.release_plan))}."
            yield ""
        yield f"{text.markdown(plan_total(outcome.plan))}."
        if outcome.cost:
            yield f"{text.markdown(cost_line(outcome.cost))}."
    else:
        yield text.markdown(totals_line(outcome))


def _state(outcome: Outcome) -> tuple[str, str]:
    release = outcome.release
    if any(isinstance(error, CancelledRunError) for error in outcome.errors):
        return "🛑", "cancelled" + ("" if outcome.changed else ", nothing was changed")
    if outcome.errors:
        return "❌", "not all is published" if outcome.changed else "nothing was published"
    if outcome.planned_only:
        return "📋", "a dry run, nothing was changed"
    if outcome.skipped:
        return "⏭️", "it exists, nothing was changed"
    if release is None:
        return "➖", "there is none"
    kind = "prerelease" if release.prerelease else "public"
    if outcome.published:
        return "🎉", "published as a prerelease" if release.prerelease else "published"
    if release.draft and outcome.missing:
        return "⏳", "a draft, not complete yet"
    if release.draft:
        return "📝", "a draft"
    if outcome.edited:
        return "✏️", f"{kind}, edited"
    return "✅", kind if outcome.changed else f"{kind}, and nothing was to be done"


def _add_errors(page: _Page, errors: Sequence[str]) -> None:
    for error in errors[:_OPEN_ERRORS]:
        page.add(*page.fitting([error], _MOST_FOR_ERRORS))
    more = errors[_OPEN_ERRORS:]
    if more:
        kept = page.fitting(more, _MOST_FOR_ERRORS)
        page.add("<details>", f"<summary>and {len(more)} more problems</summary>", "", *kept)
        if len(kept) < len(more):
            page.add(f"… and {len(more) - len(kept)} more; the log has them all.", "")
        page.add("</details>", "")


def _error(error: ReleaseAssetsError, explained_at: str) -> str:
    # As GitHub makes the address of a heading from its text.
    address = f"{explained_at}#{error.title.lower().replace(' ', '-')}"
    lines = [f"> ❌ **{text.link(error.title, address)}**: {text.prose(error.what)}"]
    if error.where:
        lines.append(f"> <br>Where: {text.prose(error.where)}")
    if error.fix:
        lines.append(f"> <br>To fix: {text.prose(error.fix)}")
    return "\n".join([*lines, ""])


def _about_release(outcome: Outcome) -> Iterator[str]:
    """Yield what a draft waits for, and who sees it."""
    release = outcome.release
    if release is None or not release.draft or outcome.planned_only:
        return
    if outcome.missing:
        yield f"Stays a draft until there is {_names(outcome.missing)}."
    elif not outcome.errors:
        yield "Nobody but who may write to the repository sees a draft and its assets."
    yield ""


def _names(names: Sequence[str]) -> str:
    return text.some([f"<code>{text.markdown(name)}</code>" for name in names])


def _add_results(page: _Page, results: Sequence[Result]) -> None:
    rows = [_row(result) for result in results]
    words = map(status_word, results)
    failed = [row for row, word in zip(rows, words, strict=True) if word == "failed"]
    if len(rows) > _OPEN_ROWS and 0 < len(failed) < len(rows):
        _add_table(page, _HEAD, failed, of="files that failed", output="assets")
    _add_table(page, _HEAD, rows, of="files", output="assets")


def _row(result: Result) -> str:
    asset = result.asset
    name = asset.name if asset else result.file.name
    shown = text.link(name, asset.browser_download_url) if asset else text.name(name)
    if result.file.requested_name != name:
        # Whoever looks for the file by its own name is to find it.
        shown += f"<br><sub>{text.name(result.file.requested_name)}</sub>"
    digest = asset.digest if asset else None
    short = ""
    if digest:
        whole = text.attribute(digest)
        short = f'<code title="{whole}">{text.markdown(digest[7:19])}…</code>'
    return _cells(status_word(result), shown, result.file.size, short)


def _plan_rows(plan: Plan) -> Iterator[str]:
    for step in plan.steps:
        name, origin = text.name(step.file.name), text.name(step.file.shown)
        yield _cells(action_of(step), name, step.file.size, origin)
    for asset in plan.prune:
        shown = text.link(asset.name, asset.browser_download_url)
        yield _cells("delete", shown, asset.size, "")


def _cells(word: str, shown: str, size: int, last: str) -> str:
    # What belongs together is not to be broken where there is little room.
    mark = f"{_MARKS[word]} {word}".replace(" ", "&nbsp;")
    amount = text.size(size).replace(" ", "&nbsp;")
    return f"| {mark} | {shown} | {amount} | {last} |"


def _add_table(page: _Page, head: str, rows: Sequence[str], *, of: str, output: str) -> None:
    if not rows:
        return
    fold = len(rows) > _OPEN_ROWS
    if fold:
        page.add("<details>", f"<summary>{len(rows)} {of}</summary>", "")
    page.add(f"| {head} |", "| :--- | :--- | ---: | :--- |")
    kept = page.fitting(rows[:MAX_ROWS], _MOST_FOR_ROWS)
    page.add(*kept, "")
    if len(kept) < len(rows):
        left = len(rows) - len(kept)
        page.add(f"… and {left} more; the <code>{output}</code> output has them all.", "")
    if fold:
        page.add("</details>", "")


def _about_pruned(outcome: Outcome) -> Iterator[str]:
    if outcome.pruned:
        yield f"Deleted: {_names([asset.name for asset in outcome.pruned])}"
        yield ""


def _add_checksums(page: _Page, digests: Iterable[tuple[str, Digest]]) -> None:
    """Add what checks downloads, to copy."""
    lines = [
        f"{found[1]}  {name}"
        for name, digest in digests
        if (found := _DIGEST.fullmatch(digest)) and _PLAIN_NAME.fullmatch(name)
    ]
    if not lines:
        return
    # In a code block nothing is foreign: hexadecimal digits, and letters that are all plain.
    block = ["```sh", "sha256sum --ignore-missing -c <<'END'", *lines, "END", "```", ""]
    page_of = ["<details>", "<summary>Check downloads by SHA-256</summary>", "", *block]
    page_of += ["On macOS, <code>shasum -a 256</code> instead of <code>sha256sum</code>.", ""]
    page_of += ["</details>", ""]
    if len(page.fitting(page_of, MAX_BYTES)) < len(page_of):
        note = "The digests are too many to be shown here"
        page_of = [f"{note}: the file that <code>checksums-file</code> names has them.", ""]
    page.add(*page_of)
