"""The outcome of a run -> the job summary, in Markdown. Pure."""

import shlex
from collections.abc import Iterator, Sequence

from release_assets import text
from release_assets.errors import CancelledRunError, ReleaseAssetsError
from release_assets.report import (
    Outcome,
    asset_digests,
    cost_line,
    plan_total,
    release_line,
    totals_line,
)
from release_assets.summary import markdown
from release_assets.summary.page import Page
from release_assets.summary.tables import add_checksums, add_plan, add_results

_MAX_OPEN_ERRORS = 5  # more are folded
_MAX_WARNINGS = 20
_MAX_BYTES_WITH_ERRORS = 300_000  # leaves room for the results of the files


def job_summary(outcome: Outcome, explained_at: str = "") -> str:
    """Return the job summary, cut to the size that the runner accepts.

    explained_at: address of the page that explains each error under its title, if known.
    """
    page = Page()
    page.add(f"### {_headline(outcome)}", "", *_totals(outcome), "")
    _add_errors(page, [_error(error, explained_at) for error in outcome.errors])
    page.add(
        *(f"> ⚠️ {markdown.sentence(warning)}\n" for warning in outcome.warnings[:_MAX_WARNINGS])
    )
    page.add(*_draft_lines(outcome), *_immutable_lines(outcome))
    if outcome.planned_only and outcome.plan:
        add_plan(page, outcome.plan)
    else:
        add_results(page, outcome.results)
        page.add(*_pruned_lines(outcome))
        add_checksums(page, asset_digests(outcome))
    return page.text()


def _headline(outcome: Outcome) -> str:
    release = outcome.release
    tag = release.tag if release else outcome.tag or ""
    name = markdown.link(tag, release.html_url) if release else markdown.escaped(tag)
    icon, state = _state(outcome)
    return f"{icon} Release {name}".rstrip() + f": {state}"


def _totals(outcome: Outcome) -> Iterator[str]:
    if outcome.planned_only and outcome.plan:
        if outcome.release_plan and outcome.release_plan.writes:
            yield f"Release: {markdown.sentence(release_line(outcome.release_plan))}."
            yield ""
        yield f"{markdown.escaped(plan_total(outcome.plan))}."
        if outcome.cost:
            yield f"{markdown.escaped(cost_line(outcome.cost))}."
    else:
        yield markdown.escaped(totals_line(outcome))


def _state(outcome: Outcome) -> tuple[str, str]:
    """Return an icon, and words for the state of the release after the run."""
    release = outcome.release
    if any(isinstance(error, CancelledRunError) for error in outcome.errors):
        return "🛑", f"cancelled; {_changes(outcome)}"
    if outcome.errors:
        return "❌", f"failed; {_changes(outcome)}"
    if outcome.planned_only:
        return "📋", "dry run; nothing was changed"
    if outcome.skipped:
        return "⏭️", "already exists; nothing was changed"
    if release is None:
        return "➖", "not created"
    kind = "prerelease" if release.prerelease else "public"
    if outcome.published:
        return "🎉", "published as a prerelease" if release.prerelease else "published"
    if release.draft and outcome.missing:
        return "⏳", "a draft, not complete yet"
    if release.draft:
        return "📝", "a draft"
    if outcome.edited:
        return "✏️", f"{kind}, edited"
    return "✅", kind if outcome.changed else f"{kind}, nothing to do"


def _changes(outcome: Outcome) -> str:
    """Return what a run that failed leaves of the release."""
    if not outcome.changed:
        return "nothing was changed"
    if outcome.release is None:
        return "some changes were made"
    return f"the release is {'a draft' if outcome.release.draft else 'public'}"


def _add_errors(page: Page, errors: Sequence[str]) -> None:
    for error in errors[:_MAX_OPEN_ERRORS]:
        page.add(*page.fitting([error], _MAX_BYTES_WITH_ERRORS))
    more = errors[_MAX_OPEN_ERRORS:]
    if more:
        kept = page.fitting(more, _MAX_BYTES_WITH_ERRORS)
        noun = "problem" if len(more) == 1 else "problems"
        page.add("<details>", f"<summary>and {len(more)} more {noun}</summary>", "", *kept)
        if len(kept) < len(more):
            page.add(f"… and {len(more) - len(kept)} more; the log lists them all.", "")
        page.add("</details>", "")


def _error(error: ReleaseAssetsError, explained_at: str) -> str:
    # GitHub derives the anchor of a heading from its text in this way.
    address = f"{explained_at}#{error.title.lower().replace(' ', '-')}"
    lines = [f"> ❌ **{markdown.link(error.title, address)}**: {markdown.sentence(error.what)}"]
    if error.where:
        lines.append(f"> <br>Where: {markdown.sentence(error.where)}")
    if error.fix:
        lines.append(f"> <br>To fix: {markdown.sentence(error.fix)}")
    return "\n".join([*lines, ""])


def _draft_lines(outcome: Outcome) -> Iterator[str]:
    """Yield lines about a draft: what is missing, and who can see it."""
    release = outcome.release
    if release is None or not release.draft or outcome.planned_only:
        return
    if outcome.missing:
        yield f"The release stays a draft. Still missing: {_names(outcome.missing)}"
    elif not outcome.errors:
        yield "Only people who can write to the repository can see a draft and its assets."
    yield ""


def _immutable_lines(outcome: Outcome) -> Iterator[str]:
    """Yield lines about an immutable release: how everyone can verify it."""
    release = outcome.release
    if release is None or not release.immutable or release.draft or outcome.planned_only:
        return
    command = f"gh release verify {shlex.quote(release.tag)}"
    yield f"The release is immutable. To verify it: <code>{markdown.escaped(command)}</code>"
    yield ""


def _names(names: Sequence[str]) -> str:
    return text.shortened_list([f"<code>{markdown.escaped(name)}</code>" for name in names])


def _pruned_lines(outcome: Outcome) -> Iterator[str]:
    if outcome.pruned:
        yield f"Deleted: {_names([asset.name for asset in outcome.pruned])}"
        yield ""
