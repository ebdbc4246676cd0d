"""`view`: shows a release with its notes and assets."""

import argparse
from collections.abc import Iterator

from release_assets.cli.documents import RELEASE_FIELDS
from release_assets.cli.inputs import name_assets, read_target_or_latest
from release_assets.cli.list_assets import (
    asset_table,
    by_name,
    document_with_assets,
    flags,
    too_many_errors,
)
from release_assets.cli.options import add_access, add_arguments, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.github import GitHub
from release_assets.inputs import ReleaseRef
from release_assets.models import Release

TITLE = "show a release with its notes and assets"

EXAMPLES = """\
examples:
  release-assets view              # the latest release
  release-assets view v1.2.0
  release-assets view v1.2.0 --json tagName,isDraft,assets
  release-assets view v1.2.0 --jq .body > notes.md"""

FIELDS = (*RELEASE_FIELDS, "assets", "errors")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of view."""
    add_arguments(parser, "The tag of the release (default: the latest release)")
    add_release(parser)
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the release, and return the exit code."""
    name_assets(options)
    errors = too_many_errors(options.assets)
    return run_command(options, read_target_or_latest, _view, usage_errors=errors)


def _view(
    ref: ReleaseRef, github: GitHub, _reporter: TerminalReporter, report: CommandReport
) -> None:
    release, unsorted = get_release(ref, github)
    assets = by_name(unsorted)
    report.document = document_with_assets(release, assets)
    report.lines = [*_facts(release)]
    if release.body.strip():
        report.lines += ["", *release.body.strip().splitlines()]
    if assets:
        report.lines += ["", *asset_table(assets)]


def _facts(release: Release) -> Iterator[str]:
    """Yield a line for each fact about a release, such as `tag: v1`."""
    facts = {
        "title": release.name or "",
        "tag": release.tag,
        "state": ", ".join(flags(release)) or "published",
        "author": release.author.login if release.author else "",
        "created": release.created_at,
        "published": release.published_at,
        "target": release.target,
        "url": release.html_url,
    }
    for name, value in facts.items():
        if value:
            yield f"{name + ':':<10} {value}"
