"""The outcome of a run -> log lines, outputs and annotations. Pure."""

import json
from collections import Counter
from collections.abc import Sequence

from release_assets import text
from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, NotStartedError, ReleaseAssetsError
from release_assets.models import Result
from release_assets.plan import Replace, Restore
from release_assets.report.outcome import Outcome
from release_assets.report.plan_report import plan_document

_TRANSFERRED = {"uploaded", "replaced"}
_FROM_FILE = {*_TRANSFERRED, "unchanged"}
_MIN_SIZE_FOR_RATE = 1024 * 1024  # bytes; for less, latency determines the rate
MAX_MESSAGE = 4096
"""Characters of an annotation, at most; GitHub cuts the rest.

Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs
"""


def result_line(result: Result) -> str:
    """Return a line about the result of a file."""
    name = result.asset.name if result.asset else result.file.name
    line = f"{result.status} {name}, {text.size(result.file.size)}"
    if result.status in _TRANSFERRED:
        line += f" in {text.seconds(result.seconds)}"
        if result.seconds > 0 and result.file.size >= _MIN_SIZE_FOR_RATE:
            line += f", {text.size(int(result.file.size / result.seconds))}/s"
    if result.digest:
        line += f", {result.digest}"
    if result.error is not None:
        line += f": {result.error.what}"
    return line


def status_word(result: Result) -> str:
    """Return the word for the result of a file; not every file without an asset has failed."""
    if isinstance(result.error, NotStartedError):
        return "not started"
    return "cancelled" if isinstance(result.error, CancelledRunError) else result.status


def totals_line(outcome: Outcome) -> str:
    """Return a line that sums up the run."""
    if outcome.planned_only:
        return "dry run: nothing was changed"
    if outcome.skipped:
        return "skipped: the release exists, and nothing was changed"
    counts = Counter(map(status_word, outcome.results))
    parts = [f"{count} {name}" for name, count in counts.items()]
    if outcome.pruned:
        parts.append(f"{len(outcome.pruned)} deleted")
    size = _bytes_sent(outcome)
    sent = f"{text.size(size)} sent" if size else "nothing sent"
    calls = [f"with {text.count(outcome.calls, 'call')} to GitHub"] if outcome.calls else []
    return ", ".join([*parts, f"{sent} in {text.seconds(outcome.seconds)}", *calls])


def _bytes_sent(outcome: Outcome) -> int:
    """Return the bytes that this run uploaded, without those that an earlier run staged."""
    steps = list(outcome.plan.steps) if outcome.plan else []
    not_uploaded = {
        step.file.name
        for step in steps
        if isinstance(step, Restore) or (isinstance(step, Replace) and step.staged is not None)
    }
    return sum(
        result.file.size
        for result in outcome.results
        if result.status in _TRANSFERRED and result.file.name not in not_uploaded
    )


def step_outputs(outcome: Outcome) -> dict[str, str]:
    """Return all outputs but `checksums-file`, even if the run failed."""
    release = outcome.release
    published = [result for result in outcome.results if result.asset is not None]
    urls = [result.asset.browser_download_url for result in published if result.asset]
    names = [result.asset.name for result in published if result.asset]
    return {
        "release-id": str(release.id) if release else "",
        "tag": release.tag if release else outcome.tag or "",
        "release-url": release.html_url if release else "",
        "upload-url": release.upload_url if release else "",
        "published": _boolean(outcome.published),
        "draft": _boolean(release.draft) if release else "",
        "immutable": _boolean(release is not None and release.immutable),
        "missing": "\n".join(outcome.missing),
        "changed": _boolean(outcome.changed),
        "assets": _json([_asset(result) for result in outcome.results]),
        "asset-urls": _json(dict(zip(names, urls, strict=True))),
        "urls": "\n".join(urls),
        "url": urls[0] if len(urls) == 1 else "",
        "plan": _json(plan_document(outcome)),
    }


def asset_digests(outcome: Outcome) -> list[tuple[str, Digest]]:
    """Return asset name and digest of each file of this run that is on the release.

    Skipped files are left out, since their assets have other content.
    """
    return [
        (result.asset.name, result.digest)
        for result in outcome.results
        if result.asset is not None and result.status in _FROM_FILE and result.digest is not None
    ]


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _json(value: object) -> str:
    # ASCII only: no character of a foreign name can act on a terminal or a log viewer.
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
        # None unless GitHub reports it, or the asset was read back.
        "digest": asset.digest if asset else None,
        "content_type": asset.content_type if asset else file.content_type,
        "result": result.status,
    }


def annotation(errors: Sequence[ReleaseAssetsError]) -> tuple[str, str]:
    """Return title and message of the annotation with all errors, as far as they fit."""
    if len(errors) == 1:
        return errors[0].title, _cut(str(errors[0]), MAX_MESSAGE)
    titles = list(dict.fromkeys(error.title for error in errors))
    title = titles[0] if len(titles) == 1 else f"{len(errors)} problems"
    items = [f"- {error}" for error in errors]
    message = "\n".join(items)
    if len(message) <= MAX_MESSAGE:
        return title, message
    max_item = MAX_MESSAGE // 2  # so that there is room for another error
    shown: list[str] = []
    for number, item in enumerate(items):
        rest = f"- and {len(items) - number} more: the log above and the job summary list them all"
        if len("\n".join([*shown, _cut(item, max_item), rest])) > MAX_MESSAGE:
            return title, "\n".join([*shown, rest])
        shown.append(_cut(item, max_item))
    return title, "\n".join(shown)


def is_annotation_cut(errors: Sequence[ReleaseAssetsError]) -> bool:
    """Say whether the errors do not fit in one annotation."""
    return sum(len(f"- {error}\n") for error in errors) > MAX_MESSAGE


def _cut(message: str, max_length: int) -> str:
    return message if len(message) <= max_length else f"{message[: max_length - 1]}…"
