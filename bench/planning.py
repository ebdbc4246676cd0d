"""Measures how long planning takes, and how that grows with the number of files."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from release_assets.digest import Digest
from release_assets.models import Asset, Fingerprint, LocalFile
from release_assets.plan.assets import files_to_hash, plan_assets
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Replace

SIZES = (250, 1000)


def table(repeats: int, quick: bool) -> Iterator[str]:
    """Yield a table: milliseconds by number of files, each of which replaces an asset."""
    yield "| planning | median ms | from, to |"
    yield "|---|---:|---|"
    for size in SIZES:
        files, assets, known = _case(size)
        milliseconds = []
        for _ in range(1 if quick else max(repeats, 5)):
            began = time.perf_counter()
            files_to_hash(files, assets, overwrite="true")
            made = plan_assets(files, assets, overwrite="true", known=known)
            milliseconds.append((time.perf_counter() - began) * 1000)
            if sum(isinstance(step, Replace) for step in made.steps) != size:
                raise AssertionError("every file differs from its asset")
        spread = f"{min(milliseconds):.1f} to {max(milliseconds):.1f}"
        median = statistics.median(milliseconds)
        yield f"| {size} files against {size} assets | {median:.1f} | {spread} |"


def _case(size: int) -> tuple[list[LocalFile], list[Asset], KnownDigests]:
    names = [f"app-{number}.tar.gz" for number in range(size)]
    files = [
        LocalFile(
            path=Path("/dist", name),
            shown=f"dist/{name}",
            requested_name=name,
            name=name,
            label=None,
            content_type="application/gzip",
            size=1000,
            fingerprint=Fingerprint(device=1, inode=number, size=1000, modified_ns=0, changed_ns=0),
        )
        for number, name in enumerate(names)
    ]
    assets = [
        Asset(
            id=number,
            name=name,
            label="",
            state="uploaded",
            size=1000,
            digest=Digest(f"sha256:{number:064x}"),
            content_type="application/gzip",
            url=f"https://api.github.com/{number}",
            browser_download_url=f"https://github.com/{name}",
            created_at="2026-01-01T00:00:00Z",
            updated_at="2026-01-01T00:00:00Z",
        )
        for number, name in enumerate(names)
    ]
    known = KnownDigests(local=dict.fromkeys(names, Digest(f"sha256:{'f' * 64}")))
    return files, assets, known
