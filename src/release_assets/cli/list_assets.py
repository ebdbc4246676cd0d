"""`list`: shows the assets of a release."""

import argparse
from collections.abc import Sequence

from release_assets import text
from release_assets.cli import shown_release
from release_assets.cli.run import CommandReport
from release_assets.cli.shown_release import asset_table, flags
from release_assets.models import Asset, Release

TITLE = "list the assets of a release"

EXAMPLES = """\
examples:
  release-assets list v1.2.0
  release-assets list -R cli/cli    # of the latest release

  # A list of checksums for `sha256sum -c`
  release-assets list v1.2.0 --json assets |
    jq -r '.assets[] | select(.digest) | (.digest | ltrimstr("sha256:")) + "  " + .name'

SHA-256 shows the first digits, or `-` if GitHub reports no digest; --json has all digits. STATE
is `uploaded`, `starter` for an upload that has not finished, or `swap` for an asset that takes
part in a running or interrupted replacement."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of list."""
    shown_release.add_options(parser, _show)


def _show(release: Release, assets: Sequence[Asset], report: CommandReport) -> None:
    report.lines = asset_table(assets)
    report.closing = (_release_line(release, assets),)


def _release_line(release: Release, assets: Sequence[Asset]) -> str:
    """Return a line with the state, the number of assets and the size of a release."""
    state = f" ({', '.join(flags(release))})" if flags(release) else ""
    total = text.size(sum(asset.size for asset in assets))
    return f"{release.tag}{state}: {text.count(len(assets), 'asset')}, {total}: {release.html_url}"
