"""`list`: shows the assets of a release."""

import argparse
from collections.abc import Iterator, Sequence

from release_assets import text
from release_assets.cli.documents import (
    RELEASE_FIELDS,
    Document,
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

FIELDS = (*RELEASE_FIELDS, "assets", "errors")

_DIGEST_DIGITS = 12


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of list."""
    add_arguments(parser, "The tag of the release (default: the latest release)")
    add_release(parser)
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the assets, and return the exit code."""
    name_assets(options)
    errors = too_many_errors(options.assets)
    return run_command(options, read_target_or_latest, _run_list, usage_errors=errors)


def too_many_errors(assets: Sequence[str]) -> Sequence[UsageError]:
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


def release_line(release: Release, assets: Sequence[Asset]) -> str:
    """Return a line with the state, the number of assets and the size of a release."""
    state = f" ({', '.join(flags(release))})" if flags(release) else ""
    total = text.size(sum(asset.size for asset in assets))
    return f"{release.tag}{state}: {text.count(len(assets), 'asset')}, {total}: {release.html_url}"


def flags(release: Release) -> list[str]:
    """Return what is special about a release; nothing for one that is simply published."""
    all_flags = {
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
    }
    return [name for name, is_set in all_flags.items() if is_set]


def by_name(assets: Sequence[Asset]) -> list[Asset]:
    """Return assets sorted by name."""
    return sorted(assets, key=lambda asset: (asset.name.lower(), asset.name))


def document_with_assets(release: Release, assets: Sequence[Asset]) -> Document:
    """Return the document of `list` and `view`."""
    return release_document(release) | {"assets": [asset_document(asset) for asset in assets]}


def _run_list(
    ref: ReleaseRef, github: GitHub, _reporter: TerminalReporter, report: CommandReport
) -> None:
    release, unsorted = get_release(ref, github)
    assets = by_name(unsorted)
    report.document = document_with_assets(release, assets)
    report.lines = asset_table(assets)
    report.closing = (release_line(release, assets),)
