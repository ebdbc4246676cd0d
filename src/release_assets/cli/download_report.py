"""The report of `download`: the file list, the totals and the errors."""

from collections.abc import Mapping, Sequence

from release_assets import text
from release_assets.cli.run import CommandReport
from release_assets.download import DownloadResult
from release_assets.errors import CancelledRunError, NotStartedError, ReleaseAssetsError


def finish_report(report: CommandReport, *, results: Mapping[int, DownloadResult]) -> None:
    """Fill in the report with the results of all downloads, by the index of their step."""
    finished = in_order(results)
    report.lines = [str(one.path) for one in finished if one.status != "failed"]
    if report.document:
        report.document["files"] = [_file_document(one) for one in finished]
    if finished:
        report.closing = (_totals_line(finished),)


def in_order(results: Mapping[int, DownloadResult]) -> list[DownloadResult]:
    """Return the results in the order of the steps."""
    return [results[index] for index in sorted(results)]


def download_errors(results: Sequence[DownloadResult]) -> Sequence[ReleaseAssetsError]:
    """Return the errors of all downloads; a cancellation is reported once."""
    errors = [one.error for one in results if one.error is not None]
    cancelled = [error for error in errors if isinstance(error, CancelledRunError)]
    others = [
        error for error in errors if not isinstance(error, CancelledRunError | NotStartedError)
    ]
    if cancelled:
        others.append(
            CancelledRunError(
                "the download was cancelled before it was complete",
                fix="run the command again: it continues where it stopped",
            )
        )
    return others


def _totals_line(results: Sequence[DownloadResult]) -> str:
    counts = {
        status: sum(one.status == status for one in results)
        for status in ("downloaded", "unchanged")
    }
    failed = sum(one.status == "failed" for one in results)
    size = sum(one.asset.size for one in results if one.status == "downloaded")
    line = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    line += f"{', ' if line else ''}{failed} failed" if failed else ""
    return f"{line}, {text.size(size) if size else 'nothing downloaded'}"


def _file_document(result: DownloadResult) -> dict[str, object]:
    return {
        "name": result.asset.name,
        "path": str(result.path),
        "size": result.asset.size,
        "digest": result.digest,
        "verified": result.verified,
        "resumedAt": result.resumed_at,
        "result": result.status,
    }
