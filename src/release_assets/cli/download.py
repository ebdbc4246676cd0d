"""`download`: downloads assets of a release to the disk, or one to standard output."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from release_assets import text
from release_assets.cli.download_report import download_errors, finish_report, in_order
from release_assets.cli.errors import UsageError
from release_assets.cli.inputs import read_target
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import CommandReport, get_release, release_document, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.download import (
    DownloadResult,
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
from release_assets.models import Asset, Release
from release_assets.names import parse_swap_name
from release_assets.plan import select_assets

TITLE = "fetch assets of a release"

EXAMPLES = """\
examples:
  # All of them, into a directory
  release-assets download --tag v1.2.0 --dir dist

  # Some, by name and pattern
  release-assets download --tag v1.2.0 SHA256SUMS '*.{deb,rpm}' '!*-debug*'

  # One, under a name of one's own, or into a pipe
  release-assets download --tag v1.2.0 app-linux.tar.gz --output app.tar.gz
  release-assets download --tag v1.2.0 app-linux.tar.gz --output - | tar -xz

A download that is broken off goes on from where it was when the command is run again: until it
is whole and has the digest that GitHub reports, it is a file `NAME.….part` beside its place.
What is here already, byte for byte, is not fetched again. Standard output gets the paths."""

_STDOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The assets to download, and where to write them."""

    patterns: tuple[str, ...]
    output: str | None
    directory: str | None
    overwrite: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of download."""
    parser.add_argument(
        "assets",
        nargs="*",
        metavar="ASSET",
        help="names or patterns of assets; `!pattern` leaves out (default: all)",
    )
    add_release(parser)
    group = parser.add_argument_group("where to")
    group.add_argument("-D", "--dir", metavar="PATH", help="directory to put them in (default: .)")
    group.add_argument(
        "-O", "--output", metavar="PATH", help="file for a single asset, `-` for standard output"
    )
    group.add_argument(
        "--overwrite", action="store_true", help="replace files that are there with other content"
    )
    group.add_argument(
        "--concurrency",
        metavar="NUMBER",
        help="most simultaneous downloads: a number, or `auto`, which starts at 8 (default: auto)",
    )
    add_access(parser)
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Download assets, and return the exit code."""
    request = _Request(
        patterns=tuple(options.assets) or ("*",),
        output=options.output,
        directory=options.dir,
        overwrite=options.overwrite,
    )
    results: dict[int, DownloadResult] = {}
    return run_command(
        options,
        read_target,
        partial(_run_download, request=request, results=results),
        partial(finish_report, results=results),
        usage_errors=_usage_errors(options),
    )


def _run_download(
    ref: ReleaseRef,
    github: GitHub,
    reporter: TerminalReporter,
    report: CommandReport,
    *,
    request: _Request,
    results: dict[int, DownloadResult],
) -> None:
    release, assets = get_release(ref, github)
    report.document = {"release": release_document(release), "files": []}
    selected = _select(request.patterns, assets, release, reporter)
    if request.output is not None and len(selected) != 1:
        raise _not_one_asset_error(selected)
    if request.output == _STDOUT:
        reporter.start_progress(1, selected[0].size)
        result = fetch_to_stream(selected[0], sys.stdout.buffer, github, reporter)
        asset = result.asset
        report.closing = f"{asset.name}, {text.size(asset.size)}, {result.digest}"
        return
    targets = _targets(selected, request)
    directories = {create_directory(path.parent) for _, path in targets}
    steps = plan_downloads(targets, overwrite=request.overwrite)
    raise_all([step.error for step in steps if isinstance(step, Refuse)])
    sizes = [step.asset.size for step in steps if isinstance(step, Fetch)]
    for directory in directories:
        check_free_space(steps, directory)
    reporter.start_progress(len(sizes), sum(sizes))
    fetch_all(release, steps, github, reporter, results, [asset.name for asset in assets])
    raise_all(download_errors(in_order(results)))


def _usage_errors(options: argparse.Namespace) -> tuple[UsageError, ...]:
    errors = []
    if options.output is not None and options.dir is not None:
        errors.append(UsageError("--dir and --output are both given", fix="give one of them"))
    if options.output and Path(options.output).is_dir():
        errors.append(
            UsageError(
                f"--output {options.output} is a directory, and meant for a file",
                fix=f"give --dir {options.output}, or --output {Path(options.output, 'FILE')}",
            )
        )
    if options.output == _STDOUT and options.json:
        errors.append(
            UsageError(
                "--json and --output - both want standard output",
                fix="give a file with --output, or leave out --json",
            )
        )
    if options.output == _STDOUT and sys.stdout.isatty():
        errors.append(
            UsageError(
                "standard output is a terminal, which the bytes of an asset could disturb",
                fix="lead it into a pipe or a file, or give --output FILE",
            )
        )
    return tuple(errors)


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
            reporter.warning("Left out", f"{asset.name}: its upload has not ended")
    left_out = [asset for asset in assets if parse_swap_name(asset.name) and asset not in selected]
    if left_out:
        reporter.warning(
            "Left out", f"{len(left_out)} of a swap that is under way or was broken off"
        )
    return tuple(selected)


def _not_one_asset_error(selected: Sequence[Asset]) -> UsageError:
    names = ", ".join(asset.name for asset in selected[:3]) + (", …" if len(selected) > 3 else "")
    return UsageError(
        f"--output is for one asset, and {len(selected)} are meant"
        + (f": {names}" * bool(selected)),
        fix="name one asset, or give --dir for several",
    )


def _targets(selected: Sequence[Asset], request: _Request) -> list[tuple[Asset, Path]]:
    """Return each asset with the path of its file.

    Raises: ReleaseAssetsError for asset names that cannot be file names.
    """
    if request.output is not None:
        return [(selected[0], Path(request.output))]
    windows = sys.platform == "win32"
    rules = NameRules(windows=windows, ignores_case=windows or sys.platform == "darwin")
    raise_all(list(bad_name_errors(selected, rules)))
    return [(asset, Path(request.directory or ".", asset.name)) for asset in selected]
