"""`update`: changes the name or label of an asset."""

import argparse
from collections.abc import Iterator
from functools import partial

from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import read_target
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import (
    CommandReport,
    asset_document,
    get_release,
    release_document,
    run_command,
)
from release_assets.cli.terminal import TerminalReporter
from release_assets.errors import raise_all
from release_assets.github import GitHub, NameTakenError
from release_assets.inputs import ReleaseRef
from release_assets.models import Asset
from release_assets.plan import STALE_SWAP_SECONDS, AssetRefusedError, find_asset, update_errors
from release_assets.text import is_utf8

TITLE = "rename an asset, or change its label"

EXAMPLES = """\
examples:
  release-assets update app.zip --tag v1.2.0 --name app-linux.zip
  release-assets update app-linux.zip --tag v1.2.0 --label 'App for Linux'
  release-assets update app-linux.zip --tag v1.2.0 --label ''    # no label any more

The label is what the release page shows in place of the name; it may hold any text. Renaming
breaks links to the old name. Standard output gets the download address."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of update."""
    parser.add_argument("asset", metavar="ASSET", help="name of the asset")
    add_release(parser)
    group = parser.add_argument_group("what changes")
    group.add_argument("--name", metavar="NAME", help="name that it is to have")
    group.add_argument("--label", metavar="TEXT", help="label that it is to have; '' for none")
    add_access(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Update the asset, and return the exit code."""
    command = partial(
        _run_update, asset_name=options.asset, new_name=options.name, new_label=options.label
    )
    return run_command(options, read_target, command, usage_errors=tuple(_usage_errors(options)))


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    if options.name is None and options.label is None:
        yield UsageError("nothing is to change", fix="give --name NAME or --label TEXT")
    if options.name == "":
        yield UsageError("--name is empty", fix="give the name that it is to have")
    for option, value in (("--name", options.name), ("--label", options.label)):
        if not is_utf8(value or ""):
            yield UsageError(f"{option} is {value!r}, which is not UTF-8", fix="give text in UTF-8")


def _run_update(
    ref: ReleaseRef,
    github: GitHub,
    reporter: TerminalReporter,
    report: CommandReport,
    *,
    asset_name: str,
    new_name: str | None,
    new_label: str | None,
) -> None:
    release, assets = get_release(ref, github)
    asset = find_asset(asset_name, assets, release.html_url)
    report.document = {
        "release": release_document(release),
        "asset": asset_document(asset),
    }
    active_since = github.session.server.now() - STALE_SWAP_SECONDS
    raise_all(list(update_errors(asset, new_name, release, assets, active_since)))
    name = None if new_name == asset.name else new_name
    label = None if new_label == (asset.label or "") else new_label
    report.document["changed"] = False
    if name is not None or label is not None:
        before, asset = asset, _update(asset, name, label, github)
        report.document |= {"asset": asset_document(asset), "changed": True}
        if name is not None:
            reporter.line(f"renamed {before.name} to {asset.name}")
        if label is not None:
            reporter.line(f"label {before.label or ''!r} is now {asset.label or ''!r}")
    else:
        reporter.line(f"{asset.name} has it already; nothing was changed")
    report.lines = [asset.browser_download_url]


def _update(asset: Asset, name: str | None, label: str | None, github: GitHub) -> Asset:
    try:
        return github.update_asset(asset, name=name, label=label)
    except NameTakenError as error:
        raise AssetRefusedError(
            f"the name `{name}` was taken meanwhile",
            where=error.where,
            fix="see `release-assets list`, and give another name",
        ) from error
