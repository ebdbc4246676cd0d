"""`verify`: checks that a release holds exactly what is named, and changes nothing."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from release_assets import text
from release_assets.cli.documents import RELEASE_FIELDS, Document, release_document
from release_assets.cli.errors import ReleaseDiffersError, UsageError
from release_assets.cli.inputs import name_files, read_inputs
from release_assets.cli.options import (
    add_access,
    add_arguments,
    add_inputs,
    add_output,
    add_release,
)
from release_assets.cli.run import CommandReport, get_release, run_command
from release_assets.cli.table import table_lines
from release_assets.cli.terminal import TerminalReporter
from release_assets.cli.verification import (
    Check,
    WantedAsset,
    assets_without_digest,
    verify_assets,
)
from release_assets.digest import Digest, parse_checksum_lines
from release_assets.files import MIB, decode_text, find_files, hash_files, read_bytes
from release_assets.github import GitHub, download_digest
from release_assets.inputs import Inputs
from release_assets.models import Asset, LocalFile, Release
from release_assets.names import asset_name

TITLE = "check that a release holds exactly these files"

EXAMPLES = """\
examples:
  # The release has exactly these files, with the same content
  release-assets verify v1.2.0 'dist/*'

  # The release has exactly the assets of a list of checksums
  release-assets verify v1.2.0 --checksums SHA256SUMS

  # These files, and whatever other jobs have built for Windows
  release-assets verify v1.2.0 'dist/*' --expect '*-windows-*.zip'

Nothing is changed. Exit code 0 means: nothing is missing, incomplete, different or unexpected.
If GitHub reports no digest of an asset, the asset is downloaded to compute it. Standard output
gets a line for each asset."""

FIELDS = (*RELEASE_FIELDS, "verified", "checks", "errors")

_MAX_LIST_BYTES = 16 * MIB


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of verify."""
    add_arguments(
        parser,
        "The tag of the release, and local files that it must hold, as for publish",
    )
    add_release(parser)
    group = parser.add_argument_group("what the release must hold")
    group.add_argument(
        "--checksums",
        dest="checksum_list",
        metavar="FILE",
        help="File with a line for each asset, as `sha256sum` writes it. It may be an asset itself.",
    )
    add_inputs(group, ("expect", "manifest", "working-directory"))
    add_access(parser)
    add_output(parser, FIELDS)
    # Otherwise no files would be an error.
    parser.set_defaults(run=run, publish="never")


def run(options: argparse.Namespace) -> int:
    """Verify the release, and return the exit code."""
    verification = _Verification(options.checksum_list)
    name_files(options)
    errors = tuple(_usage_errors(options))
    return run_command(options, read_inputs, verification.perform, usage_errors=errors)


def _usage_errors(options: argparse.Namespace) -> Iterator[UsageError]:
    given = (options.files, options.manifest, options.checksum_list, options.expect)
    if not any(given):
        yield UsageError(
            "nothing says what the release must hold",
            fix="name files, or give --checksums FILE or --expect PATTERN",
        )


class _Verification:
    """A run of `verify`."""

    def __init__(self, checksum_list: str | None) -> None:
        self._checksum_list = checksum_list

    def perform(
        self, inputs: Inputs, github: GitHub, reporter: TerminalReporter, report: CommandReport
    ) -> None:
        """Verify the release. Raises: ReleaseDiffersError, ReleaseAssetsError."""
        wanted = _wanted_files(find_files(inputs).files)
        checksums = _ChecksumList(self._checksum_list) if self._checksum_list else None
        wanted += checksums.listed() if checksums else ()
        release, assets = get_release(inputs.release_ref, github)
        report.document = release_document(release)
        names = {asset.name for asset in assets} - {one.name for one in wanted}
        if checksums and checksums.itself.name in names:
            wanted.append(checksums.itself)
        read_back = _read_back(assets_without_digest(wanted, assets), github, reporter)
        checks = verify_assets(wanted, inputs.expect, assets, read_back)
        faults = [check for check in checks if check.verdict != "ok"]
        report.document |= {
            "verified": not faults,
            "checks": [_check_document(check) for check in checks],
        }
        report.lines = list(_check_lines(checks))
        if faults:
            raise ReleaseDiffersError(release.tag, _summary(faults), release.html_url)
        report.closing = (_closing(release, len(checks)),)


