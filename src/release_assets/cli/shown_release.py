"""What `list` and `view` share: their options, and a release with its assets as text."""

import argparse
from collections.abc import Callable, Iterator, Sequence

from release_assets import text
from release_assets.cli.documents import (
    RELEASE_FIELDS,
    asset_document,
    release_document,
)
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import name_assets, read_target_or_latest
from release_assets.cli.options import add_access, add_arguments, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.table import table_lines
from release_assets.cli.terminal import TerminalReporter
from release_assets.escape import harmless
from release_assets.github import GitHub
from release_assets.inputs import ReleaseRef
from release_assets.models import Asset, Release
from release_assets.names import parse_swap_name

FIELDS = (*RELEASE_FIELDS, "assets", "errors")

Show = Callable[[Release, Sequence[Asset], CommandReport], None]
"""Adds the lines of a release and of its assets, sorted by name, to the report."""

_DIGEST_DIGITS = 12


def add_options(parser: argparse.ArgumentParser, show: Show) -> None:
    """Add the options of a command that shows one release."""
    add_arguments(parser, "The tag of the release (default: the latest release)")
    add_release(parser)
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=lambda options: _run(options, show))


def _run(options: argparse.Namespace, show: Show) -> int:
    """Show the release, and return the exit code."""

    def perform(
        ref: ReleaseRef, github: GitHub, _reporter: TerminalReporter, report: CommandReport
    ) -> None:
        release, unsorted = get_release(ref, github)
        assets = sorted(unsorted, key=lambda asset: (asset.name.lower(), asset.name))
        documents = [asset_document(asset) for asset in assets]
        report.document = release_document(release) | {"assets": documents}
        show(release, assets, report)

    name_assets(options)
    errors = _too_many_errors(options.assets)
    return run_command(options, read_target_or_latest, perform, usage_errors=errors)


def _too_many_errors(assets: Sequence[str]) -> Sequence[UsageError]:
    """Return an error if there are arguments beside the tag."""
    if not assets:
        return []
    shown = " ".join(assets)
    return [UsageError(f"one tag is enough, and {shown!r} is given too", fix="leave it out")]


def asset_table(assets: Sequence[Asset]) -> list[str]:
    """Return the lines of a table of assets; none without assets."""
    head = ("NAME", "SIZE", "SHA-256", "STATE", "LABEL")
    return list(table_lines(head, list(_rows(assets)), right="SIZE")) if assets else []


def _rows(assets: Sequence[Asset]) -> Iterator[tuple[str, ...]]:
    for asset in assets:
        digest = asset.digest.removeprefix("sha256:")[:_DIGEST_DIGITS] if asset.digest else "-"
        state = "swap" if asset.is_complete and parse_swap_name(asset.name) else asset.state
        name, label = (
            harmless(asset.name, one_line=True),
            harmless(asset.label or "", one_line=True),
        )
        yield (name, text.size(asset.size), digest, state, label)


def flags(release: Release) -> list[str]:
    """Return what is special about a release; nothing for one that is simply published."""
    all_flags = {
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
    }
    return [name for name, is_set in all_flags.items() if is_set]
