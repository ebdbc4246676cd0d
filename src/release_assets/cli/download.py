"""`download`: assets of a release to the disk, or one to standard output."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from release_assets import text
from release_assets.cli.errors import UsageError
from release_assets.cli.options import add_access, add_output, add_release
from release_assets.cli.run import CommandReport, find, release_document, run_command
from release_assets.cli.terminal import TerminalReporter
from release_assets.download import (
    DownloadResult,
    Fetch,
    Refuse,
    System,
    bad_name_errors,
    check_room,
    directory_for,
    fetch_all,
    fetch_to_stream,
    in_order,
    look,
)
from release_assets.errors import CancelledRunError, NotBegunError, ReleaseAssetsError, raise_all
from release_assets.github import GitHub
from release_assets.inputs import Inputs
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
is whole and has the digest that GitHub tells, it is a file `NAME.….part` beside its place.
What is here already, byte for byte, is not fetched again. Standard output gets the paths."""

_STDOUT = "-"


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
    """Download, and return the exit code."""
    patterns, output = tuple(options.assets) or ("*",), options.output
    directory, overwrite = options.dir, options.overwrite
    options.overwrite = ""  # as an input it would be about what is on the release
    usage = _wrong_usage(options)
    done: dict[int, DownloadResult] = {}

    def command(
        inputs: Inputs, github: GitHub, reporter: TerminalReporter, command_report: CommandReport
    ) -> None:
        release, there = find(inputs, github)
        command_report.document = {"release": release_document(release), "files": []}
        chosen = _choose(patterns, there, release, reporter)
        if output is not None and len(chosen) != 1:
            raise _not_one(chosen)
        if output == _STDOUT:
            reporter.expect(1, chosen[0].size)
            found = fetch_to_stream(chosen[0], sys.stdout.buffer, github, reporter)
            command_report.closing = (
                f"{found.asset.name}, {text.size(found.asset.size)}, {found.digest}"
            )
            return
        targets = _targets(chosen, directory, output)
        parents = {directory_for(path.parent) for _, path in targets}
        steps = look(targets, overwrite=overwrite)
        raise_all([step.error for step in steps if isinstance(step, Refuse)])
        to_come = [step.asset.size for step in steps if isinstance(step, Fetch)]
        for parent in parents:
            check_room(steps, parent)
        reporter.expect(len(to_come), sum(to_come))
        fetch_all(release, steps, github, reporter, done, [asset.name for asset in there])
        raise_all(list(_failures(in_order(steps, done))))

    def resolve(command_report: CommandReport) -> None:
        found = [done[number] for number in sorted(done)]
        command_report.lines = [str(one.path) for one in found if one.name != "failed"]
        if command_report.document:
            command_report.document["files"] = [_file_document(one) for one in found]
        if found:
            command_report.closing = _closing(found)

    return run_command(options, command, resolve, wrong_usage=usage)


def _wrong_usage(options: argparse.Namespace) -> tuple[UsageError, ...]:
    faults = []
    if options.output is not None and options.dir is not None:
        faults.append(UsageError("--dir and --output are both given", fix="give one of them"))
    if options.output and Path(options.output).is_dir():
        faults.append(
            UsageError(
                f"--output {options.output} is a directory, and meant for a file",
                fix=f"give --dir {options.output}, or --output {Path(options.output, 'FILE')}",
            )
        )
    if options.output == _STDOUT and options.json:
        faults.append(
            UsageError(
                "--json and --output - both want standard output",
                fix="give a file with --output, or leave out --json",
            )
        )
    if options.output == _STDOUT and sys.stdout.isatty():
        faults.append(
            UsageError(
                "standard output is a terminal, which the bytes of an asset could disturb",
                fix="lead it into a pipe or a file, or give --output FILE",
            )
        )
    return tuple(faults)


def _choose(
    patterns: Sequence[str], there: Sequence[Asset], release: Release, reporter: TerminalReporter
) -> tuple[Asset, ...]:
    """Return the assets that are meant; an upload that a pattern happens to match is left out."""
    chosen = select_assets(patterns, there, release.html_url)
    raise_all(chosen.errors)
    taken = []
    for asset in chosen.assets:
        if asset.is_complete or asset.name in patterns:
            taken.append(asset)
        else:
            reporter.warning("Left out", f"{asset.name}: its upload has not ended")
    left = [asset.name for asset in there if parse_swap_name(asset.name) and asset not in taken]
    if left:
        reporter.warning("Left out", f"{len(left)} of a swap that is under way or was broken off")
    return tuple(taken)


def _not_one(chosen: Sequence[Asset]) -> UsageError:
    names = ", ".join(asset.name for asset in chosen[:3]) + (", …" if len(chosen) > 3 else "")
    return UsageError(
        f"--output is for one asset, and {len(chosen)} are meant" + (f": {names}" * bool(chosen)),
        fix="name one asset, or give --dir for several",
    )


def _targets(
    chosen: Sequence[Asset], directory: str | None, output: str | None
) -> list[tuple[Asset, Path]]:
    """Return each asset with the path where it is to stand.

    Raises: ReleaseAssetsError for names that must not become files.
    """
    if output is not None:
        return [(chosen[0], Path(output))]
    windows = sys.platform == "win32"
    system = System(windows=windows, folds_case=windows or sys.platform == "darwin")
    raise_all(list(bad_name_errors(chosen, system)))
    return [(asset, Path(directory or ".", asset.name)) for asset in chosen]


def _failures(found: Sequence[DownloadResult]) -> Sequence[ReleaseAssetsError]:
    """Return what went wrong, once where all were told to end."""
    errors = [one.error for one in found if one.error is not None]
    cancelled = [error for error in errors if isinstance(error, CancelledRunError)]
    others = [error for error in errors if not isinstance(error, CancelledRunError | NotBegunError)]
    if cancelled:
        others.append(
            CancelledRunError(
                "the download was cancelled before all was here",
                fix="run the command again: it goes on from where it was",
            )
        )
    return others


def _closing(found: Sequence[DownloadResult]) -> str:
    counts = {name: sum(one.name == name for one in found) for name in ("downloaded", "unchanged")}
    failed = sum(one.name == "failed" for one in found)
    size = sum(one.asset.size for one in found if one.name == "downloaded")
    line = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    line += f"{', ' if line else ''}{failed} failed" if failed else ""
    return f"{line}, {text.size(size) if size else 'nothing fetched'}"


def _file_document(found: DownloadResult) -> dict[str, object]:
    return {
        "name": found.asset.name,
        "path": str(found.path),
        "size": found.asset.size,
        "digest": found.digest,
        "verified": found.verified,
        "resumed_at": found.resumed_at,
        "result": found.name,
    }