class _ChecksumList:
    """The list of checksums in a file, which is read once."""

    def __init__(self, path: str) -> None:
        """Read the file. Raises: InputFileError."""
        self._path = path
        self._content = read_bytes("--checksums", Path(path), _MAX_LIST_BYTES)

    @property
    def itself(self) -> WantedAsset:
        """The list as an asset, which the release may have."""
        digest = Digest.of(sha256(self._content))
        return WantedAsset(name=_base_name(self._path), digest=digest, source=self._path)

    def listed(self) -> Iterator[WantedAsset]:
        """Yield what the list names. Raises: UsageError, InputFileError."""
        where = f"--checksums {self._path}"
        try:
            lines = parse_checksum_lines(
                decode_text("--checksums", Path(self._path), self._content)
            )
        except ValueError as error:
            fix = "give a file that `sha256sum` has written"
            raise UsageError(f"the list is not readable: {error}", where=where, fix=fix) from None
        if not lines:
            raise UsageError("the list is empty", where=where, fix="give a list with lines")
        for name, digest in lines:
            yield WantedAsset(name=_base_name(name), digest=digest, source=self._path)


def _base_name(path: str) -> str:
    """Return the name that an asset has whose file is at a path."""
    return asset_name(path.replace("\\", "/").rpartition("/")[2])


def _wanted_files(files: Sequence[LocalFile]) -> list[WantedAsset]:
    """Return the files with their digests. Raises: FileRefusedError, FileChangedError."""
    return [
        WantedAsset(name=file.name, digest=digest, source=file.shown)
        for file, digest in zip(files, hash_files(files), strict=True)
    ]


def _read_back(
    assets: Sequence[Asset], github: GitHub, reporter: TerminalReporter
) -> dict[int, Digest]:
    """Return the digests of assets by id, after downloading them. Raises: GitHubError."""
    digests = {}
    for asset in assets:
        reporter.line(f"downloading {asset.name}, because GitHub reports no digest of it")
        digests[asset.id] = download_digest(asset, github)
    return digests


def _check_lines(checks: Iterable[Check]) -> Iterator[str]:
    rows = [
        (check.verdict, check.name, check.digest or "", _wanted_text(check)) for check in checks
    ]
    head = ("CHECK", "NAME", "DIGEST", "EXPECTED")
    columns = len(head) if any(row[-1] for row in rows) else len(head) - 1
    yield from table_lines(head[:columns], [row[:columns] for row in rows])


def _wanted_text(check: Check) -> str:
    """Return what was expected, where it differs."""
    if check.wanted is None or check.verdict == "ok":
        return ""
    return f"{check.wanted.digest} ({check.wanted.source})"


def _check_document(check: Check) -> Document:
    wanted, asset = check.wanted, check.asset
    return {
        "name": check.name,
        "verdict": check.verdict,
        "size": asset.size if asset else None,
        "digest": check.digest,
        "expectedDigest": wanted.digest if wanted else None,
        "source": wanted.source if wanted else None,
    }


def _summary(faults: Sequence[Check]) -> str:
    """Return the names by verdict, such as `1 missing (a.zip), 2 different (b.zip and c.zip)`."""
    counts = Counter(check.verdict for check in faults)
    return ", ".join(
        f"{count} {verdict} "
        f"({text.shortened_list([c.name for c in faults if c.verdict == verdict], 5)})"
        for verdict, count in counts.items()
    )


def _closing(release: Release, count: int) -> str:
    draft = " (a draft)" if release.draft else ""
    return f"{release.tag}{draft} holds exactly {text.count(count, 'asset')}: {release.html_url}"
