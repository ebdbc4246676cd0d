"""Digests -> a list that `sha256sum -c` reads."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from release_assets.digest import Digest
from release_assets.files.content import fingerprint_of
from release_assets.github.client import GitHub
from release_assets.github.read_back import download_digest
from release_assets.models import Asset, LocalFile
from release_assets.names import asset_name, marked


def lines(digests: Iterable[tuple[str, Digest]]) -> str:
    """Return a line for each name and digest, sorted by name.

    Source: https://www.gnu.org/software/coreutils/manual/html_node/cksum-output-modes.html
    """
    return "".join(f"{digest.hex}  {name}\n" for name, digest in sorted(digests))


@contextmanager
def release_list(
    name: str, assets: Sequence[Asset], known: dict[int, Digest], github: GitHub
) -> Iterator[LocalFile]:
    """Write the list of all complete assets but itself to a file, for as long as it is needed.

    known: asset id -> digest, of what this run has sent or compared. A digest that neither GitHub
    nor this run knows is found out by download, and put there.
    """
    final = asset_name(name)
    listed = [
        asset
        for asset in assets
        if asset.is_complete and marked(asset.name) is None and asset.name != final
    ]
    for asset in listed:
        if asset.digest is None and asset.id not in known:
            known[asset.id] = download_digest(asset, github)
    digests = [(asset.name, asset.digest or known[asset.id]) for asset in listed]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "checksums")
        path.write_text(lines(digests), encoding="utf-8", newline="\n")
        identity = fingerprint_of(path)
        yield LocalFile(
            path=path,
            shown=name,
            requested_name=name,
            name=final,
            label=None,
            content_type="text/plain",
            size=identity.size,
            fingerprint=identity,
        )
