"""What was done -> Markdown, outputs, lines. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence

from release_assets import text
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Release, Result
from release_assets.outcome import Outcome
from release_assets.plan import (
    Keep,
    Plan,
    Refuse,
    Relabel,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
)

MAX_SUMMARY = 1_000_000
"""Bytes of a summary: below 1 MiB, at which the runner shows none.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

MAX_ROWS = 1000

_ACTIONS: Mapping[type[Step], str] = {
    Upload: "upload",
    Keep: "keep",
    Relabel: "relabel",
    Replace: "replace",
    Restore: "restore",
    Skip: "skip",
    Refuse: "refuse",
}

_MARKS = {
    "uploaded": "✅ uploaded",
    "replaced": "🔁 replaced",
    "unchanged": "✔️ unchanged",
    "skipped": "⏭️ skipped",
    "failed": "❌ failed",
    "planned": "📋 planned",
}


def action_of(step: Step) -> str:
    """Return the word for what a step does."""
    return _ACTIONS[type(step)]


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield a line for each step, and for each asset that will be deleted."""
    rows = [
        (
            action_of(step),
            step.file.name,
            text.size(step.file.size),
            f"from {step.file.shown}" if step.file.shown != step.file.name else "",
        )
        for step in plan.steps
    ]
    rows += [("prune", asset.name, text.size(asset.size), "") for asset in plan.prune]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for action, name, size, origin in rows:
        line = f"{action:{widths[0]}}  {name:{widths[1]}}  {size:>{widths[2]}}  {origin}"
        yield line.rstrip()


def result_line(result: Result) -> str:
    """Return the line that tells what became of a file."""
    name = result.asset.name if result.asset else result.file.name
    line = f"{result.name} {name}, {text.size(result.file.size)}"
    if result.name in {"uploaded", "replaced"}:
        line += f" in {text.seconds(result.seconds)}"
    if result.digest:
        line += f", {result.digest}"
    if result.error is not None:
        line += f": {result.error.what}"
    return line


def totals(outcome: Outcome) -> str:
    """Return the closing line."""
    counts: dict[str, int] = {}
    for result in outcome.results:
        counts[result.name] = counts.get(result.name, 0) + 1
    parts = [f"{count} {name}" for name, count in counts.items()]
    if outcome.pruned:
        parts.append(f"{len(outcome.pruned)} pruned")
    sent = sum(
        result.file.size for result in outcome.results if result.name in {"uploaded", "replaced"}
    )
    parts.append(f"{text.size(sent)} sent in {text.seconds(outcome.seconds)}")
    return ", ".join(parts)


def outputs(outcome: Outcome) -> dict[str, str]:
    """Return every output but `checksums-file`, also when the run failed."""
    release = outcome.release
    standing = [result for result in outcome.results if result.asset is not None]
    urls = [result.asset.browser_download_url for result in standing if result.asset]
    names = [result.asset.name for result in standing if result.asset]
    return {
        "release-id": str(release.id) if release else "",
        "tag": release.tag if release else outcome.tag or "",
        "release-url": release.html_url if release else "",
        "upload-url": release.upload_url if release else "",
        "published": _word(outcome.published),
        "changed": _word(outcome.changed),
        "assets": _json([_asset(result) for result in outcome.results]),
        "asset-urls": _json(dict(zip(names, urls, strict=True))),
        "urls": "\n".join(urls),
        "url": urls[0] if len(urls) == 1 else "",
        "plan": _json(_plan(outcome.plan)),
    }


def digests(outcome: Outcome) -> list[tuple[str, str]]:
    """Return name and `sha256:<hex>` of every asset of the set that stands, where known."""
    return [
        (result.asset.name, digest)
        for result in outcome.results
        if result.asset is not None
        and result.name != "planned"
        and (digest := result.asset.digest or result.digest) is not None
    ]


def _word(value: bool) -> str:
    return "true" if value else "false"


def _json(value: object) -> str:
    # ASCII: no character of a foreign name can mean anything to who reads a log.
    return json.dumps(value, separators=(",", ":"))


def _asset(result: Result) -> dict[str, object]:
    asset, file = result.asset, result.file
    return {
        "name": asset.name if asset else file.name,
        "requested_name": file.requested_name,
        "path": file.shown,
        "label": asset.label if asset else file.label,
        "id": asset.id if asset else None,
        "url": asset.url if asset else None,
        "browser_download_url": asset.browser_download_url if asset else None,
        "size": asset.size if asset else file.size,
        "digest": (asset.digest if asset else None) or result.digest,
        "content_type": asset.content_type if asset else file.content_type,
        "result": result.name,
    }


def _plan(plan: Plan | None) -> dict[str, object]:
    if plan is None:
        return {"steps": [], "prune": [], "refusals": []}
    return {
        "steps": [
            {
                "action": action_of(step),
                "name": step.file.name,
                "path": step.file.shown,
                "size": step.file.size,
            }
            for step in plan.steps
        ],
        "prune": [asset.name for asset in plan.prune],
        "refusals": [str(error) for error in plan.refusals],
    }


def annotation(errors: Sequence[ReleaseAssetsError]) -> tuple[str, str]:
    """Return title and message of the one annotation that tells all errors."""
    if len(errors) == 1:
        return errors[0].title, str(errors[0])
    titles = list(dict.fromkeys(error.title for error in errors))
    title = titles[0] if len(titles) == 1 else f"{len(errors)} problems"
    return title, "\n".join(f"- {error}" for error in errors)


def summary(outcome: Outcome) -> str:
    """Return the job summary in Markdown, cut where the runner would show none."""
    parts = [f"### {_headline(outcome)}\n"]
    for error in outcome.errors:
        parts.append(f"> ❌ **{text.markdown(error.title)}**: {text.prose(error.what)}")
        if error.where:
            parts.append(f"> <br>Where: {text.markdown(error.where)}")
        if error.fix:
            parts.append(f"> <br>To fix: {text.prose(error.fix)}")
        parts.append("")
    parts += [f"> ⚠️ {text.prose(warning)}\n" for warning in outcome.warnings]
    if outcome.awaited:
        awaited = ", ".join(text.markdown(name) for name in outcome.awaited)
        parts.append(f"Stays a draft until there is {awaited}.\n")
    parts += _table(outcome.results)
    if outcome.pruned:
        names = ", ".join(text.markdown(asset.name) for asset in outcome.pruned)
        parts.append(f"\nDeleted: {names}")
    parts.append(f"\n{text.markdown(totals(outcome))}\n")
    return _cut("\n".join(parts) + "\n")


def _headline(outcome: Outcome) -> str:
    release = outcome.release
    if release is None:
        return f"Release {text.markdown(outcome.tag or '')}".rstrip()
    return f"Release {text.link(release.tag, release.html_url)}{_state(release)}"


def _state(release: Release) -> str:
    return " (draft)" if release.draft else ""


def _table(results: Sequence[Result]) -> Iterator[str]:
    if not results:
        return
    yield "| Asset | Size | SHA-256 | Result |"
    yield "| :--- | ---: | :--- | :--- |"
    for result in results[:MAX_ROWS]:
        asset = result.asset
        name = asset.name if asset else result.file.name
        shown = text.link(name, asset.browser_download_url) if asset else text.markdown(name)
        digest = (asset.digest if asset else None) or result.digest
        short = f"<code>{text.markdown(digest[7:19])}…</code>" if digest else ""
        mark = _MARKS[result.name]
        yield f"| {shown} | {text.size(result.file.size)} | {short} | {mark} |"
    if len(results) > MAX_ROWS:
        yield f"\n… and {len(results) - MAX_ROWS} more; the `assets` output has them all."


def _cut(markdown: str) -> str:
    data = markdown.encode("utf-8", "replace")
    if len(data) <= MAX_SUMMARY:
        return markdown
    kept = data[:MAX_SUMMARY].decode("utf-8", "ignore")
    whole = kept[: kept.rfind("\n") + 1]
    return f"{whole}\nThe summary was cut here; the `assets` output has everything.\n"
