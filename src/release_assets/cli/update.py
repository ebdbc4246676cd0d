"""`update`: changes the name or label of an asset."""

import argparse
from collections.abc import Iterator

from release_assets import text
from release_assets.cli.asset_changes import find_asset, update_errors
from release_assets.cli.documents import RELEASE_FIELDS, asset_document, release_document
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import name_assets, read_target
from release_assets.cli.options import add_access, add_arguments, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.errors import raise_all
from release_assets.github import GitHub, NameTakenError
from release_assets.inputs import ReleaseRef
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.plan import STALE_SWAP_SECONDS, AssetRefusedError

TITLE = "rename an asset, or change its label"

EXAMPLES = """\
examples:
  release-assets update v1.2.0 app.zip --name app-linux.zip
  release-assets update v1.2.0 app-linux.zip --label 'App for Linux'
  release-assets update v1.2.0 app-linux.zip --label ''    # remove the label

The release page shows the label instead of the name; it can be any text. Renaming breaks links
to the old name. Standard output gets the download URL."""

FIELDS = (*RELEASE_FIELDS, "asset", "changed", "errors")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of update."""
    add_arguments(parser, "The tag of the release, then the name of the asset")
    add_release(parser)
    group = parser.add_argument_group("changes")
    group.add_argument("--name", metavar="NAME", help="New name.")
    group.add_argument("--label", metavar="TEXT", help="New label; '' removes it")
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Update the asset, and return the exit code."""
    name_assets(options)
    update = _Update(asset_name="".join(options.assets[:1]), name=options.name, label=options.label)
    errors = tuple(_usage_errors(options))
    return run_command(options, read_target, update.perform, usage_errors=errors)


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    if len(options.assets) != 1:
        yield UsageError(
            f"update changes one asset, and {text.count(len(options.assets), 'asset')} are named",
            fix="name the tag, then the asset",
        )
    if options.name is None and options.label is None:
        yield UsageError("nothing says what to change", fix="give --name NAME or --label TEXT")
    if options.name == "":
        yield UsageError("--name is empty", fix="give the new name")
    for option, value in (("--name", options.name), ("--label", options.label)):
        if not text.is_utf8(value or ""):
            yield UsageError(f"{option} is {value!r}, which is not UTF-8", fix="give text in UTF-8")


@dataclass(frozen=True, kw_only=True)
class _Update:
    """The asset to change, and its new name and label; None for what stays."""

    asset_name: str
    name: str | None
    label: str | None

    def perform(
        self, ref: ReleaseRef, github: GitHub, reporter: TerminalReporter, report: CommandReport
    ) -> None:
        """Update the asset. Raises: ReleaseAssetsError."""
        release, assets = get_release(ref, github)
        asset = find_asset(self.asset_name, assets, release.html_url)
        report.document = release_document(release) | {"asset": asset_document(asset)}
        active_since = github.session.server.now() - STALE_SWAP_SECONDS
        raise_all(list(update_errors(asset, self.name, release, assets, active_since)))
        name = None if self.name == asset.name else self.name
        label = None if self.label == (asset.label or "") else self.label
        report.document["changed"] = False
        updated = asset
        if name is not None or label is not None:
            updated = _update(asset, name, label, github)
            report.document |= {"asset": asset_document(updated), "changed": True}
        for line in _change_lines(asset, updated, name, label):
            reporter.line(line)
        report.lines = [updated.browser_download_url]


def _change_lines(
    before: Asset, after: Asset, name: str | None, label: str | None
) -> Iterator[str]:
    """Yield what was changed. name, label: what was sent; None: not sent."""
    if name is not None:
        yield f"renamed {before.name} to {after.name}"
    if label is not None:
        yield f"label {before.label or ''!r} is now {after.label or ''!r}"
    if name is None and label is None:
        yield f"{before.name} is like that already; nothing was changed"


def _update(asset: Asset, name: str | None, label: str | None, github: GitHub) -> Asset:
    try:
        return github.update_asset(asset, name=name, label=label)
    except NameTakenError as error:
        raise AssetRefusedError(
            f"another asset got the name `{name}` in the meantime",
            where=error.where,
            fix="see `release-assets list`, and give another name",
        ) from error
