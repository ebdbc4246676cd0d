"""`download`: downloads assets of a release to the disk, or one to standard output."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from release_assets import text
from release_assets.cli.documents import RELEASE_FIELDS, release_document
from release_assets.cli.download_report import download_errors, finish_report, in_order
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import name_assets, read_target_or_latest
from release_assets.cli.options import add_access, add_arguments, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.selection import select_assets
from release_assets.cli.terminal import TerminalReporter
from release_assets.download import (
    DownloadResult,
    DownloadStep,
    Fetch,
    NameRules,
    Refuse,
    bad_name_errors,
    check_free_space,
    create_directory,
    fetch_all,
    fetch_to_stream,
    plan_downloads,
)
from release_assets.errors import raise_all
from release_assets.github import GitHub
from release_assets.inputs import ReleaseRef
from release_assets.light_dataclasses import dataclass, field
from release_assets.models import Asset, Release
from release_assets.names import parse_swap_name

TITLE = "download assets of a release"

EXAMPLES = """\
examples:
  # All assets of the latest release
  release-assets download

  # All assets, to a directory
  release-assets download v1.2.0 --dir dist

  # Some assets, by name and pattern
  release-assets download v1.2.0 SHA256SUMS '*.{deb,rpm}' '!*-debug*'

  # One asset, to a file of your choice or to a pipe
  release-assets download v1.2.0 app-linux.tar.gz --output app.tar.gz
  release-assets download v1.2.0 app-linux.tar.gz --output - | tar -xz

