"""`delete`: deletes assets of a release, after a confirmation."""

import argparse
from collections.abc import Iterator, Sequence

from release_assets import text
from release_assets.cli.asset_changes import delete_errors
from release_assets.cli.documents import RELEASE_FIELDS, asset_document, release_document
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import name_assets, read_target
from release_assets.cli.options import add_access, add_arguments, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.selection import select_assets
from release_assets.cli.shown_release import asset_table
from release_assets.cli.terminal import TerminalReporter, can_confirm, confirm
from release_assets.errors import CancelledRunError, ReleaseAssetsError, raise_all
from release_assets.github import GitHub, TransientError
from release_assets.inputs import ReleaseRef
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset, Release
from release_assets.plan import STALE_SWAP_SECONDS, AssetRefusedError
from release_assets.publish import FATAL_ERRORS
from release_assets.stop import Stop

TITLE = "delete assets of a release"

EXAMPLES = """\
examples:
  release-assets delete v1.2.0 app-old.zip
  release-assets delete nightly 'nightly-2026*' '!*-12-31*' --dry-run
  release-assets delete nightly 'nightly-2026*' '!*-12-31*' --yes

You cannot undo this. To replace an asset, use `publish --overwrite true`, which deletes the old
one last. Assets that take part in a replacement that may still be running are not deleted.
Standard output gets the names of the deleted assets."""

FIELDS = (*RELEASE_FIELDS, "deleted", "wouldDelete", "errors")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of delete."""
    add_arguments(
        parser,
        "The tag of the release, then names or patterns of assets; `!pattern` excludes",
    )
    add_release(parser)
    group = parser.add_argument_group("deletion")
    group.add_argument("-y", "--yes", action="store_true", help="Do not ask for confirmation.")
    group.add_argument(
        "--dry-run", action="store_true", help="Show what would be deleted, and delete nothing."
    )
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Delete assets, and return the exit code."""
    name_assets(options)
    deletion = _Deletion(
        patterns=options.assets, is_dry_run=options.dry_run, is_confirmed=options.yes
    )
    errors = tuple(_usage_errors(options))
    return run_command(options, read_target, deletion.perform, usage_errors=errors)


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    if all(pattern.startswith("!") for pattern in options.assets):
        yield UsageError(
            "nothing says which assets to delete",
            fix="name them after the tag; '*' stands for all that no `!pattern` excludes",
        )
    if not options.yes and not options.dry_run and not can_confirm():
        yield UsageError(
            "nobody can confirm the deletion, because this is no terminal",
            fix="give --yes to delete without a question, or --dry-run to look first",
        )


@dataclass(frozen=True, kw_only=True)
class _Deletion:
    """The assets to delete, and whether to delete them at all, or without a question."""

    patterns: Sequence[str]
    is_dry_run: bool
    is_confirmed: bool

    def perform(
        self, ref: ReleaseRef, github: GitHub, reporter: TerminalReporter, report: CommandReport
    ) -> None:
        """Delete the assets. Raises: ReleaseAssetsError."""
        release, assets = get_release(ref, github)
        report.document = release_document(release) | {"deleted": [], "wouldDelete": []}
        selected = _select(self.patterns, release, assets, github)
        if self.is_dry_run:
            _report_dry_run(selected, report)
            return
        if not self.is_confirmed:
            reporter.show_lines(*asset_table(selected))
            what = f"{text.count(len(selected), 'asset')} of {release.tag} in {github.repository}"
            _confirm(f"Delete {what}?", github.session.stop)
        _delete_and_report(selected, release, github, reporter, report)


def _report_dry_run(selected: Sequence[Asset], report: CommandReport) -> None:
    count = text.count(len(selected), "asset")
    report.lines = asset_table(selected)
    report.closing = (f"{count} would be deleted; nothing was changed",)
    report.document["wouldDelete"] = [asset_document(asset) for asset in selected]


def _delete_and_report(
    selected: Sequence[Asset],
    release: Release,
    github: GitHub,
    reporter: TerminalReporter,
    report: CommandReport,
) -> None:
    """Delete the assets, and report those that were deleted, even after an error.

    Raises: ReleaseAssetsError.
    """
    deleted: list[Asset] = []
    try:
        for asset in _delete_all(selected, release.id, github):
            deleted.append(asset)
            digest = f", {asset.digest}" if asset.digest else ""
            reporter.line(f"deleted {asset.name}, id {asset.id}{digest}")
    finally:
        _report_deleted(deleted, report)


def _report_deleted(deleted: Sequence[Asset], report: CommandReport) -> None:
    report.lines = [asset.name for asset in deleted]
    report.closing = (f"{text.count(len(deleted), 'asset')} deleted",)
    report.document["deleted"] = [asset_document(asset) for asset in deleted]


def _select(
    patterns: Sequence[str], release: Release, assets: Sequence[Asset], github: GitHub
) -> tuple[Asset, ...]:
    """Return the assets that match. Raises: ReleaseAssetsError if any cannot be deleted."""
    selection = select_assets(patterns, assets, release.html_url)
    active_since = github.session.server.now() - STALE_SWAP_SECONDS
    errors = delete_errors(selection.assets, release, assets, active_since)
    raise_all([*selection.errors, *errors])
    return selection.assets


def _confirm(question: str, stop: Stop) -> None:
    """Ask the user. Raises: AssetRefusedError or CancelledRunError without a yes."""
    try:
        answer = confirm(question, stop)
    except CancelledRunError:
        raise CancelledRunError("nothing was deleted: no answer was given", fix="") from None
    if not answer:
        raise AssetRefusedError(
            "nothing was deleted: the answer was not yes",
            fix="answer `y`, or give --yes to delete without a question",
        )


def _delete_all(assets: Sequence[Asset], release_id: int, github: GitHub) -> Iterator[Asset]:
    """Delete the assets one after another, and yield each one once it is deleted.

    Raises: ReleaseAssetsError, after the last asset unless it is a fatal one.
    """
    errors: list[ReleaseAssetsError] = []
    for asset in assets:
        github.session.stop.check()
        try:
            _delete(asset, release_id, github)
        except ReleaseAssetsError as error:
            errors.append(error)
            if isinstance(error, FATAL_ERRORS):
                break
        else:
            yield asset
    raise_all(errors)


def _delete(asset: Asset, release_id: int, github: GitHub) -> None:
    try:
        github.delete_asset(asset.id)
    except TransientError:
        # Perhaps only the response was lost: check whether the asset still exists.
        if any(asset.id == other.id for other in github.list_assets(release_id)):
            raise
