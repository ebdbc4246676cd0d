"""`delete`: assets off a release, after a question."""

import argparse
from collections.abc import Sequence

from release_assets.cli.errors import UsageError
from release_assets.cli.list_assets import table_of
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import (
    CommandReport,
    asset_document,
    find,
    release_document,
    run_command,
)
from release_assets.cli.terminal import TerminalReporter, agrees, can_ask
from release_assets.errors import CancelledRunError, ReleaseAssetsError, raise_all
from release_assets.github import GitHub, TransientError
from release_assets.inputs import Inputs
from release_assets.models import Asset
from release_assets.plan import STALE_SWAP_SECONDS, AssetRefusedError, delete_errors, select_assets
from release_assets.publish import FATAL_ERRORS
from release_assets.stop import Stop

TITLE = "delete assets of a release"

EXAMPLES = """\
examples:
  release-assets delete app-old.zip --tag v1.2.0
  release-assets delete 'nightly-2026*' '!*-12-31*' --tag nightly --dry-run
  release-assets delete 'nightly-2026*' '!*-12-31*' --tag nightly --yes

Deleting cannot be taken back. To replace an asset use `publish --overwrite true`, which deletes
the old one last. Assets of a replacement that may be under way are refused. Standard output
gets the names of what was deleted."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of delete."""
    parser.add_argument(
        "assets",
        nargs="+",
        metavar="ASSET",
        help="names or patterns of assets; `!pattern` leaves out",
    )
    add_release(parser)
    group = parser.add_argument_group("how")
    group.add_argument("-y", "--yes", action="store_true", help="do not ask")
    group.add_argument("--dry-run", action="store_true", help="only show what would be deleted")
    add_access(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Delete, and return the exit code."""
    only_shows = options.dry_run
    options.dry_run = ""  # as an input it would be true or false
    usage = []
    if all(pattern.startswith("!") for pattern in options.assets):
        usage.append(
            UsageError(
                "`!` says what to leave, and nothing says what to delete",
                fix="name what to delete, or '*' for all else",
            )
        )
    if not options.yes and not only_shows and not can_ask():
        usage.append(
            UsageError(
                "there is nobody to ask: this is no terminal",
                fix="give --yes to delete without a question, or --dry-run to look first",
            )
        )

    def command(
        inputs: Inputs, github: GitHub, reporter: TerminalReporter, command_report: CommandReport
    ) -> None:
        release, assets = find(inputs, github)
        command_report.document = {"release": release_document(release), "deleted": []}
        chosen = select_assets(options.assets, assets, release.html_url)
        alive_since = github.session.server.now() - STALE_SWAP_SECONDS
        against = delete_errors(chosen.assets, release, assets, alive_since)
        raise_all([*chosen.errors, *against])
        if only_shows:
            command_report.lines = table_of(chosen.assets)
            command_report.closing = (
                f"{_count(chosen.assets)} would be deleted; nothing was changed"
            )
            command_report.document["would_delete"] = [
                asset_document(asset) for asset in chosen.assets
            ]
            return
        if not options.yes:
            reporter.shows(*table_of(chosen.assets))
        what = f"{_count(chosen.assets)} of {release.tag} in {inputs.repository}"
        if not options.yes and not _agrees(f"Delete {what}?", github.session.stop):
            raise AssetRefusedError(
                "nothing was deleted: the answer was not yes",
                fix="answer `yes`, or give --yes to delete without a question",
            )
        deleted: list[Asset] = []
        try:
            _delete_all(chosen.assets, release.id, github, reporter, deleted)
        finally:
            command_report.document["deleted"] = [asset_document(asset) for asset in deleted]
            command_report.lines = [asset.name for asset in deleted]
            command_report.closing = f"{_count(deleted)} deleted"

    return run_command(options, command, wrong_usage=tuple(usage))


def _agrees(question: str, stop: Stop) -> bool:
    try:
        return agrees(question, stop)
    except CancelledRunError:
        raise CancelledRunError("nothing was deleted: no answer was given", fix="") from None


def _delete_all(
    assets: Sequence[Asset],
    release_id: int,
    github: GitHub,
    reporter: TerminalReporter,
    deleted: list[Asset],
) -> None:
    """Delete one after the other; a failure does not keep the others from it, unless it is sure to.

    Raises: ReleaseAssetsError, Faults.
    """
    faults: list[ReleaseAssetsError] = []
    for asset in assets:
        github.session.stop.check()
        try:
            _delete(asset, release_id, github)
        except ReleaseAssetsError as fault:
            faults.append(fault)
            if isinstance(fault, FATAL_ERRORS):
                break
        else:
            deleted.append(asset)
            digest = f", {asset.digest}" if asset.digest else ""
            reporter.line(f"deleted {asset.name}, id {asset.id}{digest}")
    raise_all(faults)


def _delete(asset: Asset, release_id: int, github: GitHub) -> None:
    try:
        github.delete_asset(asset.id)
    except TransientError:
        # The answer may be lost alone: look.
        if any(asset.id == other.id for other in github.list_assets(release_id)):
            raise


def _count(assets: Sequence[Asset]) -> str:
    return f"{len(assets)} asset{'s' * (len(assets) != 1)}"
