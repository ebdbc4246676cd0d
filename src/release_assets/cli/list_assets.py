"""`list`: shows the assets of a release."""

import argparse
from collections.abc import Iterator, Sequence

from actions_toolkit.command import harmless
from release_assets import text
from release_assets.cli.inputs import read_target
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import (
    CommandReport,
    asset_document,
    get_release,
    release_document,
    run_command,
)
from release_assets.cli.table import table_lines
from release_assets.cli.terminal import TerminalReporter
from release_assets.github import GitHub
from release_assets.inputs import ReleaseRef
from release_assets.models import Asset, Release
from release_assets.names import parse_swap_name

TITLE = "list the assets of a release"

EXAMPLES = """\
examples:
  release-assets list --tag v1.2.0
  release-assets list -R cli/cli --tag v2.80.0

  # A list of checksums for `sha256sum -c`
  release-assets list --tag v1.2.0 --json |
    jq -r '.assets[] | select(.digest) | (.digest | ltrimstr("sha256:")) + "  " + .name'

SHA-256 shows the first digits, or `-` if GitHub reports no digest; --json has all digits. STATE
is `uploaded`, `starter` for an upload that has not finished, or `swap` for an asset that takes
part in a running or interrupted replacement."""

_DIGEST_DIGITS = 12


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of list."""
    add_release(parser)
    add_access(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the assets, and return the exit code."""
    return run_command(options, read_target, _run_list)


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


def _release_line(release: Release, assets: Sequence[Asset]) -> str:
    """Return a line with the state, the number of assets and the size of a release."""
    flags = {
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
    }
    names = ", ".join(name for name, is_set in flags.items() if is_set)
    total = text.size(sum(asset.size for asset in assets))
    count = text.count(len(assets), "asset")
    return f"{release.tag}{f' ({names})' if names else ''}: {count}, {total}: {release.html_url}"


def _run_list(
    ref: ReleaseRef, github: GitHub, _reporter: TerminalReporter, report: CommandReport
) -> None:
    release, unsorted = get_release(ref, github)
    assets = sorted(unsorted, key=lambda asset: (asset.name.lower(), asset.name))
    report.document = {
        "release": release_document(release),
        "assets": [asset_document(asset) for asset in assets],
    }
    report.lines = asset_table(assets)
    report.closing = _release_line(release, assets)
