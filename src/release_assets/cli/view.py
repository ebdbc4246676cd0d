"""`view`: shows a release with its notes and assets."""

import argparse
from collections.abc import Iterator, Sequence

from release_assets.cli import shown_release
from release_assets.cli.run import CommandReport
from release_assets.cli.shown_release import asset_table, flags
from release_assets.models import Asset, Release

TITLE = "show a release with its notes and assets"

EXAMPLES = """\
examples:
  release-assets view              # the latest release
  release-assets view v1.2.0
  release-assets view v1.2.0 --json tagName,isDraft,assets
  release-assets view v1.2.0 --jq .body > notes.md"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of view."""
    shown_release.add_options(parser, _show)


def _show(release: Release, assets: Sequence[Asset], report: CommandReport) -> None:
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