If a download is interrupted, run the command again to resume it. Until a file is complete and
has the digest that GitHub reports, its name is `NAME.….part`. A file that is already there with
the same content is not downloaded again. Standard output gets the paths."""

FIELDS = (*RELEASE_FIELDS, "files", "errors")

_STDOUT = "-"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of download."""
    add_arguments(
        parser,
        "The tag of the release (default: the latest release), then names or patterns of assets; "
        "`!pattern` excludes (default: all)",
    )
    add_release(parser)
    parser.add_argument(
        *("-p", "--pattern"),
        action="append",
        default=[],
        metavar="PATTERN",
        help="The same as an argument: a name or pattern of assets; repeat the option for more",
    )
    group = parser.add_argument_group("destination")
    group.add_argument("-D", "--dir", metavar="PATH", help="Directory to write to (default: .)")
    group.add_argument(
        "-O", "--output", metavar="PATH", help="File for a single asset, `-` for standard output"
    )
    group.add_argument(
        *("--overwrite", "--clobber"),
        action="store_true",
        help="Replace existing files that have different content.",
    )
    group.add_argument(
        "--concurrency",
        metavar="NUMBER",
        help="Maximum number of simultaneous downloads: a number, or `auto`, which starts at 8 (default: auto)",
    )
    add_access(parser)
    add_output(parser, FIELDS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Download assets, and return the exit code."""
    name_assets(options)
    download = _Download(
        patterns=(*options.assets, *options.pattern) or ("*",),
        output=options.output,
        directory=options.dir,
        overwrite=options.overwrite,
    )
    return run_command(
        options,
        read_target_or_latest,
        download.perform,
        partial(finish_report, results=download.results),
        usage_errors=tuple(_usage_errors(options)),
    )


@dataclass(frozen=True, kw_only=True)
class _Download:
    """The assets to download, where to write them, and the results so far."""

    patterns: tuple[str, ...]
    output: str | None
    directory: str | None
    overwrite: bool
    results: dict[int, DownloadResult] = field(default_factory=dict)  # by the index of the step

    def perform(
        self, ref: ReleaseRef, github: GitHub, reporter: TerminalReporter, report: CommandReport
    ) -> None:
        """Download the assets. Raises: ReleaseAssetsError."""
        release, assets = get_release(ref, github)
        report.document = release_document(release) | {"files": []}
        selected = _select(self.patterns, assets, release, reporter)
        if self.output is not None and len(selected) != 1:
            raise _not_one_asset_error(selected)
        if self.output == _STDOUT:
            report.closing = (_write_to_stdout(selected[0], github, reporter),)
            return
        steps = self._plan(selected)
        sizes = [step.asset.size for step in steps if isinstance(step, Fetch)]
        reporter.start_progress(len(sizes), sum(sizes))
        names = [asset.name for asset in assets]
        fetch_all(release, steps, github, reporter, self.results, names)
        raise_all(download_errors(in_order(self.results)))

    def _plan(self, selected: Sequence[Asset]) -> Sequence[DownloadStep]:
        """Return the steps for the assets, once their directories exist and have the space.

        Raises: ReleaseAssetsError.
        """
        targets = self._targets(selected)
        directories = {create_directory(path.parent) for _, path in targets}
        steps = plan_downloads(targets, overwrite=self.overwrite)
        raise_all([step.error for step in steps if isinstance(step, Refuse)])
        for directory in directories:
            check_free_space(steps, directory)
        return steps

    def _targets(self, selected: Sequence[Asset]) -> list[tuple[Asset, Path]]:
        """Return each asset with the path of its file.

        Raises: ReleaseAssetsError for asset names that cannot be file names.
        """
        if self.output is not None:
            return [(selected[0], Path(self.output))]
        windows = sys.platform == "win32"
        rules = NameRules(windows=windows, ignores_case=windows or sys.platform == "darwin")
        raise_all(list(bad_name_errors(selected, rules)))
        return [(asset, Path(self.directory or ".", asset.name)) for asset in selected]


def _write_to_stdout(asset: Asset, github: GitHub, reporter: TerminalReporter) -> str:
    """Write an asset to standard output, and return the closing line of the report."""
    reporter.start_progress(1, asset.size)
    result = fetch_to_stream(asset, sys.stdout.buffer, github, reporter)
    return f"{result.asset.name}, {text.size(result.asset.size)}, {result.digest}"


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    if options.output is not None and options.dir is not None:
        yield UsageError("--dir and --output are both given", fix="give one of them")
    if options.output and Path(options.output).is_dir():
        yield UsageError(
            f"--output {options.output} is a directory",
            fix=f"give --dir {options.output}, or --output {Path(options.output, 'FILE')}",
        )
    if options.output == _STDOUT and (options.json is not None or options.jq is not None):
        yield UsageError(
            "--output - writes the asset to standard output, where --json writes the document",
            fix="give a file with --output, or leave out --json and --jq",
        )
    if options.output == _STDOUT and sys.stdout.isatty():
        yield UsageError(
            "standard output is a terminal, and the bytes of an asset could change its settings",
            fix="send it to a pipe or a file, or give --output FILE",
        )


def _select(
    patterns: Sequence[str], assets: Sequence[Asset], release: Release, reporter: TerminalReporter
) -> tuple[Asset, ...]:
    """Return the assets that match; warn about incomplete uploads that are not named exactly."""
    selection = select_assets(patterns, assets, release.html_url)
    raise_all(selection.errors)
    selected = []
    for asset in selection.assets:
        if asset.is_complete or asset.name in patterns:
            selected.append(asset)
        else:
            reporter.warning("Left out", f"the upload of {asset.name} is not complete")
    left_out = [asset for asset in assets if parse_swap_name(asset.name) and asset not in selected]
    if left_out:
        reporter.warning(
            "Left out",
            f"{text.count(len(left_out), 'asset')} of a replacement that is running or was "
            "interrupted",
        )
    return tuple(selected)


def _not_one_asset_error(selected: Sequence[Asset]) -> UsageError:
    names = ", ".join(asset.name for asset in selected[:3]) + (", …" if len(selected) > 3 else "")
    return UsageError(
        f"--output is for one asset, and {text.count(len(selected), 'asset')} match"
        + (f": {names}" * bool(selected)),
        fix="name one asset, or give --dir for several",
    )
