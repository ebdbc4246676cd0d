"""`list`: what is on a release."""

import argparse
from collections.abc import Iterator, Sequence

from actions_toolkit.command import harmless
from release_assets import text
from release_assets.cli import table
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import (
    CommandReport,
    asset_document,
    find,
    release_document,
    run_command,
)
from release_assets.cli.terminal import TerminalReporter
from release_assets.github import GitHub
from release_assets.inputs import Inputs
from release_assets.models import Asset, Release
from release_assets.names import parse_swap_name

TITLE = "show what is on a release"

EXAMPLES = """\
examples:
  release-assets list --tag v1.2.0
  release-assets list -R cli/cli --tag v2.80.0

  # A list that `sha256sum -c` reads
  release-assets list --tag v1.2.0 --json |
    jq -r '.assets[] | select(.digest) | (.digest | ltrimstr("sha256:")) + "  " + .name'

SHA-256 shows the first digits, `-` where GitHub tells none; --json has them all. STATE is
`uploaded`, `starter` for an upload that has not ended, or `swap` for what belongs to a
replacement that is under way or was broken off."""

_SHORT = 12  # digits of a digest


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of list."""
    add_release(parser)
    add_access(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the assets, and return the exit code."""
    return run_command(options, _list)


def table_of(assets: Sequence[Asset]) -> list[str]:
    """Return a table of assets; nothing for none."""
    head = ("NAME", "SIZE", "SHA-256", "STATE", "LABEL")
    return list(table.lines(head, list(_rows(assets)), right="SIZE")) if assets else []


def _rows(assets: Sequence[Asset]) -> Iterator[tuple[str, ...]]:
    for asset in assets:
        digest = asset.digest.removeprefix("sha256:")[:_SHORT] if asset.digest else "-"
        state = "swap" if asset.is_complete and parse_swap_name(asset.name) else asset.state
        name, label = (
            harmless(asset.name, one_line=True),
            harmless(asset.label or "", one_line=True),
        )
        yield (name, text.size(asset.size), digest, state, label)


def headline(release: Release, assets: Sequence[Asset]) -> str:
    """Return the line about the release as a whole."""
    kinds = ("draft", release.draft), ("prerelease", release.prerelease)
    command_report = [kind for kind, holds in (*kinds, ("immutable", release.immutable)) if holds]
    kind = f" ({', '.join(command_report)})" if command_report else ""
    total = text.size(sum(asset.size for asset in assets))
    count = f"{len(assets)} asset{'s' * (len(assets) != 1)}"
    return f"{release.tag}{kind}: {count}, {total}: {release.html_url}"


def _list(
    inputs: Inputs, github: GitHub, _reporter: TerminalReporter, command_report: CommandReport
) -> None:
    release, found = find(inputs, github)
    assets = sorted(found, key=lambda asset: (asset.name.lower(), asset.name))
    command_report.document = {
        "release": release_document(release),
        "assets": [asset_document(asset) for asset in assets],
    }
    command_report.lines = table_of(assets)
    command_report.closing = headline(release, assets)
